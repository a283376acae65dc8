import RealModule

/// A visit schedule and what it can show, before the first patient is measured.
///
/// Months count from the first dose. Variances are those of model M3 on the ln scale; the defaults
/// are a decline of 4.5 % a month measured with a coefficient of variation of 12 %.
public struct StudyPlan: Codable, Sendable, Equatable {
  /// Months of the visits from the first dose; those before it are negative.
  public var visitTimes: [Double]
  /// Muscles measured at every visit, taken as independent.
  public var muscles: Int
  /// SD of one ln(value) about the patient's trend.
  public var measurementSD: Double
  /// Slope before therapy, ln units a month; negative.
  public var slope: Double
  /// SD of intercepts between patients.
  public var sdIntercept: Double
  /// SD of slopes between patients.
  public var sdSlope: Double
  /// Correlation of intercept (at the first dose) and slope.
  public var correlation: Double
  /// SD of the change of slope between patients.
  public var sdSlopeChange: Double
  /// Two-sided significance level.
  public var alpha: Double
  /// Share of the patients of a cohort who leave before the last visit; 0 by default.
  public var dropout: Double
  /// When they leave.
  public var dropoutPattern: DropoutPattern
  /// Treated patients for each control, where there are controls; 1 by default.
  public var allocation: Double

  /// When the patients leave who do, over the time from the first dose to the last visit.
  public enum DropoutPattern: String, Codable, Sendable, CaseIterable {
    /// Evenly over the time.
    case even
    /// Half of them in the first quarter of the time.
    case early
    /// Half of them in the last quarter of the time.
    case late

    /// The share of the time after which a patient leaves, from its rank among the leavers (0 to 1).
    func place(_ rank: Double) -> Double {
      switch self {
      case .even: rank
      case .early: rank * rank
      case .late: 1 - (1 - rank) * (1 - rank)
      }
    }
  }

  /// Makes a plan; by default monthly visits from 3 before to 6 after the first dose.
  public init(
    visitTimes: [Double] = Array(stride(from: -3.0, through: 6, by: 1)), muscles: Int = 1,
    measurementSD: Double = 0.12, slope: Double = -0.045, sdIntercept: Double = 0.45,
    sdSlope: Double = 0.03, correlation: Double = -0.2, sdSlopeChange: Double = 0.015,
    alpha: Double = 0.05, dropout: Double = 0, dropoutPattern: DropoutPattern = .even,
    allocation: Double = 1
  ) {
    self.visitTimes = visitTimes
    self.muscles = muscles
    self.measurementSD = measurementSD
    self.slope = slope
    self.sdIntercept = sdIntercept
    self.sdSlope = sdSlope
    self.correlation = correlation
    self.sdSlopeChange = sdSlopeChange
    self.alpha = alpha
    self.dropout = dropout
    self.dropoutPattern = dropoutPattern
    self.allocation = allocation
  }

  /// What a plan can show.
  public struct Result: Sendable, Codable, Equatable {
    /// Patients; one for a single patient, the sum of the arms with controls.
    public let patients: Int
    /// Standard error of the change of slope, or of its difference between the arms.
    public let standardError: Double
    /// Degrees of freedom of its test.
    public let degreesOfFreedom: Double
    /// Power to show the given share of slowing.
    public let power: Double
    /// Change of slope that is detected with 80 % power; infinite where none is.
    public let detectableChange: Double
    /// That change as a share of the slope before therapy; 1 is a full arrest.
    public let detectableShare: Double
  }

  /// One patient alone: segmented least squares with n - 3 degrees of freedom.
  ///
  /// Several muscles are averaged, which divides the standard error by their root.
  /// - Parameter share: the true slowing as a share of the slope; 1 is a full arrest.
  /// - Throws: `ProgressionError` for fewer than 4 visits or a schedule without both slopes.
  public func singlePatient(share: Double = 1) throws -> Result {
    try check()
    guard visitTimes.count > 3,
      let error = MinimumDetectableSlopeChange.standardError(
        visitTimes: visitTimes, therapyTime: 0, measurementSD: measurementSD, muscles: muscles)
    else {
      throw ProgressionError.tooFewVisits(
        found: "\(visitTimes.count) visits at months \(visitTimes)",
        expected: "at least 4 visits that determine a slope before and after the first dose")
    }
    return result(
      patients: 1, error: error, df: Double(visitTimes.count - 3), share: share)
  }

