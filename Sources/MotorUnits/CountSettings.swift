import Decomposition

/// How identified active units are counted over a recording.
public struct CountSettings: Codable, Sendable, Equatable {
  /// Lengths of the windows in seconds; the counts of the first go into the registry.
  public var windowSeconds = [2.0, 1.0]
  /// Distance of the starts of neighbouring windows over their length.
  public var stepShare = 0.5
  /// Fewest discharges in a window of an active unit.
  public var fewestDischarges = 4
  /// Time before the first discharge that is no rest, in seconds.
  public var restMargin = 0.1
  /// Least rest that tells the power of the noise, in seconds.
  public var leastRest = 0.9
  /// Power over the mean of the recording below which it is a rest.
  public var restShare = 0.1
  /// Least share of the power above the noise for a share that units explain.
  public var leastActive = 0.05

  /// The default settings.
  public init() {}

  /// Reads stored settings; what is not there takes its default.
  ///
  /// - Throws: `DecodingError` where a value has another type.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(&windowSeconds, .windowSeconds)
    try read(&stepShare, .stepShare)
    try read(&fewestDischarges, .fewestDischarges)
    try read(&restMargin, .restMargin)
    try read(&leastRest, .leastRest)
    try read(&restShare, .restShare)
    try read(&leastActive, .leastActive)
  }

  /// How windows of a length are laid.
  public func windows(of seconds: Double) -> ActiveUnitCounts.Configuration {
    ActiveUnitCounts.Configuration(
      window: seconds, step: stepShare * seconds, fewestDischarges: fewestDischarges)
  }

  /// Counts over a recording of `duration` seconds, by the lengths of the windows.
  public func counts(
    trains: [SpikeTrain], duration: Double, power: PowerTrace? = nil
  ) -> [ActiveUnitCounts] {
    windowSeconds.map {
      ActiveUnitCounts(
        trains: trains, duration: duration, power: power, configuration: windows(of: $0),
        settings: self)
    }
  }

  /// Checks that the values make sense.
  ///
  /// - Throws: `DecompositionError.configuration` naming what does not.
  public func validate() throws {
    if windowSeconds.isEmpty || !windowSeconds.allSatisfy({ $0 >= 0.1 && $0 <= 3_600 }) {
      throw DecompositionError.configuration("windows of counts last 0.1 to 3600 s")
    }
    if stepShare <= 0 || fewestDischarges < 1 {
      throw DecompositionError.configuration("windows of counts must advance and hold discharges")
    }
  }
}
