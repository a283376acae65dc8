/// A unit that has measures, with the usual ones by name.
public protocol MeasuredUnit {
  /// What is told of the unit.
  var measures: UnitMeasures { get set }
}

extension MeasuredUnit {
  /// Silhouette value, 0 to 1.
  public var silhouette: Double? {
    get { measures[.silhouette] }
    set { measures[.silhouette] = newValue }
  }
  /// Pulse-to-noise ratio in dB.
  public var pulseToNoise: Double? {
    get { measures[.pulseToNoise] }
    set { measures[.pulseToNoise] = newValue }
  }
  /// Coefficient of variation of the inter-spike intervals, as a share of one.
  public var isiCoV: Double? {
    get { measures[.isiCoV] }
    set { measures[.isiCoV] = newValue }
  }
  /// Mean discharge rate in Hz.
  public var meanRate: Double? {
    get { measures[.meanRate] }
    set { measures[.meanRate] = newValue }
  }
  /// Predicted rate of agreement with the truth, 0 to 1.
  public var predictedAgreement: Double? {
    get { measures[.predictedAgreement] }
    set { measures[.predictedAgreement] = newValue }
  }
  /// Largest peak-to-peak amplitude in microvolts.
  public var amplitudeMicrovolts: Double? {
    get { measures[.amplitude] }
    set { measures[.amplitude] = newValue }
  }
}

extension UnitMeasures {
  /// The usual measures of a train; those that are not known stay out.
  public init(
    silhouette: Double? = nil, pulseToNoise: Double? = nil, isiCoV: Double? = nil,
    meanRate: Double? = nil, predictedAgreement: Double? = nil, amplitudeMicrovolts: Double? = nil,
    recruitmentThreshold: Double? = nil, round: Int? = nil
  ) {
    self.init([
      (.silhouette, silhouette), (.pulseToNoise, pulseToNoise), (.isiCoV, isiCoV),
      (.meanRate, meanRate), (.predictedAgreement, predictedAgreement),
      (.amplitude, amplitudeMicrovolts), (.recruitmentThreshold, recruitmentThreshold),
      (.round, round.map(Double.init)),
    ])
  }
}

extension RunReport.Unit: MeasuredUnit {
  /// A unit with the usual measures of a train; those that are not known stay out of the table.
  public init(
    id: String, times: [Double], silhouette: Double? = nil, pulseToNoise: Double? = nil,
    isiCoV: Double? = nil, meanRate: Double? = nil, predictedAgreement: Double? = nil,
    amplitudeMicrovolts: Double? = nil, recruitmentThreshold: Double? = nil, round: Int? = nil,
    isTentative: Bool = false
  ) {
    self.init(
      id: id, times: times,
      measures: UnitMeasures(
        silhouette: silhouette, pulseToNoise: pulseToNoise, isiCoV: isiCoV, meanRate: meanRate,
        predictedAgreement: predictedAgreement, amplitudeMicrovolts: amplitudeMicrovolts,
        recruitmentThreshold: recruitmentThreshold, round: round), isTentative: isTentative)
  }
}

extension DecompositionExport.Unit: MeasuredUnit {
  /// A unit from its sub-sample positions, with the usual measures of a train.
  ///
  /// - `positions`: discharges in samples, 0-based, ascending.
  /// - `samplingRate`: samples per second, in Hz.
  public init(
    id: String, positions: [Double], samplingRate: Double, silhouette: Double? = nil,
    pulseToNoise: Double? = nil, isiCoV: Double? = nil, meanRate: Double? = nil,
    predictedAgreement: Double? = nil, amplitudeMicrovolts: Double? = nil,
    recruitmentThreshold: Double? = nil, round: Int? = nil, isTentative: Bool? = nil
  ) {
    self.init(
      id: id, positions: positions, samplingRate: samplingRate,
      measures: UnitMeasures(
        silhouette: silhouette, pulseToNoise: pulseToNoise, isiCoV: isiCoV, meanRate: meanRate,
        predictedAgreement: predictedAgreement, amplitudeMicrovolts: amplitudeMicrovolts,
        recruitmentThreshold: recruitmentThreshold, round: round), isTentative: isTentative)
  }
}
