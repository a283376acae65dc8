/// One identified motor unit: its discharges, its potential on every electrode, and how good it is.
public struct MotorUnit: Sendable, Equatable, Codable {
  /// Number of the unit in its recording, from 0, by recruitment (first discharge).
  public var id: Int
  /// The discharges.
  public var train: SpikeTrain
  /// The motor unit action potential on each electrode.
  public var template: MUAPTemplate
  /// Figures of merit.
  public var quality: UnitQuality
  /// The separation filter that found the unit; nil where a method has none.
  public var filter: SeparationFilter?

  /// A unit from its parts.
  public init(
    id: Int, train: SpikeTrain, template: MUAPTemplate, quality: UnitQuality,
    filter: SeparationFilter? = nil
  ) {
    self.id = id
    self.train = train
    self.template = template
    self.quality = quality
    self.filter = filter
  }
}

/// A motor unit action potential over the electrodes.
public struct MUAPTemplate: Sendable, Equatable, Codable {
  /// Potentials in microvolts, electrodes x samples; an electrode that was left out is empty.
  public var channels: [[Float]]
  /// Sampling rate of the template in Hz.
  public var samplingRate: Double
  /// The sample that stands at the discharge time.
  public var origin: Int

  /// A template from its parts.
  public init(channels: [[Float]], samplingRate: Double, origin: Int) {
    self.channels = channels
    self.samplingRate = samplingRate
    self.origin = origin
  }

  /// The largest peak-to-peak amplitude over the electrodes, in microvolts.
  public var peakToPeak: Float {
    channels.map { ($0.max() ?? 0) - ($0.min() ?? 0) }.max() ?? 0
  }
}

/// Figures of merit of one unit.
public struct UnitQuality: Sendable, Equatable, Codable {
  /// Silhouette value of the discharge peaks against the other peaks, 0...1.
  ///
  /// Source: Negro et al. 2016, J. Neural Eng. 13, eq. 11.
  public var silhouette: Double
  /// Pulse-to-noise ratio of the source in dB.
  ///
  /// Source: Holobar et al. 2014, J. Neural Eng. 11, eq. 8.
  public var pulseToNoise: Double
  /// Coefficient of variation of the inter-spike intervals, as a fraction; nil if too few.
  public var isiCoV: Double?
  /// Mean discharge rate while active, in Hz; nil with fewer than two discharges.
  public var meanRate: Double?
  /// Agreement of the train with the true one (TP / (TP + FP + FN)) as predicted from the other
  /// figures; nil where no prediction exists.
  public var predictedAgreement: Double?
  /// Agreement of the train with what the filters of its halves find, every other discharge in
  /// each, 0...1; nil where it was not taken.
  ///
  /// Source: cross-validation; Stone 1974, J. R. Stat. Soc. B 36.
  public var halvesAgreement: Double?
  /// The round of the search in which the unit was first found, from 1.
  public var round: Int

  /// Names in kept filters, which earlier versions wrote too.
  private enum CodingKeys: String, CodingKey {
    case silhouette, pulseToNoise
    case isiCoV = "intervalVariation"
    case meanRate, predictedAgreement, halvesAgreement, round
  }

  /// Figures from their values.
  public init(
    silhouette: Double, pulseToNoise: Double, isiCoV: Double?, meanRate: Double?,
    predictedAgreement: Double? = nil, halvesAgreement: Double? = nil, round: Int
  ) {
    self.silhouette = silhouette
    self.pulseToNoise = pulseToNoise
    self.isiCoV = isiCoV
    self.meanRate = meanRate
    self.predictedAgreement = predictedAgreement
    self.halvesAgreement = halvesAgreement
    self.round = round
  }
}

/// A linear filter over electrodes and lags whose output is one unit's source.
public struct SeparationFilter: Sendable, Equatable, Codable {
  /// Coefficients as `[tap][electrode]`, tap r reading the sample r steps in the past.
  public var coefficients: [Float]
  /// Number of taps.
  public var tapCount: Int
  /// Indices of the electrodes in the recording.
  public var channels: [Int]

  /// A filter from its parts.
  public init(coefficients: [Float], tapCount: Int, channels: [Int]) {
    precondition(coefficients.count == tapCount * channels.count, "filter size differs")
    self.coefficients = coefficients
    self.tapCount = tapCount
    self.channels = channels
  }
}
