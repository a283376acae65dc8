/// One motor unit found in a needle recording.
public struct NeedleUnit: Sendable, Equatable, Codable {
  /// Number of the unit in its recording, from 0, by first discharge.
  public var id: Int
  /// The discharges, at the energy peak of the filtered potential.
  public var train: SpikeTrain
  /// The potential in microvolts, channels x samples, averaged from the wide-band signal after the
  /// other units were subtracted; from the segment in which the unit fires most.
  public var template: MUAPTemplate
  /// Amplitude of each discharge relative to the template of its segment.
  public var amplitudes: [Float]
  /// Indices into the train of discharges that are the second of a doublet.
  public var doublets: [Int]
  /// Mean of a single inter-spike interval in seconds, missed discharges allowed for.
  public var meanInterval: Double
  /// Coefficient of variation of a single inter-spike interval, missed discharges allowed for.
  public var isiCoV: Double
  /// The share of intervals below the larger of 20 ms and 0.4 of the mean, doublets left out.
  public var shortIntervalShare: Double
  /// Discharges found over discharges expected while the unit is active.
  public var completeness: Double
  /// Nats for each interval by which the train is likelier than a random one.
  public var regularity: Double
  /// Template energy in the search band over the noise, the squared signal-to-noise ratio.
  public var energy: Double
  /// Peak-to-peak amplitude over the rms of the signal, both in the search band.
  public var amplitudeOverSignal: Double
  /// Median over discharges of the unexplained energy in the potential's core over its own.
  public var misfit: Double
  /// Robust standard deviation of the discharges' amplitudes relative to the template.
  public var amplitudeSpread: Double
  /// Squared distance to the most similar other template over the own energy, at most 1.
  public var separation: Double
  /// The expected rate of agreement with the true train, TP / (TP + FN + FP), calibrated on
  /// simulated recordings.
  public var predictedAgreement: Double
  /// Why the unit is tentative; empty where it is not.
  public var reservations: [String]

  /// Whether the unit should be looked at by an expert before it is used.
  public var isTentative: Bool { !reservations.isEmpty }
}

/// What a user should know about a needle decomposition as a whole.
public struct NeedleFlag: Sendable, Equatable, Codable {
  /// The kind of a flag.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Too much of the spikes' energy is left unexplained.
    case unexplainedSpikes
    /// More spikes overlap than can be told apart.
    case densePattern
    /// Samples at the limits of the input range.
    case saturation
    /// Samples that are not numbers, replaced by zero.
    case invalidSamples
    /// The recording is short for judging regularity.
    case shortRecording
    /// Trains that were not regular, or most probably no unit's, were discarded.
    case discardedTrains
    /// A sampling rate at which units of like shape are hard to tell apart.
    case lowSamplingRate
    /// Mains hum that was removed.
    case lineNoise
    /// Pulses, jumps and lost samples that were mended.
    case artefacts
  }

  /// The kind.
  public var kind: Kind
  /// One line with figures for the user.
  public var message: String
}

/// The decomposition of a needle recording.
public struct NeedleResult: Sendable, Equatable {
  /// The units by first discharge.
  public var units: [NeedleUnit]
  /// Remarks on the whole.
  public var flags: [NeedleFlag]
  /// Why no unit was returned; nil where there are units.
  public var refusal: String?
  /// The share of the energy of detected spikes that the units do not explain, 0...1.
  public var residualSpikeShare: Double
  /// Noise of each channel in the search band, in microvolts.
  public var noiseMicrovolts: [Float]
  /// Frequencies in Hz of mains hum that was removed.
  public var lineHarmonics: [Double]
  /// Detected spikes for each second.
  public var spikeRate: Double
  /// Limits of the segments in samples, each decomposed with templates of its own.
  public var segments: [Range<Int>]
  /// Sampling rate in Hz.
  public var samplingRate: Double
  /// Duration in seconds.
  public var duration: Double
  /// The settings that made it.
  public var configuration: NeedleConfiguration
  /// Wall time by stage.
  public var timings: [StageTiming]
  /// What is no muscle activity and was mended before the search, by its start.
  public var artefacts: [SignalArtefact] = []
  /// The channels as they were mended; nil where there was nothing to mend.
  package var mendedChannels: [[Float]]?
}
