import RealModule

/// A joint model of the trend and of death that share each patient's slope.
///
/// The hazard is constant in time, exp(a + g w_i / unit), with w_i = u1 + u2 the deviation of the
/// patient's slope after therapy from the mean of its arm; u1 alone for a patient without therapy.
/// Given the visits w_i is normal, so that the likelihood of survival is a one-dimensional integral
/// (Gauss-Hermite, 15 points) and the joint likelihood exact (Vonesh, Greene and Schluchter 2006). A
/// sensitivity analysis: if g differs from zero, visits missing after death are informative, and
/// `change` shows what that does to the change of slope. With arms both share a and g.
public struct SharedParameterModel: Sendable, Codable, Equatable {
  /// Follow-up of one patient.
  public struct Survival: Sendable, Codable, Equatable {
    /// The subject.
    public let subject: String
    /// Months from the origin to death or to the end of follow-up; above zero.
    public let time: Double
    /// Whether the patient died then.
    public let died: Bool

    /// Makes a record.
    public init(subject: String, time: Double, died: Bool) {
      self.subject = subject
      self.time = time
      self.died = died
    }
  }

  /// The effect that is followed: "post", or "post:arm" with a control arm.
  public let effect: String
  /// Deaths.
  public let deaths: Int
  /// The change of slope in the joint model.
  public let change: Estimate
  /// The change of slope by full likelihood without the deaths.
  public let changeWithoutDeaths: Estimate
  /// ln hazard ratio of a slope steeper by `slopeUnit`; positive where faster decline kills earlier.
  public let association: Estimate
  /// The slope that the hazard ratio is for, in units of the slopes.
  public let slopeUnit: Double
  /// -2 ln L of the joint model.
  public let criterion: Double

  /// Fits model M3 (or a relative) jointly with survival by full likelihood.
  ///
  /// - `slopeUnit`: the slope that the hazard ratio is for, such as .01 ln units a month; by
  ///   default one SD of the slopes between patients.
  /// - Throws: `ProgressionError.invalidTable` for a patient without a survival record or fewer than
  ///   five deaths.
  public init(
    _ table: LongitudinalTable, model: MixedModel = MixedModel(), survival: [Survival],
    slopeUnit: Double? = nil
  ) throws {
    var full = model
    full.criterion = .full
    full.measurementError = .ignored
    let start = try full.fit(table)
    let records = Dictionary(survival.map { ($0.subject, $0) }) { first, _ in first }
    let ordered = try start.subjects.map { subject -> Survival in
      guard let record = records[subject], record.time > 0, record.time.isFinite else {
        throw ProgressionError.invalidTable(
          found: "no survival time above zero for subject \(subject)",
          expected: "one for every patient")
      }
      return record
    }
    deaths = ordered.filter(\.died).count
    effect = start.effectNames.contains("post:arm") ? "post:arm" : "post"
    guard deaths >= 5, let post = start.effectNames.firstIndex(of: effect) else {
      throw ProgressionError.invalidTable(
        found: "\(deaths) deaths", expected: "at least 5, and therapy times")
    }
    let deviation = start.varianceComponents.first {
      $0.grouping == "subject" && $0.effect == full.timeName && $0.with == nil
    }?.standardDeviationOrCorrelation
    let unit = slopeUnit ?? max(deviation ?? 0, 1e-3 * start.sigma)
    let likelihood = JointLikelihood(start, survival: ordered, slopeUnit: unit)
    let optimum = try likelihood.maximise()
    let covariance = try likelihood.covariance(optimum.parameters)
    change = JointEstimates.effect(post, of: start, optimum.parameters, covariance: covariance)
    let size = optimum.parameters.count
    changeWithoutDeaths = Estimate(
      value: start.coefficients[post], standardError: start.covariance[post][post].squareRoot(),
      degreesOfFreedom: .infinity)
    association = Estimate(
      value: -optimum.parameters[size - 1],
      standardError: covariance[size * size - 1].squareRoot(), degreesOfFreedom: .infinity)
    self.slopeUnit = unit
    criterion = optimum.value
  }
}
