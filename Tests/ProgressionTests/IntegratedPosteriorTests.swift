import TestSupport
import Testing

@testable import Progression

@Suite struct IntegratedPosteriorTests {
  @Test(.enabled(if: TestTier.isLong)) func manyPatientsGiveTheEmpiricalBayesAnswer() throws {
    guard let table = try ReferenceData.cohort("als40_dropout.csv") else { return }
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
      #expect(abs(a.slopes.change - b.change) < 0.7 * b.changeSD)
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
    let fine = try fit.integratedPosterior(prior: VariancePrior(spacing: 0.9, depth: 8))
    #expect(fine.points > 2 * coarse.points)
    for (a, b) in zip(coarse.subjects, fine.subjects) {
      #expect(agree(a.slopes.changeSD, b.slopes.changeSD, relative: 0.04))
      #expect(abs(a.probabilityOfSlowing - b.probabilityOfSlowing) < 0.01)
    }
  }

  @Test func mixtureMoments() {
    let mixture = NormalMixture(weights: [0.5, 0.5], means: [-1, 1], deviations: [1, 1])
    #expect(agree(mixture.standardDeviation, 2.0.squareRoot(), relative: 1e-12))
    #expect(abs(mixture.quantile(0.5)) < 1e-9)
    #expect(agree(mixture.cumulative(mixture.quantile(0.9)), 0.9, relative: 1e-9))
  }
}
