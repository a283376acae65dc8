import Testing

@testable import Decomposition

@Suite struct JointAgreementPredictionTests {
  private let law = JointAgreementPrediction()

  @Test func halvesThatDoNotFindEachOtherRuleAUnitOut() {
    // A silhouette and a rhythm that would do by themselves.
    let apart = law.agreement(silhouette: 0.93, variation: 0.18, crossFit: 0.4)
    let alike = law.agreement(silhouette: 0.93, variation: 0.18, crossFit: 1)
    #expect(apart < ArrayConfiguration().agreementLimit)
    #expect(alike > 0.9)
  }

  @Test func eachFigureCountsItsWay() {
    let usual = law.agreement(silhouette: 0.95, variation: 0.25, crossFit: 0.9)
    #expect(usual > 0 && usual < 1)
    #expect(law.agreement(silhouette: 0.99, variation: 0.25, crossFit: 0.9) > usual)
    #expect(law.agreement(silhouette: 0.95, variation: 0.35, crossFit: 0.9) < usual)
    #expect(law.agreement(silhouette: 0.95, variation: 0.25, crossFit: 0.95) > usual)
  }

  @Test func extremesStayWithinBounds() {
    for silhouette in [-1, 0, 1, 2] {
      let value = law.agreement(silhouette: Double(silhouette), variation: 9, crossFit: 0)
      #expect(value >= 0 && value <= 1)
    }
  }
}