  /// A cohort analysed with model M3, optionally with controls in the ratio of `allocation`.
  ///
  /// With `dropout` that share of each arm leaves in the time after the first dose, and missing visits are
  /// missing at random. Generalised least squares at the planned variances, with Kenward-Roger degrees of freedom, which
  /// depend on the design and the variances alone.
  public func cohort(
    patients: Int, controls: Bool = false, share: Double = 0.5
  ) throws -> Result {
    let (names, exact) = try planned(patients: patients, controls: controls)
    let name = controls ? "post:arm" : "post"
    guard names.contains(name) else {
      throw ProgressionError.notEstimable(
        effect: "the change of slope", reason: "the schedule has no visit after the first dose")
    }
    let estimate = exact.estimate(names.map { $0 == name ? 1 : 0 })
    return result(
      patients: patients, error: estimate.standardError, df: estimate.degreesOfFreedom,
      share: share)
  }

  /// Names of the effects of a planned cohort with their covariance at the planned variances.
  func planned(patients: Int, controls: Bool) throws -> (names: [String], exact: KenwardRoger) {
    try check()
    precondition(patients > 1, "a cohort has two patients or more")
    var rows: [LongitudinalTable.Row] = []
    let arms = controls ? assignment(patients) : [Bool](repeating: true, count: patients)
    var ranks: [Bool: Int] = [:]
    for (patient, isTreated) in arms.enumerated() {
      let last = lastVisit(ranks[isTreated, default: 0], of: arms.count { $0 == isTreated })
      ranks[isTreated, default: 0] += 1
      for (visit, time) in visitTimes.enumerated() where time <= last {
        // Values do not enter the covariance; any that are not collinear serve.
        rows.append(
          LongitudinalTable.Row(
            subject: "\(patient)", time: time, value: (visit + patient) % 2 == 0 ? 1 : -1,
            therapyTime: 0, arm: controls ? (isTreated ? "treated" : "control") : nil))
      }
    }
    let model = MixedModel(armEffects: controls ? .slopeChange : .none)
    let design = try MixedModelDesign(LongitudinalTable(checked: rows), model: model)
    let s = measurementSD / Double(muscles).squareRoot()
    let residual = (1 - correlation * correlation).squareRoot()
    let theta = [
      sdIntercept / s * design.scales[0], correlation * sdSlope / s * design.scales[1],
      residual * sdSlope / s * design.scales[1], sdSlopeChange / s * design.scales[2],
    ]
    let fit = try MixedModelFit(
      MixedModelCriterion(design), parameters: theta, iterations: 0, scale: s * s)
    return (fit.effectNames, try fit.kenwardRoger())
  }

  /// Who is treated, in the ratio of `allocation`; equal arms take turns.
  public func assignment(_ patients: Int) -> [Bool] {
    func treated(_ count: Int) -> Int {
      Int((Double(count) * allocation / (1 + allocation) + 1e-9).rounded(.down))
    }
    return (0..<patients).map { treated($0 + 1) > treated($0) }
  }

  /// The last visit of one of the patients of an arm: those who leave do so in the time from the first dose
  /// to the end.
  private func lastVisit(_ index: Int, of patients: Int) -> Double {
    let end = visitTimes.max() ?? 0
    func before(_ count: Int) -> Int { Int((Double(count) * dropout).rounded()) }
    let leavers = before(patients)
    let rank = before(index)
    guard leavers > 0, before(index + 1) > rank else { return end }
    // A step through the ranks that spreads early and late leavers over the list.
    let place = (Double(rank) * 0.618_033_988_75 + 0.5).truncatingRemainder(dividingBy: 1)
    return dropoutPattern.place(place) * end
  }

  /// The standard error of one patient with 0, 1, 2 … further run-in visits.
  ///
  /// - `spacing`: months between the run-in visits that are put before the first visit.
  public func runInGain(upTo visits: Int, spacing: Double = 1, share: Double = 1) throws -> [Result]
  {
    precondition(visits >= 0 && spacing > 0, "visits and spacing are positive")
    return try (0...visits).map { count in
      var plan = self
      let first = visitTimes.min() ?? 0
      plan.visitTimes =
        (0..<count).map { first - spacing * Double(count - $0) } + visitTimes
      return try plan.singlePatient(share: share)
    }
  }

