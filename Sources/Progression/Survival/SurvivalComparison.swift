import RealModule

/// Survival of the arms of a cohort side by side, and of function and survival together.
///
/// Curves with intervals, restricted means, the (stratified) log-rank test, Cox's model of the arms
/// within the strata, and with visits the joint rank of function and survival.
public struct SurvivalComparison: Sendable, Codable, Equatable {
  /// One patient.
  public struct Patient: Sendable, Codable, Equatable {
    /// Pseudonym.
    public var subject: String
    /// Follow-up with arm (`group`) and stratum.
    public var record: SurvivalRecord
    /// Change from baseline at each planned visit, larger is better; empty without a measure.
    public var changes: [Double?]
    /// Covariates of the joint rank and of Cox's model, in the order of the names.
    public var covariates: [Double]

    /// Makes a patient.
    public init(
      subject: String, record: SurvivalRecord, changes: [Double?] = [], covariates: [Double] = []
    ) {
      self.subject = subject
      self.record = record
      self.changes = changes
      self.covariates = covariates
    }
  }

  /// One arm.
  public struct Arm: Sendable, Codable, Equatable {
    /// Its name; empty where there is only one.
    public let name: String
    /// Patients.
    public let patients: Int
    /// Patients with an event.
    public let events: Int
    /// The curve.
    public let curve: KaplanMeier
    /// Median time with the interval of Brookmeyer and Crowley 1982; nil where it is not reached.
    public let median: Median
    /// Mean time without event up to the common horizon.
    public let restrictedMean: KaplanMeier.RestrictedMean
  }

  /// A median and the ends of its interval, each nil where the curve does not come down to it.
  public struct Median: Sendable, Codable, Equatable {
    /// The first time at which half or fewer survive.
    public let time: Double?
    /// Lower end of the 95 % interval.
    public let lower: Double?
    /// Upper end.
    public let upper: Double?
  }

  /// Function and survival together.
  public struct Joint: Sendable, Codable, Equatable {
    /// Treated and control arm.
    public let arm: String
    /// The arm it is compared with.
    public let control: String
    /// Difference of the mean ranks by analysis of covariance, and the rank-sum test.
    public let test: JointRankTest
    /// Mean rank of the treated and of the controls, 1 for the worst.
    public let meanRanks: [Double]
    /// Score of each patient in the order of `subjects`.
    public let scores: [Int]
    /// The patients.
    public let subjects: [String]
  }

  /// The arms, the control first.
  public let arms: [Arm]
  /// The horizon of the restricted means.
  public let horizon: Double
  /// Difference of the restricted means of each further arm from the control, with a normal reference.
  public let meanDifferences: [Estimate]
  /// Test of equal curves; nil for one arm or no event.
  public let logRank: LogRankTest?
  /// Hazard ratios of the arms and covariates; nil for one arm.
  public let cox: CoxModel?
  /// Strata within which the log-rank test and Cox's model compare.
  public let strata: Int
  /// Joint ranks of each further arm against the control; empty without a measure.
  public let joint: [Joint]
  /// Names of the covariates.
  public let covariateNames: [String]
  /// What could not be computed, and why.
  public let remarks: [String]

