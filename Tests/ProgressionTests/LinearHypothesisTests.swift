import Progression
import Testing

@Suite struct LinearHypothesisTests {
  @Test func oneCombinationIsTheSquaredT() throws {
    let table = try ReferenceData.cohort("als40_dropout.csv")
    let correction = try MixedModel().fit(table).kenwardRoger()
    let t = correction.estimate([0, 0, 1])
    let f = try correction.test([[0, 0, 1]])
    #expect(agree(f.f, t.t * t.t, relative: 1e-8))
    #expect(agree(f.denominator, t.degreesOfFreedom, relative: 1e-8))
    #expect(agree(f.p, t.p, relative: 1e-8))
  }

  @Test func balancedRandomCoefficientsGiveHotellingsTest() throws {
    // 27 children at the same four ages: the joint test of two sex effects is Hotelling's T2 with
    // 2 and 27 - 2 - 1 = 24 degrees of freedom, F = T2 (24 / 25) / 2.
    let item = MixedModelTests.cases[3]
    let table = try MixedModelTests.table(item.file)
    let fit = try item.model.fit(table)
    let hypothesis = try fit.kenwardRoger().test([[0, 0, 1, 0], [0, 0, 0, 1]])
    #expect(agree(hypothesis.denominator, 24, relative: 1e-5))
    let (a, b, c) = (fit.covariance[2][2], fit.covariance[2][3], fit.covariance[3][3])
    let (x, y) = (fit.coefficients[2], fit.coefficients[3])
    let squared = (c * x * x - 2 * b * x * y + a * y * y) / (a * c - b * b)
    #expect(agree(hypothesis.f, squared * 24 / 25 / 2, relative: 1e-5))
    #expect(throws: ProgressionError.self) {
      try fit.kenwardRoger().test([[0, 0, 1, 0], [0, 0, 2, 0]])
    }
  }
}