  /// The smallest cohort with a wanted power; nil beyond 2,000 patients.
  ///
  /// `progress` is told the share that is done before each cohort that is tried; what it throws
  /// ends the search.
  ///
  /// - Throws: `ProgressionError` as `cohort` does; what `progress` throws.
  public func patientsNeeded(
    power: Double = 0.8, controls: Bool = false, share: Double = 0.5,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> Result? {
    precondition(power > 0 && power < 1, "0 < power < 1")
    let step = controls ? patientStep : 1
    var tried = 0.0
    // Some ten doublings and as many halvings are the most.
    func reached(_ patients: Int) throws -> Double {
      try progress(min(1, tried / 20))
      tried += 1
      return try cohort(patients: patients, controls: controls, share: share).power
    }
    var low = step
    var high = controls ? 2 * step : 4
    if controls, step == 1 {
      high = max(4, Int((2 * (1 + max(allocation, 1 / allocation))).rounded(.up)))
    }
    while try reached(high) < power {
      low = high
      high *= 2
      if high > 2_000 { return nil }
    }
    while high - low > step {
      let middle = (low + high) / 2 / step * step
      if try reached(middle) < power {
        low = middle
      } else {
        high = middle
      }
    }
    return try cohort(patients: high, controls: controls, share: share)
  }

  /// Patients that keep the ratio of the arms exactly; 1 where no small number does.
  private var patientStep: Int {
    for ratio in [allocation, 1 / allocation] where ratio.rounded() == ratio && ratio < 20 {
      return Int(ratio) + 1
    }
    return 1
  }

  /// Sentences for the reader of a plan for one patient.
  public func remarks() throws -> [String] {
    let now = try singlePatient()
    let more = try runInGain(upTo: 3)
    func text(_ x: Double, _ digits: Double) -> String { "\((x * digits).rounded() / digits)" }
    var result = [
      "one patient, full arrest of a decline of \(text(-Estimate.percent(slope), 10)) % a month: power "
        + text(now.power, 100)
    ]
    if let last = more.last {
      result.append(
        "three more monthly run-in visits take the standard error from "
          + "\(text(now.standardError, 1_000)) to \(text(last.standardError, 1_000))")
    }
    return result
  }

  private func result(patients: Int, error: Double, df: Double, share: Double) -> Result {
    func power(_ effect: Double) -> Double {
      NoncentralT.power(noncentrality: abs(effect) / error, degreesOfFreedom: df, alpha: alpha)
    }
    var (low, high) = (0.0, error)
    // With next to no degrees of freedom no change is detected with that power.
    while power(high) < 0.8 && high < 1e6 * error { high *= 2 }
    let isDetectable = power(high) >= 0.8
    for _ in 0..<50 where isDetectable {
      let middle = 0.5 * (low + high)
      if power(middle) < 0.8 { low = middle } else { high = middle }
    }
    return Result(
      patients: patients, standardError: error, degreesOfFreedom: df, power: power(share * slope),
      detectableChange: isDetectable ? high : .infinity,
      detectableShare: isDetectable ? high / abs(slope) : .infinity)
  }

  private func check() throws {
    let parts: [(String, Double, Bool)] = [
      ("measurement SD", measurementSD, measurementSD > 0), ("slope", slope, slope != 0),
      ("SD of intercepts", sdIntercept, sdIntercept >= 0),
      ("SD of slopes", sdSlope, sdSlope >= 0),
      ("SD of the change of slope", sdSlopeChange, sdSlopeChange >= 0),
      ("correlation", correlation, abs(correlation) < 1), ("alpha", alpha, alpha > 0 && alpha < 1),
      ("dropout", dropout, dropout >= 0 && dropout < 1),
      ("number of muscles", Double(muscles), muscles > 0),
      ("treated patients for each control", allocation, allocation > 0.02 && allocation < 50),
    ]
    for (name, value, isValid) in parts where !isValid || !value.isFinite {
      throw ProgressionError.invalidTable(
        found: "a plan with \(name) \(value)", expected: "a value in its range")
    }
    guard visitTimes.allSatisfy(\.isFinite) else {
      throw ProgressionError.invalidTable(
        found: "visit times \(visitTimes)", expected: "finite months")
    }
  }
}
