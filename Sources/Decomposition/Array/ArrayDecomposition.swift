import Signal

/// What was found in one electrode-array recording.
public struct ArrayDecomposition: Sendable, Equatable {
  /// The identified motor units, by first discharge.
  ///
  /// They are those that the method can tell apart, not the motor units of the muscle.
  public internal(set) var units: [MotorUnit]
  /// Sampling rate of the recording in Hz; spike times and filters refer to it and `filterRate`.
  public let samplingRate: Double
  /// Samples of the recording.
  public let sampleCount: Int
  /// Rate in Hz at which the search ran and at which filters and templates are given.
  public let filterRate: Double
  /// Indices of the channels that were used.
  public let channels: [Int]
  /// The channels left out, with reasons.
  public let rejectedChannels: [RejectedChannel]
  /// What is no muscle activity and was mended before the search, by its start; channels are
  /// indices among those given.
  public internal(set) var artefacts: [SignalArtefact] = []
  /// Mains harmonics that were notched out, in Hz.
  public let notches: [Double]
  /// Residual power after joint subtraction of all units, as a share of the signal's power in the
  /// analysed band, 0...1.
  public let residualPowerShare: Double
  /// Power of signal and residual over time.
  public let power: PowerTrace
  /// Rounds that were run.
  public let roundCount: Int
  /// The configuration, complete enough to repeat the run.
  public let configuration: ArrayConfiguration
  /// Time spent in each stage, in the order in which they first ran.
  public let timings: [StageTiming]
}

/// Time spent in one stage.
public struct StageTiming: Sendable, Equatable, Codable {
  /// Name of the stage.
  public let stage: String
  /// Seconds of wall time.
  public internal(set) var seconds: Double
  /// Seconds of processor time of all threads.
  public internal(set) var processorSeconds: Double
}
