/// What a channel holds.
public enum ChannelRole: String, CaseIterable, Codable, Sendable {
  /// An electromyogram: surface, grid, needle or fine wire.
  case emg
  /// Force or torque of the contraction.
  case force
  /// A trigger or stimulus marker.
  case trigger
  /// Anything else: target path, acceleration, angle, temperature.
  case auxiliary
  /// Firings stored in the file by another program or an expert: 1 at a discharge, else 0.
  case storedFirings
  /// A source signal (innervation pulse train) stored in the file by another program.
  case storedSource
}

/// One channel of a recording: what it is, in which unit, how its scale is known, and its rate.
public struct Channel: Hashable, Codable, Sendable {
  /// The name as the file gives it, trimmed; unnamed channels are numbered from 1.
  public var name: String
  /// What the channel holds.
  public var role: ChannelRole
  /// Unit of the values that `Recording.samples(channels:range:)` returns.
  public var unit: PhysicalUnit
  /// The unit in which the file stores the values, as `uV`, `mV` or `V` for voltages whatever their
  /// spelling, else that of `unit`.
  public var storedUnit: String
  /// Where the scale comes from, such as `EDF header`, `given unit mV`, `Description [uV]`.
  public var gainProvenance: String
  /// Sampling rate of this channel in Hz; rates may differ between channels and be fractional.
  public var samplingRate: Double
  /// Number of samples of this channel.
  public var sampleCount: Int
  /// Time of its first sample in seconds after the start of the recording.
  public var startSeconds: Double

  /// Makes a channel description.
  public init(
    name: String, role: ChannelRole, unit: PhysicalUnit, gainProvenance: String,
    samplingRate: Double, sampleCount: Int, startSeconds: Double = 0,
    storedUnit: String? = nil
  ) {
    self.storedUnit = storedUnit ?? unit.symbol
    self.name = name
    self.role = role
    self.unit = unit
    self.gainProvenance = gainProvenance
    self.samplingRate = samplingRate
    self.sampleCount = sampleCount
    self.startSeconds = startSeconds
  }

  /// Length of the channel in seconds of recorded signal.
  public var duration: Double { samplingRate > 0 ? Double(sampleCount) / samplingRate : 0 }
}