  /// Compares the arms.
  ///
  /// - `covariateNames`: one name for each covariate of the patients.
  /// - `controlArm`: the arm the others are compared with; by default that of `MixedModel.control`.
  /// - `horizon`: end of the restricted means; by default the shortest of the arms' longest follow-ups.
  /// - Throws: `ProgressionError` for no patients, a time that is not zero or more, or a control arm
  ///   that nobody has.
  public init(
    _ patients: [Patient], covariateNames: [String] = [], controlArm: String? = nil,
    horizon: Double? = nil
  ) throws {
    let records = patients.map(\.record)
    try SurvivalRecord.check(records)
    precondition(
      patients.allSatisfy { $0.covariates.count == covariateNames.count }, "one value a covariate")
    let names = Set(records.map(\.group)).sorted()
    guard let control = MixedModel(controlArm: controlArm).control(among: names),
      names.contains(control)
    else {
      throw ProgressionError.invalidTable(
        found: "arms \(names.joined(separator: ", "))",
        expected: "the control arm \(controlArm ?? "")")
    }
    let ordered = [control] + names.filter { $0 != control }
    let groups = ordered.map { name in records.filter { $0.group == name } }
    let reach = groups.map { $0.map(\.time).max() ?? 0 }.min() ?? 0
    let end = horizon ?? reach
    guard end > 0, end.isFinite, end <= reach else {
      throw ProgressionError.invalidTable(
        found: "a horizon of \(end)",
        expected: "more than 0 and at most \(reach), the longest follow-up that all arms have")
    }
    arms = try zip(ordered, groups).map { name, own in
      let curve = try KaplanMeier(own)
      return Arm(
        name: name, patients: own.count, events: own.count(where: \.hasEvent), curve: curve,
        median: Self.median(curve), restrictedMean: curve.restrictedMean(to: end))
    }
    self.horizon = end
    meanDifferences = arms.dropFirst().map { [arms] arm in
      let (a, b) = (arm.restrictedMean, arms[0].restrictedMean)
      return Estimate(
        value: a.mean - b.mean,
        standardError: (a.standardError * a.standardError + b.standardError * b.standardError)
          .squareRoot(), degreesOfFreedom: .infinity)
    }
    strata = Set(records.map(\.stratum)).count
    self.covariateNames = covariateNames
    var remarks: [String] = []
    func attempt<Result>(_ what: String, _ body: () throws -> Result) -> Result? {
      do { return try body() } catch {
        remarks.append("\(what): \(error)")
        return nil
      }
    }
    if ordered.count > 1 {
      logRank = attempt("no log-rank test") { try LogRankTest(records) }
      cox = attempt("no hazard ratio") {
        try CoxModel(
          records,
          covariates: ordered.dropFirst().map { name in
            (ordered.count == 2 ? "arm" : "arm\(name)", records.map { $0.group == name ? 1.0 : 0 })
          }
            + covariateNames.enumerated().map { index, name in
              (name, patients.map { $0.covariates[index] })
            })
      }
    } else {
      logRank = nil
      cox = nil
    }
    joint = ordered.dropFirst().compactMap { name in
      guard patients.contains(where: { $0.changes.contains { $0 != nil } }) else { return nil }
      return attempt("no joint rank of \(name)") {
        try Self.joint(patients, arm: name, control: control)
      }
    }
    self.remarks = remarks
  }

  private static func joint(
    _ patients: [Patient], arm: String, control: String
  ) throws -> Joint {
    let own = patients.filter { $0.record.group == arm || $0.record.group == control }
    let ranks = try JointRank(
      own.map {
        JointRank.Patient(
          time: $0.record.time, hasEvent: $0.record.hasEvent, changes: $0.changes)
      })
    let isTreated = own.map { $0.record.group == arm }
    let covariates = (own.first?.covariates ?? []).indices.map { index in
      own.map { $0.covariates[index] }
    }
    func mean(_ treated: Bool) -> Double {
      let chosen = zip(ranks.ranks, isTreated).filter { $0.1 == treated }.map(\.0)
      return chosen.reduce(0, +) / Double(max(1, chosen.count))
    }
    return Joint(
      arm: arm, control: control,
      test: try JointRankTest(ranks, isTreated: isTreated, covariates: covariates),
      meanRanks: [mean(true), mean(false)], scores: ranks.scores, subjects: own.map(\.subject))
  }

  /// Where the curve and its limits first come down to a half.
  private static func median(_ curve: KaplanMeier) -> Median {
    func first(_ value: (KaplanMeier.Step) -> Double?) -> Double? {
      curve.steps.first { (value($0) ?? 1) <= 0.5 + 1e-12 }?.time
    }
    return Median(time: curve.median, lower: first(\.lower), upper: first(\.upper))
  }
}
