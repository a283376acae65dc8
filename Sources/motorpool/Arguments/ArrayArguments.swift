import Analyses
import ArgumentParser
import Decomposition
import MotorUnits
import Signal
import Terminal

/// Arguments of the decomposition of electrode arrays and needles.
struct ArrayArguments: ParsableArguments {
  @Option(
    help: """
      What the electrodes are: a needle (1 to 4 channels) or an array, surface or intramuscular; \
      auto takes 1 to 3 channels for a needle, more for a surface array.
      """)
  var electrodes: ElectrodeChoice = .auto

  @Option(help: "Seed of the random choices; the same seed gives the same result.")
  var seed: UInt64 = 1

  @OptionGroup var threads: ThreadArguments

  @Option(
    help: """
      How much work goes into units that others mask (arrays): thorough finds more of them and takes \
      two to five times as long as standard, the default.
      """)
  var effort: ArrayConfiguration.Effort?

  @Option(help: "Most rounds of the search (arrays).")
  var rounds: Int?

  @Option(name: .customLong("sil"), help: "Lowest silhouette value of an accepted unit (arrays).")
  var silhouette: Double?

  @Option(
    name: .customLong("band"), help: "Analysed band in Hz as LOW-HIGH, such as 20-500 (arrays).")
  var band: String?

  @OptionGroup var settings: ConfigurationArguments

  /// How long recordings are cut, by the settings.
  func segmentation() throws -> SegmentConfiguration {
    try checked(
      settings.changes().applied(to: SegmentConfiguration(), group: "segments")
    ) { try $0.validate() }
  }

  /// How active units are counted.
  func counting() throws -> CountSettings {
    try checked(settings.changes().applied(to: CountSettings(), group: "counts")) {
      try $0.validate()
    }
  }

  /// The settings of a needle decomposition.
  func needleConfiguration() throws -> NeedleConfiguration {
    try settings.changes().applied(to: NeedleConfiguration(), group: "needle")
  }

  /// The configuration these arguments ask for.
  func configuration() throws -> ArrayConfiguration {
    var configuration = ArrayConfiguration()
    configuration.electrodes = electrodes.array
    configuration.seed = seed
    if let effort { configuration.effort = effort }
    if let rounds { configuration.roundLimit = rounds }
    if let silhouette { configuration.silhouetteLimit = silhouette }
    if let band {
      let edges = band.split(separator: "-").map { Double($0) }
      guard edges.count == 2, let low = edges[0], let high = edges[1], low >= 0, high > low else {
        throw ValidationError("--band \(band): expected LOW-HIGH in Hz, such as 20-500")
      }
      configuration.lowEdge = low
      configuration.highEdge = high
    }
    return try checked(settings.changes().applied(to: configuration, group: "array")) {
      try $0.validate()
    }
  }

  /// A value that passes its own check; what it refuses are wrong arguments.
  private func checked<Value>(_ value: Value, by check: (Value) throws -> Void) throws -> Value {
    do {
      try check(value)
    } catch let error as DecompositionError {
      throw ValidationError(error.description)
    }
    return value
  }

  /// Refuses settings of what is no decomposition, which would be passed over.
  ///
  /// - Parameter further: groups that the command has besides.
  func requireDecompositionSettings(and further: [String] = []) throws {
    _ = try settings.changes(of: ["array", "segments", "needle"] + further)
  }

  /// The option for arrays that was given, if any.
  var arrayOption: String? {
    let given = [
      ("--effort", effort != nil), ("--rounds", rounds != nil), ("--sil", silhouette != nil),
      ("--band", band != nil),
    ]
    if let option = given.first(where: \.1)?.0 { return option }
    let changed = (try? settings.changes().groups) ?? []
    return changed.isDisjoint(with: ["array", "segments"]) ? nil : "a setting of array or segments"
  }

  /// Refuses options that a needle decomposition would pass over.
  func requireNeedleOptions(file: String) throws {
    guard let option = arrayOption else { return }
    throw Failure.Message(
      "\(file): \(option) is for arrays, and this recording is decomposed as a needle's; leave it "
        + "out, or state --electrodes surface or intramuscular", code: 64)
  }

  /// Refuses settings that an array decomposition would pass over.
  func requireArrayOptions(file: String) throws {
    guard try settings.changes().groups.contains("needle") else { return }
    throw Failure.Message(
      "\(file): a setting of needle was changed, and this recording is decomposed as an array's; "
        + "leave it out, or state --electrodes needle", code: 64)
  }
}

extension ElectrodeChoice: ExpressibleByArgument {}

extension ArrayConfiguration.Effort: ExpressibleByArgument {}
