import Testing

@testable import Progression

@Suite struct PatternMixtureTests {
  @Test func averagesThePatterns() throws {
    guard let table = try ReferenceData.cohort("als40_dropout.csv"),
      let survival = try ReferenceData.csv("als40_survival.csv")
    else { return }
    let dead = Set(survival.filter { $0["death"] == "1" }.compactMap { $0["patient"] })
    let result = try PatternMixture(table, leavers: dead)
    #expect(result.leavers == 11 && result.completers == 29)
    let expected = result.completerChange.value * 29 / 40 + result.leaverChange.value * 11 / 40
    #expect(agree(result.average.value, expected, relative: 1e-10))
    #expect(result.adjusted.count == 4)
    #expect(
      agree(
        result.adjusted[0].estimate.value, result.average.value - 0.005 * 11 / 40, relative: 1e-10))
    if let tip = result.tippingPoint { #expect(tip < 0) }
    #expect(throws: ProgressionError.self) { try PatternMixture(table, leavers: []) }
  }
}
