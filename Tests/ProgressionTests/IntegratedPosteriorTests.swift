import TestSupport
import Testing

@testable import Progression

@Suite struct IntegratedPosteriorTests {
  @Test(.enabled(if: TestTier.isLong)) func manyPatientsGiveTheEmpiricalBayesAnswer() throws {
    let table = try ReferenceData.cohort("als40_dropout.csv")
    let fit = try MixedModel().fit(table)
    let integrated = try fit.integratedPosterior()
    let plain = try fit.subjectSlopes()
    #expect(integrated.points > 100)
    let post = try #require(integrated.effects.first { $0.name == "post" })
    let reference = try fit.kenwardRoger().effects[2].estimate
    // With 40 patients the posterior of the mean agrees with Kenward-Roger to a few percent.
    #expect(agree(post.mean, reference.value, relative: 0.05))
    #expect(agree(post.standardDeviation, reference.standardError, relative: 0.08))
    for (a, b) in zip(integrated.subjects, plain) {
      // A larger SD of u2 is possible too, which draws a patient less towards the others.
      #expect(abs(a.slopes.change - b.change) < 1.3 * b.changeSD)
      // The SD of u2 is uncertain (a third of it is its standard error), which widens single patients.
      #expect(a.slopes.changeSD > 0.95 * b.changeSD && a.slopes.changeSD < 1.8 * b.changeSD)
      #expect(a.lower < a.slopes.change && a.upper > a.slopes.change)
    }
  }

  @Test func boundaryFitsKeepVariationBetweenPatients() throws {
    var generator = TestGenerator(2)
    let table = CohortSimulation(patients: 8, sdSlopeChange: 0).table(using: &generator)
    let fit = try MixedModel(randomEffects: .uncorrelated).fit(table)
    try #require(fit.isSingular)
    let plain = try fit.subjectSlopes()
    // At a zero variance every patient has the cohort's change of slope.
    #expect(agree(plain[0].change, plain[7].change, relative: 1e-9))
    let integrated = try fit.integratedPosterior()
    let changes = integrated.subjects.map(\.slopes.change)
    #expect((changes.max() ?? 0) - (changes.min() ?? 0) > 1e-3)
    for (a, b) in zip(integrated.subjects, plain) {
      #expect(a.slopes.changeSD > b.changeSD)
    }
  }

  @Test(.enabled(if: TestTier.isLong)) func theLatticeAgreesWithAFinerOne() throws {
    var generator = TestGenerator(11)
    let table = CohortSimulation(patients: 8).table(using: &generator)
    let fit = try MixedModel().fit(table)
    let coarse = try fit.integratedPosterior()
    let fine = try fit.integratedPosterior(prior: VariancePrior(spacing: 1.2, depth: 8))
    #expect(fine.points > 2 * coarse.points)
    for (a, b) in zip(coarse.subjects, fine.subjects) {
      #expect(agree(a.slopes.changeSD, b.slopes.changeSD, relative: 0.04))
      #expect(abs(a.probabilityOfSlowing - b.probabilityOfSlowing) < 0.01)
    }
  }

  /// A posterior in points a day is that in percent a month in other words.
  @Test func unitsOfValuesAndTimeDoNotMatter() throws {
    var generator = TestGenerator(31)
    let table = CohortSimulation(patients: 8).table(using: &generator)
    let other = try LongitudinalTable(
      table.rows.map { row in
        LongitudinalTable.Row(
          subject: row.subject, time: 30 * row.time, value: 100 * row.value,
          therapyTime: row.therapyTime.map { 30 * $0 })
      })
    let first = try MixedModel().fit(table).integratedPosterior()
    let second = try MixedModel().fit(other).integratedPosterior()
    #expect(first.points == second.points)
    for (a, b) in zip(first.subjects, second.subjects) {
      #expect(agree(a.probabilityOfSlowing, b.probabilityOfSlowing, relative: 1e-3))
      #expect(agree(a.lower * 100 / 30, b.lower, relative: 1e-3, absolute: 1e-3))
      #expect(agree(a.upper * 100 / 30, b.upper, relative: 1e-3, absolute: 1e-3))
    }
  }

  /// 95 % intervals of the patients' own changes hold the truth, whatever the measure; the values of
  /// four measures on their own scales, boundary fits included, seeds not used to choose the prior.
  @Test(
    .enabled(if: TestTier.isLong),
    arguments: [
      (4.55, -0.045, 0.018, 0.45, 0.03, 0.015, 0.12), (38, -1, 0.4, 4, 0.45, 0.25, 1.5),
      (80, -2.2, 0.8, 15, 1.2, 0.8, 5), (6, -0.25, 0.1, 2, 0.15, 0.08, 0.5),
    ])
  func intervalsCover(
    _ measure: (Double, Double, Double, Double, Double, Double, Double)
  ) throws {
    for (patients, cohorts) in [(6, 60), (12, 40), (20, 30)] {
      let simulation = CohortSimulation(
        patients: patients, intercept: measure.0, slope: measure.1, slopeChange: measure.2,
        sdIntercept: measure.3, sdSlope: measure.4, sdSlopeChange: measure.5,
        measurementSD: measure.6)
      var generator = TestGenerator(90_211)
      var covered = 0
      for _ in 0..<cohorts {
        let truth = simulation.simulate(using: &generator)
        let table = try LongitudinalTable(truth.flatMap(\.rows))
        let posterior = try MixedModel().fit(table).integratedPosterior()
        covered += zip(posterior.subjects, truth).count {
          $0.lower <= $1.slopeChange && $1.slopeChange <= $0.upper
        }
      }
      let share = Double(covered) / Double(patients * cohorts)
      // Four Monte Carlo standard errors of a share of .95 over patients.
      let error = 4 * (0.95 * 0.05 / Double(patients * cohorts)).squareRoot()
      #expect(share > 0.93 - error && share < 0.97 + error, "\(patients) patients: \(share)")
    }
  }

  /// Known errors and the fully correlated model have a posterior too.
  @Test func otherModels() throws {
    var generator = TestGenerator(5)
    let table = CohortSimulation(patients: 8).table(using: &generator)
    let known = try LongitudinalTable(
      table.rows.map { row in
        var row = row
        row.standardError = 0.08
        return row
      })
    let additive = try MixedModel(measurementError: .additive).fit(known).integratedPosterior()
    let plain = try MixedModel().fit(table).integratedPosterior()
    for (a, b) in zip(additive.subjects, plain.subjects) {
      #expect(agree(a.slopes.changeSD, b.slopes.changeSD, relative: 0.2))
    }
    let full = try MixedModel(randomEffects: .m2).fit(table).integratedPosterior()
    #expect(full.subjects.count == 8 && full.subjects.allSatisfy { $0.lower < $0.upper })
  }

  @Test func mixtureMoments() {
    let mixture = NormalMixture(weights: [0.5, 0.5], means: [-1, 1], deviations: [1, 1])
    #expect(agree(mixture.standardDeviation, 2.0.squareRoot(), relative: 1e-12))
    #expect(abs(mixture.quantile(0.5)) < 1e-9)
    #expect(agree(mixture.cumulative(mixture.quantile(0.9)), 0.9, relative: 1e-9))
  }
}
