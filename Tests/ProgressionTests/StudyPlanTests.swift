import Progression
import TestSupport
import Testing

@Suite struct StudyPlanTests {
  @Test func threeMoreRunInVisits() throws {
    let plan = StudyPlan()
    let gain = try plan.runInGain(upTo: 3)
    #expect(gain.count == 4)
    // -3..+6 months: .0601; -6..+6: .0353 (from (X'X)^-1 by hand).
    #expect(agree(gain[0].standardError, 0.06009111622561295, relative: 1e-9))
    #expect(agree(gain[3].standardError, 0.03526831184786148, relative: 1e-9))
    #expect(try plan.remarks()[1].contains("from 0.06 to 0.035"))
    #expect(gain[0].degreesOfFreedom == 7 && gain[3].degreesOfFreedom == 10)
  }

  @Test func powerOfOnePatient() throws {
    // A full arrest at 4.5 % a month: .10 with one muscle, .36 with six.
    #expect(abs(try StudyPlan().singlePatient().power - 0.10) < 0.005)
    #expect(abs(try StudyPlan(muscles: 6).singlePatient().power - 0.36) < 0.01)
    #expect(throws: ProgressionError.self) {
      try StudyPlan(visitTimes: [-1, 0, 1]).singlePatient()
    }
    #expect(throws: ProgressionError.self) { try StudyPlan(measurementSD: 0).singlePatient() }
  }

  @Test func cohortErrorIsThatOfBalancedDesigns() throws {
    // With equal designs the mean of the patients' own changes is fully efficient, so that the
    // variance is (s^2 [(X'X)^-1]_33 + Var u2) / n, with n - 1 degrees of freedom of a t test.
    let plan = StudyPlan()
    let own = try plan.singlePatient().standardError
    let cohort = try plan.cohort(patients: 30)
    let expected = ((own * own + 0.015 * 0.015) / 30).squareRoot()
    #expect(cohort.standardError >= expected * (1 - 1e-9))
    #expect(agree(cohort.standardError, expected, relative: 0.05))
    #expect(cohort.degreesOfFreedom > 29)
    let more = try plan.cohort(patients: 60)
    #expect(more.power > cohort.power)
    let arms = try plan.cohort(patients: 60, controls: true)
    #expect(arms.standardError > more.standardError)
    let needed = try #require(try plan.patientsNeeded(share: 0.5))
    #expect(needed.power >= 0.8)
    #expect(try plan.cohort(patients: needed.patients - 1).power < 0.8)
  }

  /// Standard errors .012085 and .013163 of two arms of 20 with none and a quarter leaving, by the
  /// expected information in R with a measurement SD of .1196.
  @Test func dropoutCostsPower() throws {
    var plan = StudyPlan(measurementSD: 0.1196)
    let complete = try plan.cohort(patients: 40, controls: true, share: 0.5)
    plan.dropout = 0.25
    let left = try plan.cohort(patients: 40, controls: true, share: 0.5)
    // Kenward-Roger adds a few percent to the standard error of known variances.
    #expect(agree(complete.standardError, 0.01208457, relative: 0.05))
    #expect(agree(left.standardError / complete.standardError, 1.0892, relative: 0.01))
    #expect(left.power < complete.power)
    plan.dropout = 1
    #expect(throws: ProgressionError.self) { try plan.cohort(patients: 40) }
  }

  /// Expected information at known variances in R (Scripts/references/plan.R), two arms of 720 in all, of whom
  /// whole numbers leave.
  @Test(arguments: [
    (1.0, StudyPlan.DropoutPattern.even, 0.0, 0.00285196), (1, .even, 0.25, 0.00310655),
    (1, .early, 0.25, 0.00317613), (1, .late, 0.25, 0.00303086), (2, .even, 0, 0.00302496),
    (2, .early, 0.25, 0.00336880), (3, .even, 0.25, 0.00358713), (3, .late, 0.25, 0.00349973),
  ])
  func ratiosAndPatternsOfDropoutAsInR(
    ratio: Double, pattern: StudyPlan.DropoutPattern, dropout: Double, error: Double
  ) throws {
    let plan = StudyPlan(dropout: dropout, dropoutPattern: pattern, allocation: ratio)
    let found = try plan.cohort(patients: 720, controls: true)
    #expect(agree(found.standardError, error, relative: 0.003), "\(found.standardError)")
  }

  @Test func neededPatientsKeepTheRatio() throws {
    for ratio in [2.0, 0.5] {
      let plan = StudyPlan(dropout: 0.2, dropoutPattern: .late, allocation: ratio)
      let needed = try #require(try plan.patientsNeeded(power: 0.85, controls: true))
      #expect(needed.patients % 3 == 0 && needed.power >= 0.85)
      #expect(try plan.cohort(patients: needed.patients - 3, controls: true).power < 0.85)
      let treated = plan.assignment(needed.patients).count { $0 }
      #expect(Double(treated) == ratio * Double(needed.patients - treated))
    }
    // As many in both arms show most.
    let even = try StudyPlan().cohort(patients: 60, controls: true).power
    #expect(try StudyPlan(allocation: 2).cohort(patients: 60, controls: true).power < even)
  }

  @Test func plannedPowerIsThatOfSimulatedTrials() throws {
    let plan = StudyPlan(dropout: 0.3, dropoutPattern: .early, allocation: 2)
    let looks = GroupSequentialDesign(information: [0.5, 1], hasFutility: true)
    let study = PlanningCalibration(
      scenarios: [
        .init("one analysis", patients: 60, plan: plan),
        .init("two looks", patients: 60, plan: plan, design: looks),
      ], replicates: 200)
    var generator = TestGenerator(31)
    for row in try study.run(using: &generator) {
      let error = (row.planned * (1 - row.planned) / 200).squareRoot()
      #expect(abs(row.power - row.planned) < 4 * error, "\(row)")
      #expect(row.level < 0.05 + 4 * 0.0154 && row.failures == 0, "\(row)")
      #expect(abs(row.meanPatients - row.plannedPatients) < 4, "\(row)")
    }
  }

  @Test(.enabled(if: TestTier.isLong)) func analyticPowerAgreesWithSimulation() throws {
    let plan = StudyPlan(visitTimes: [-4, -2, 0, 2, 4, 6, 8, 10])
    let analytic = try plan.cohort(patients: 24, share: 0.5)
    let simulation = CohortSimulation(
      patients: 24, visitTimes: plan.visitTimes, visitJitter: 0, therapyTimes: [0],
      slopeChange: 0.0225)
    var generator = TestGenerator(8)
    var significant = 0
    let cohorts = 400
    for _ in 0..<cohorts {
      let fit = try MixedModel().fit(simulation.table(using: &generator))
      if try fit.kenwardRoger().effects[2].estimate.p < 0.05 { significant += 1 }
    }
    // Three Monte Carlo standard errors of a proportion.
    let share = Double(significant) / Double(cohorts)
    #expect(abs(share - analytic.power) < 3 * 0.025, "\(share) \(analytic.power)")
  }
}
