import Testing

@testable import Progression

/// Values from published tables and from R 4.2 (pnorm, qnorm, pt, qt, pf, pchisq, pbeta).
@Suite struct DistributionTests {
  @Test func normal() {
    #expect(agree(NormalDistribution.cumulative(1.96), 0.9750021048517795, relative: 1e-14))
    #expect(agree(NormalDistribution.cumulative(-10), 7.619853024160527e-24, relative: 1e-12))
    #expect(agree(NormalDistribution.quantile(0.975), 1.959963984540054, relative: 1e-14))
    #expect(agree(NormalDistribution.quantile(1e-10), -6.361340902404056, relative: 1e-13))
    #expect(agree(NormalDistribution.quantile(1e-300), -37.0471, relative: 1e-6))
    #expect(agree(NormalDistribution.twoSided(1.959963984540054), 0.05, relative: 1e-13))
    for p in [1e-8, 0.01, 0.3, 0.5, 0.77, 0.999_99] {
      let back = NormalDistribution.cumulative(NormalDistribution.quantile(p))
      #expect(agree(back, p, relative: 1e-12))
    }
  }

  @Test func studentT() {
    // Classic table: t(.975) of 1, 5, 30 degrees of freedom.
    #expect(agree(StudentT.quantile(0.975, degreesOfFreedom: 1), 12.7062047361747, relative: 1e-12))
    #expect(
      agree(StudentT.quantile(0.975, degreesOfFreedom: 5), 2.570581835636314, relative: 1e-12))
    #expect(
      agree(StudentT.quantile(0.975, degreesOfFreedom: 30), 2.042272456301238, relative: 1e-12))
    #expect(
      agree(
        StudentT.twoSided(36.8383072804749, degreesOfFreedom: 17), 1.170887e-17,
        relative: 1e-5))
    for df in [0.7, 2.5, 17, 92.7, 5_000] {
      for p in [0.001, 0.2, 0.6, 0.999_999] {
        let back = StudentT.cumulative(
          StudentT.quantile(p, degreesOfFreedom: df), degreesOfFreedom: df)
        #expect(agree(back, p, relative: 1e-11))
      }
    }
  }

  @Test func tailsOfChiSquaredAndF() {
    #expect(
      agree(ChiSquared.upperTail(3.841458820694124, degreesOfFreedom: 1), 0.05, relative: 1e-12))
    #expect(
      agree(
        ChiSquared.upperTail(18.307038053275146, degreesOfFreedom: 10), 0.05,
        relative: 1e-12))
    #expect(
      agree(
        ChiSquared.quantile(0.95, degreesOfFreedom: 10), 18.307038053275146,
        relative: 1e-10))
    // F(1, df) is the square of t(df).
    #expect(
      agree(
        FDistribution.upperTail(2.5 * 2.5, numerator: 1, denominator: 17.3),
        StudentT.twoSided(2.5, degreesOfFreedom: 17.3), relative: 1e-12))
    // Table value: F(.95; 3, 10) = 3.708264820.
    #expect(
      agree(
        FDistribution.upperTail(3.708_264_820, numerator: 3, denominator: 10), 0.05,
        relative: 1e-8))
  }

  @Test func incompleteBetaHasItsClosedForms() {
    // I_x(1, b) = 1 - (1 - x)^b, I_x(a, 1) = x^a, I_x(a, b) = 1 - I_1-x(b, a).
    #expect(
      agree(IncompleteBeta.regularised(0.3, 1, 4), 1 - 0.7 * 0.7 * 0.7 * 0.7, relative: 1e-13))
    #expect(agree(IncompleteBeta.regularised(0.3, 3, 1), 0.027, relative: 1e-13))
    #expect(
      agree(
        IncompleteBeta.regularised(0.4, 2.5, 7.5), 1 - IncompleteBeta.regularised(0.6, 7.5, 2.5),
        relative: 1e-12))
  }

  @Test func binomialAndItsInterval() {
    #expect(
      agree(BinomialDistribution.probability(3, trials: 10, p: 0.5), 0.1171875, relative: 1e-12))
    // Wilson interval of 8 of 10: .490 to .943 (Newcombe 1998).
    let interval = BinomialDistribution.wilsonInterval(successes: 8, trials: 10)
    #expect(agree(interval.lowerBound, 0.4901625, relative: 1e-5))
    #expect(agree(interval.upperBound, 0.9433178, relative: 1e-5))
  }
}
