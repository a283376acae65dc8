import RealModule

/// Planned power of trials of two arms against trials that are simulated and analysed as planned.
public struct PlanningCalibration: Codable, Sendable, Equatable {
  /// One trial.
  public struct Scenario: Codable, Sendable, Equatable {
    /// In words.
    public var name: String
    /// Patients of both arms.
    public var patients: Int
    /// Schedule, variances, allocation and dropout.
    public var plan: StudyPlan
    /// Interim looks; nil for one analysis.
    public var design: GroupSequentialDesign?

    /// Makes a scenario.
    public init(
      _ name: String, patients: Int, plan: StudyPlan, design: GroupSequentialDesign? = nil
    ) {
      self.name = name
      self.patients = patients
      self.plan = plan
      self.design = design
    }
  }

  /// The trials.
  public var scenarios: [Scenario]
  /// Simulated trials of each, with the effect and as many without.
  public var replicates: Int
  /// Slowing as a share of the decline.
  public var share: Double

  /// Makes a study; by default of even and uneven arms, three patterns of dropout, and looks.
  public init(
    scenarios: [Scenario] = PlanningCalibration.usual, replicates: Int = 2_000,
    share: Double = 0.5
  ) {
    self.scenarios = scenarios
    self.replicates = replicates
    self.share = share
  }

  /// The trials of the default study.
  public static let usual: [Scenario] = {
    func plan(
      _ dropout: Double = 0, _ pattern: StudyPlan.DropoutPattern = .even, ratio: Double = 1
    ) -> StudyPlan {
      StudyPlan(dropout: dropout, dropoutPattern: pattern, allocation: ratio)
    }
    func looks(
      _ information: [Double], _ boundary: GroupSequentialDesign.Boundary, futility: Bool = false
    ) -> GroupSequentialDesign {
      GroupSequentialDesign(information: information, boundary: boundary, hasFutility: futility)
    }
    let thirds = [1.0 / 3, 2.0 / 3, 1]
    return [
      Scenario("1 to 1", patients: 40, plan: plan()),
      Scenario("2 to 1", patients: 45, plan: plan(ratio: 2)),
      Scenario("25 % leave evenly", patients: 40, plan: plan(0.25)),
      Scenario("25 % leave early", patients: 40, plan: plan(0.25, .early)),
      Scenario("25 % leave late", patients: 40, plan: plan(0.25, .late)),
      Scenario("2 to 1, 30 % leave early", patients: 60, plan: plan(0.3, .early, ratio: 2)),
      Scenario(
        "three looks, O'Brien-Fleming spending", patients: 48, plan: plan(),
        design: looks(thirds, .spendingOBrienFleming)),
      Scenario(
        "three looks, Pocock", patients: 48, plan: plan(), design: looks(thirds, .pocock)),
      Scenario(
        "three looks with futility", patients: 48, plan: plan(),
        design: looks(thirds, .spendingOBrienFleming, futility: true)),
      Scenario(
        "looks at 50 and 100 %, 2 to 1, 20 % leave evenly", patients: 60,
        plan: plan(0.2, ratio: 2), design: looks([0.5, 1], .spendingOBrienFleming)),
    ]
  }()

  /// One trial planned and simulated.
  public struct Row: Sendable, Codable, Equatable {
    /// The trial.
    public let name: String
    /// Patients of both arms.
    public let patients: Int
    /// Power by plan.
    public let planned: Double
    /// Share of the simulated trials that showed the slowing.
    public let power: Double
    /// Its Monte Carlo standard error.
    public let powerError: Double
    /// Share of trials without an effect that showed one, in either direction.
    public let level: Double
    /// Its Monte Carlo standard error.
    public let levelError: Double
    /// Expected patients under the effect by plan.
    public let plannedPatients: Double
    /// Mean patients of the simulated trials under the effect.
    public let meanPatients: Double
    /// Analyses that could not be made; they count as not significant.
    public let failures: Int
  }

  /// Runs every scenario; the same generator gives the same table.
  ///
  /// - Throws: `ProgressionError` for a plan that cannot be computed.
  public func run(using generator: inout some RandomNumberGenerator) throws -> [Row] {
    precondition(replicates > 1, "at least two replicates")
    return try scenarios.map { try row($0, using: &generator) }
  }

