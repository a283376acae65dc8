import Progression
import Testing

@Suite struct LikelihoodRatioTestTests {
  @Test func varianceAtItsBoundary() throws {
    let table = try ReferenceData.cohort("als60_two_arm.csv", arm: true)
    let m3 = try MixedModel(armEffects: .slopeChange).fit(table)
    let m1 = try MixedModel(randomEffects: .m1, armEffects: .slopeChange).fit(table)
    let test = try LikelihoodRatioTest(larger: m3, smaller: m1)
    #expect(test.degreesOfFreedom == 1)
    #expect(agree(test.statistic, m1.criterion - m3.criterion, relative: 1e-12))
    #expect(agree(try #require(test.boundaryP), test.p / 2, relative: 1e-12))
  }

  @Test func restrictedFitsOfDifferentFixedEffectsAreRefused() throws {
    let table = try ReferenceData.cohort("als60_two_arm.csv", arm: true)
    let with = try MixedModel(armEffects: .slopeChange).fit(table)
    let without = try MixedModel().fit(table)
    #expect(throws: ProgressionError.self) {
      try LikelihoodRatioTest(larger: with, smaller: without)
    }
    let fullWith = try MixedModel(criterion: .full, armEffects: .slopeChange).fit(table)
    let fullWithout = try MixedModel(criterion: .full).fit(table)
    let test = try LikelihoodRatioTest(larger: fullWith, smaller: fullWithout)
    #expect(test.boundaryP == nil)
    // The Wald test of the same effect agrees in size: t = 2.46 to 2.50, so chi-squared near 6.1.
    #expect(test.statistic > 5 && test.statistic < 7 && test.p < 0.03)
  }
}
