import Progression
import Testing

@Suite struct MannKendallTests {
  @Test func tiesReduceTheVariance() {
    // n = 6 with one pair of equal values: (6*5*17 - 2*1*9) / 18 = 27.3333.
    let result = MannKendall(times: [1, 2, 3, 4, 5, 6], values: [1, 2, 2, 3, 5, 4])
    #expect(result.s == 12)
    #expect(agree(result.variance, 492.0 / 18, relative: 1e-12))
    #expect(agree(result.z, 11 / (492.0 / 18).squareRoot(), relative: 1e-12))
    #expect(agree(result.tau, 12 / (15.0 * 14).squareRoot(), relative: 1e-12))
  }

  @Test func constantValuesHaveNoTrend() {
    let result = MannKendall(times: [1, 2, 3], values: [4, 4, 4])
    #expect(result.s == 0 && result.z == 0 && result.p == 1 && result.tau == 0)
  }
}