  private func row(
    _ scenario: Scenario, using generator: inout some RandomNumberGenerator
  ) throws -> Row {
    let plan = scenario.plan
    let sequential = try scenario.design.map {
      try plan.sequential($0, patients: scenario.patients, controls: true, share: share)
    }
    let single = try plan.cohort(patients: scenario.patients, controls: true, share: share)
    let looks =
      sequential?.looks ?? [
        GroupSequentialDesign.Look(
          information: 1, critical: NormalDistribution.quantile(1 - plan.alpha / 2),
          nominalP: plan.alpha, spent: plan.alpha, futility: nil)
      ]
    var shown = 0
    var wrong = 0
    var used = 0
    var failures = 0
    for effect in [share, 0] {
      for _ in 0..<replicates {
        let courses = Self.courses(
          scenario.plan, patients: scenario.patients, effect: effect, using: &generator)
        let end = trial(courses, looks, failures: &failures)
        if effect == 0 {
          if end.direction != 0 { wrong += 1 }
        } else {
          if end.direction > 0 { shown += 1 }
          used += end.patients
        }
      }
    }
    let count = Double(replicates)
    func error(_ share: Double) -> Double { (share * (1 - share) / count).squareRoot() }
    let power = Double(shown) / count
    let level = Double(wrong) / count
    return Row(
      name: scenario.name, patients: scenario.patients,
      planned: sequential?.power ?? single.power, power: power, powerError: error(power),
      level: level, levelError: error(level),
      plannedPatients: Double(scenario.patients)
        * (sequential?.underEffect.expectedInformation ?? 1),
      meanPatients: Double(used) / count, failures: failures)
  }

  /// The courses of the patients of one trial, in the order in which they enter.
  static func courses(
    _ plan: StudyPlan, patients: Int, effect: Double,
    using generator: inout some RandomNumberGenerator
  ) -> [[LongitudinalTable.Row]] {
    let end = plan.visitTimes.max() ?? 0
    let arms = plan.assignment(patients)
    var simulation = CohortSimulation(
      patients: patients, visitTimes: plan.visitTimes, visitJitter: 0, therapyTimes: [0],
      slope: plan.slope, slopeChange: 0, sdIntercept: plan.sdIntercept, sdSlope: plan.sdSlope,
      correlation: plan.correlation, sdSlopeChange: plan.sdSlopeChange,
      measurementSD: plan.measurementSD / Double(plan.muscles).squareRoot())
    simulation.hasControls = false
    return zip(simulation.simulate(using: &generator), arms).map { patient, isTreated in
      let leaves = generator.nextUniform() < plan.dropout
      let last = leaves ? plan.dropoutPattern.place(generator.nextUniform()) * end : end
      return patient.rows.filter { $0.time <= last }.map { row in
        var row = row
        row.arm = isTreated ? "treated" : "control"
        if isTreated { row.value -= effect * plan.slope * max(0, row.time) }
        return row
      }
    }
  }

  /// What a trial comes to: 1 for slowing, -1 for worsening shown, 0 for neither.
  private func trial(
    _ courses: [[LongitudinalTable.Row]], _ looks: [GroupSequentialDesign.Look],
    failures: inout Int
  ) -> (direction: Int, patients: Int) {
    for look in looks {
      let patients = Int((look.information * Double(courses.count)).rounded())
      let table = LongitudinalTable(checked: Array(courses.prefix(patients).joined()))
      guard let fit = try? MixedModel(armEffects: .slopeChange).fit(table),
        let effects = try? fit.kenwardRoger().effects,
        let estimate = effects.first(where: { $0.name == "post:arm" })?.estimate
      else {
        failures += 1
        continue
      }
      if estimate.p < look.nominalP { return (estimate.value > 0 ? 1 : -1, patients) }
      let half = NormalDistribution.quantile(1 - estimate.p / 2)
      if let futility = look.futility, (estimate.value > 0 ? half : -half) < futility {
        return (0, patients)
      }
    }
    return (0, courses.count)
  }
}
