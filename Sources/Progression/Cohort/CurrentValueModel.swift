import RealModule

/// A joint model of the trend and of death whose hazard follows the current value of the marker and its slope.
///
/// ln h_i(t) = a(t) + g1 m_i(t) / valueUnit + g2 m_i'(t) / slopeUnit, where m_i is the patient's true course
/// without measurement error, broken at the first dose, and a(t) is constant on one stretch for every ten deaths, six
/// at most: fewer leave a rise of the hazard to the marker, whose ratio then comes out too large.
/// Given the visits the random effects are normal; the likelihood of survival is integrated over them by a rule
/// of 14 points that is exact for polynomials of degree five (Stroud 1971), as in pseudo-adaptive quadrature
/// (Rizopoulos 2012, Comput Stat Data Anal 56). The cumulative hazard of a course of straight lines has a closed
/// form. A sensitivity analysis: where g1 or g2 differs from zero, visits missing after death are informative.
public struct CurrentValueModel: Sendable, Codable, Equatable {
  /// The effect that is followed: "post", or "post:arm" with a control arm.
  public let effect: String
  /// Deaths.
  public let deaths: Int
  /// The change of slope in the joint model.
  public let change: Estimate
  /// ln hazard ratio of a current value lower by `valueUnit`; positive where low values kill earlier.
  public let value: Estimate
  /// ln hazard ratio of a current slope lower by `slopeUnit`; nil where the slope is left out.
  public let slope: Estimate?
  /// The difference of values that `value` is for: the SD of all values.
  public let valueUnit: Double
  /// The difference of slopes that `slope` is for, in units of the slopes.
  public let slopeUnit: Double
  /// Intervals between which the baseline hazard may differ.
  public let pieces: Int
  /// -2 ln L of the joint model.
  public let criterion: Double

  /// Fits model M3 (or a relative) jointly with survival by full likelihood.
  ///
  /// - Parameters:
  ///   - table: values on the scale of the model.
  ///   - model: the mixed model of the values.
  ///   - survival: follow-up of every patient from its first value.
  ///   - includesSlope: whether the hazard follows the slope too.
  ///   - slopeUnit: the slope that the hazard ratio is for; by default one SD between patients.
  /// - Throws: `ProgressionError.invalidTable` for a patient without a survival record, fewer than five
  ///   deaths (ten with the slope), several muscles, or effects that are no straight lines in time.
  public init(
    _ table: LongitudinalTable, model: MixedModel = MixedModel(),
    survival: [SharedParameterModel.Survival], includesSlope: Bool = true,
    slopeUnit: Double? = nil
  ) throws {
    var full = model
    full.criterion = .full
    full.measurementError = .ignored
    let start = try full.fit(table)
    let records = Dictionary(survival.map { ($0.subject, $0) }) { first, _ in first }
    let ordered = try start.subjects.map { subject -> SharedParameterModel.Survival in
      guard let record = records[subject], record.time > 0, record.time.isFinite else {
        throw ProgressionError.invalidTable(
          found: "no survival time above zero for subject \(subject)",
          expected: "one for every patient")
      }
      return record
    }
    deaths = ordered.filter(\.died).count
    effect = start.effectNames.contains("post:arm") ? "post:arm" : "post"
    let needed = includesSlope ? 10 : 5
    guard deaths >= needed, let post = start.effectNames.firstIndex(of: effect) else {
      throw ProgressionError.invalidTable(
        found: "\(deaths) deaths", expected: "at least \(needed), and therapy times")
    }
    let deviation = start.varianceComponents.first {
      $0.grouping == "subject" && $0.effect == full.timeName && $0.with == nil
    }?.standardDeviationOrCorrelation
    let unit = slopeUnit ?? max(deviation ?? 0, 1e-3 * start.sigma)
    let likelihood = try CurrentValueLikelihood(
      start, table: table, survival: ordered, includesSlope: includesSlope, slopeUnit: unit)
    let optimum = try likelihood.maximise()
    let covariance = try likelihood.covariance(optimum.parameters)
    change = JointEstimates.effect(post, of: start, optimum.parameters, covariance: covariance)
    let size = optimum.parameters.count
    func association(_ place: Int) -> Estimate {
      Estimate(
        value: -optimum.parameters[place],
        standardError: covariance[place * size + place].squareRoot(), degreesOfFreedom: .infinity)
    }
    value = association(likelihood.valuePlace)
    slope = includesSlope ? association(likelihood.valuePlace + 1) : nil
    valueUnit = likelihood.valueUnit
    self.slopeUnit = unit
    pieces = likelihood.pieces
    criterion = optimum.value
  }
}
