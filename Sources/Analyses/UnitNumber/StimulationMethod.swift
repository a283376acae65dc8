import MethodComparison
import UnitNumber

/// A method that counts motor units from a table of stimulated responses and the CMAP.
///
/// The one list of them. A further method is a case with its facts and its estimate here, a configuration in
/// `UnitNumber/Stimulation` and its kind of measurement in `MeasurementKind.known`: `motorpool mune`, `visit
/// add`, `simulate methods`, the settings and the registry know it.
package enum StimulationMethod: String, CaseIterable, Sendable {
  /// Levels at one site (McComas 1971).
  case incremental
  /// Levels at several sites (Shefner 2011).
  case multipoint
  /// Single units at many sites (Brown 1976).
  case singleUnits = "mps"
  /// Runs of equal stimuli (Daube 1995).
  case statistical

  /// What is told of a method, and what it needs.
  package struct Facts: Sendable {
    /// Columns of its table of responses.
    package let columns: [String]
    /// One line for help.
    package let summary: String
    /// What stands in the table and how the method errs, a sentence or two.
    package let explanation: String
    /// Name of a table in examples.
    package let example: String
    /// Identifier of what it measures, as the registry stores it.
    package let measure: String
    /// The setting below which responses do not count; nil where the method has none.
    package var least: String?
    /// The setting of the noise of a response; nil where the method does not need it.
    package var noise: String?
    /// What it varies between visits of people whose muscles do not change; nil where that is not known.
    package var retest: RetestVariation?
    /// How it is scored on simulated pools.
    package let onPools: PoolMethod
  }

  /// What is told of the method.
  package var facts: Facts {
    switch self {
    case .incremental:
      Facts(
        columns: ["level_mV"], summary: "Incremental stimulation at one site (McComas 1971).",
        explanation: "level_mV is the response after each further quantal increment, weakest "
          + "first, in mV from the baseline. Alternation of units makes the number too high.",
        example: "levels.csv", measure: "incremental-mune", least: "minimumIncrementMicrovolts",
        onPools: PoolMethod("incremental, 10 steps") { session in
          PoolResult(
            try IncrementalStimulation().estimate(
              levelsMillivolts: try session.levels(site: 0, count: 10),
              cmapMillivolts: try session.cmap().amplitudeMillivolts))
        })
    case .multipoint:
      Facts(
        columns: ["site", "level_mV"],
        summary: "Multipoint incremental stimulation (Shefner 2011).",
        explanation: "site is a number, the levels of a site are those after each further "
          + "increment, weakest first. The protocol has three sites of three increments.",
        example: "sites.csv", measure: "multipoint-mune", least: "minimumIncrementMicrovolts",
        retest: .multipoint,
        onPools: PoolMethod("multipoint, 3 x 3") { session in
          PoolResult(
            try MultipointIncrementalStimulation().estimate(
              siteLevelsMillivolts: try (0..<3).map { try session.levels(site: $0, count: 3) },
              cmapMillivolts: try session.cmap().amplitudeMillivolts))
        })
    case .singleUnits:
      Facts(
        columns: ["unit_uV"],
        summary: "Multipoint stimulation: lowest-threshold units along the nerve.",
        explanation: "unit_uV is the amplitude of each single unit in microvolts; 11 to 20 units "
          + "give a stable mean.",
        example: "units.csv", measure: "mps-mune", least: "minimumUnitMicrovolts",
        onPools: PoolMethod("single units, 12 sites") { session in
          PoolResult(
            try MultipointStimulation().estimate(
              unitsMicrovolts: try (0..<12).flatMap { try session.levels(site: $0, count: 1) }
                .map { 1000 * $0 },
              cmapMillivolts: try session.cmap().amplitudeMillivolts))
        })
    case .statistical:
      Facts(
        columns: ["run", "response_mV"],
        summary: "Statistical estimation from equal stimuli (Daube 1995).",
        explanation: "run is a number, the responses of a run are those to equal submaximal "
          + "stimuli, 20 or more. Unequal unit sizes make the number too low.",
        example: "runs.csv", measure: "statistical-mune", noise: "noiseMicrovolts",
        onPools: PoolMethod("statistical, 4 runs of 30") { session in
          var settings = StatisticalMUNE()
          settings.noiseMicrovolts = session.noiseMicrovolts
          return PoolResult(
            try settings.estimate(
              runsMillivolts: try session.equalStimuli(
                shares: [0.05, 0.15, 0.3, 0.5], responsesPerRun: 30),
              cmapMillivolts: try session.cmap().amplitudeMillivolts))
        })
    }
  }

  /// Its settings.
  var settingGroup: SettingGroup {
    switch self {
    case .incremental: SettingGroup(rawValue, Setting.incremental, IncrementalStimulation())
    case .multipoint: SettingGroup(rawValue, Setting.multipoint, MultipointIncrementalStimulation())
    case .singleUnits: SettingGroup(rawValue, Setting.singleUnits, MultipointStimulation())
    case .statistical: SettingGroup(rawValue, Setting.statistical, StatisticalMUNE())
    }
  }

  /// Columns of its table of responses.
  package var columns: [String] { facts.columns }

  /// The estimate from a table, with the settings that it was made with.
  ///
  /// - Parameters:
  ///   - cmapMillivolts: amplitude of the CMAP, baseline to negative peak.
  ///   - errors: error of the CMAP, bootstrap and seed.
  ///   - noiseMicrovolts: noise of a response, where it was measured.
  ///   - changes: settings that the user changed, in the group of the method's name.
  ///   - progress: what it throws ends the bootstrap.
  /// - Throws: `UnitNumberError`; `AnalysisError` for a change that makes no sense.
  package func estimate(
    _ table: ResponseTable, cmapMillivolts: Double, errors: UnitNumberErrorModel,
    noiseMicrovolts: Double? = nil, changes: ConfigurationChanges = ConfigurationChanges(),
    progress: AnalysisProgressHandler = { _ in }
  ) throws -> (estimate: UnitNumberEstimate, settings: any Encodable & Sendable) {
    let single = table.rows.map { $0[0] }
    func tell(_ share: Double) throws { try progress(AnalysisProgress(share)) }
    switch self {
    case .incremental:
      var settings = IncrementalStimulation()
      settings.errors = errors
      settings = try changes.applied(to: settings, group: rawValue)
      return (
        try settings.estimate(
          levelsMillivolts: single, cmapMillivolts: cmapMillivolts, progress: tell), settings
      )
    case .multipoint:
      var settings = MultipointIncrementalStimulation()
      settings.errors = errors
      settings = try changes.applied(to: settings, group: rawValue)
      let estimate = try settings.estimate(
        siteLevelsMillivolts: table.groups, cmapMillivolts: cmapMillivolts, progress: tell)
      return (estimate, settings)
    case .singleUnits:
      var settings = MultipointStimulation()
      settings.errors = errors
      settings = try changes.applied(to: settings, group: rawValue)
      return (
        try settings.estimate(
          unitsMicrovolts: single, cmapMillivolts: cmapMillivolts, progress: tell), settings
      )
    case .statistical:
      var settings = StatisticalMUNE()
      settings.errors = errors
      if let noiseMicrovolts { settings.noiseMicrovolts = noiseMicrovolts }
      settings = try changes.applied(to: settings, group: rawValue)
      let estimate = try settings.estimate(
        runsMillivolts: table.groups, cmapMillivolts: cmapMillivolts, progress: tell)
      return (estimate, settings)
    }
  }
}

extension PoolMethod {
  /// All methods that are scored on simulated pools, in the order of tables.
  public static let all: [PoolMethod] =
    ofRecordings + StimulationMethod.allCases.map(\.facts.onPools) + ofAverages

  /// The methods whose names begin with one of some texts, in capitals or not.
  package static func named(_ beginnings: [String]) -> [PoolMethod] {
    all.filter { method in
      beginnings.contains { method.name.lowercased().hasPrefix($0.lowercased()) }
    }
  }
}
