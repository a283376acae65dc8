import Analyses
import Registry
import UnitNumber

/// A method that counts motor units from a table of stimulated responses and the CMAP of the same visit.
///
/// The one list of them: a further method is a case with its columns, its kind of measurement and its
/// estimate.
package enum StimulationMethod: String, CaseIterable, Sendable {
  /// Levels at one site (McComas 1971).
  case incremental
  /// Levels at several sites (Shefner 2011).
  case multipoint
  /// Single units at many sites (Brown 1976).
  case singleUnits
  /// Runs of equal stimuli (Daube 1995).
  case statistical

  /// Columns of its table of responses.
  package var columns: [String] {
    switch self {
    case .incremental: ["level_mV"]
    case .multipoint: ["site", "level_mV"]
    case .singleUnits: ["unit_uV"]
    case .statistical: ["run", "response_mV"]
    }
  }

  /// What it measures.
  package var kind: MeasurementKind {
    switch self {
    case .incremental: .incrementalUnitNumber
    case .multipoint: .multipointUnitNumber
    case .singleUnits: .singleUnitStimulationNumber
    case .statistical: .statisticalUnitNumber
    }
  }

  /// The estimate from a table, and the settings with it as JSON for the registry.
  ///
  /// - Throws: `UnitNumberError`.
  func estimate(
    _ table: ResponseTable, cmap: VisitCMAP
  ) throws -> (estimate: UnitNumberEstimate, parameters: String) {
    let millivolts = cmap.measures.amplitudeMillivolts
    let single = table.rows.map { $0[0] }
    switch self {
    case .incremental:
      var settings = IncrementalStimulation()
      settings.errors = cmap.errors
      return try Self.stored(
        settings, settings.estimate(levelsMillivolts: single, cmapMillivolts: millivolts))
    case .multipoint:
      var settings = MultipointIncrementalStimulation()
      settings.errors = cmap.errors
      return try Self.stored(
        settings,
        settings.estimate(siteLevelsMillivolts: table.groups, cmapMillivolts: millivolts))
    case .singleUnits:
      var settings = MultipointStimulation()
      settings.errors = cmap.errors
      return try Self.stored(
        settings, settings.estimate(unitsMicrovolts: single, cmapMillivolts: millivolts))
    case .statistical:
      var settings = StatisticalMUNE()
      settings.errors = cmap.errors
      settings.noiseMicrovolts = cmap.measures.noiseMicrovolts
      return try Self.stored(
        settings, settings.estimate(runsMillivolts: table.groups, cmapMillivolts: millivolts))
    }
  }

  private struct Parameters<Settings: Encodable>: Encodable {
    let settings: Settings
    let estimate: UnitNumberEstimate
  }

  private static func stored(
    _ settings: some Encodable, _ estimate: UnitNumberEstimate
  ) throws -> (UnitNumberEstimate, String) {
    (estimate, try StimulatedVisit.json(Parameters(settings: settings, estimate: estimate)))
  }
}
