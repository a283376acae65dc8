/// Discharge times of motor units that came with a recording: an expert's, a simulation's or
/// another program's.
public struct SpikeAnnotations: Hashable, Codable, Sendable {
  /// The discharges of one unit.
  public struct Train: Hashable, Codable, Sendable {
    /// The unit's name in the file.
    public var unit: String
    /// Discharge times in seconds after the first sample, ascending.
    public var times: [Double]
    /// Silhouette value that the file states, 0 to 1; nil where it states none.
    public var silhouette: Double?

    /// Makes a train; the times are sorted.
    public init(unit: String, times: [Double], silhouette: Double? = nil) {
      self.unit = unit
      self.times = times.sorted()
      self.silhouette = silhouette
    }

    /// The discharges as 0-based sample positions at a sampling rate in Hz.
    public func samples(samplingRate: Double) -> [Double] { times.map { $0 * samplingRate } }
  }

  /// Where the discharges come from, such as `EAF file R00108.eaf`.
  public var origin: String
  /// One train per unit, in the order of the file's unit names.
  public var trains: [Train]

  /// Makes annotations.
  public init(origin: String, trains: [Train]) {
    self.origin = origin
    self.trains = trains
  }

  /// Number of discharges of all units together.
  public var spikeCount: Int { trains.reduce(0) { $0 + $1.times.count } }
}
