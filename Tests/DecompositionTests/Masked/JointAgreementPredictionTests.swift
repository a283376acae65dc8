import Foundation
import Testing

@testable import Decomposition

@Suite struct JointAgreementPredictionTests {
  private let law = JointAgreementPrediction()

  @Test func halvesThatDoNotFindEachOtherRuleAUnitOut() {
    // A silhouette and a rhythm that would do by themselves.
    let apart = agreement(silhouette: 0.93, variation: 0.18, crossFit: 0.4)
    let alike = agreement(silhouette: 0.93, variation: 0.18, crossFit: 1)
    #expect(apart < ArrayConfiguration().agreementLimit)
    #expect(alike > 0.9)
  }

  @Test func eachFigureCountsItsWay() {
    let usual = agreement(silhouette: 0.95, variation: 0.25, crossFit: 0.9)
    #expect(usual > 0 && usual < 1)
    #expect(agreement(silhouette: 0.99, variation: 0.25, crossFit: 0.9) > usual)
    #expect(agreement(silhouette: 0.95, variation: 0.35, crossFit: 0.9) < usual)
    #expect(agreement(silhouette: 0.95, variation: 0.25, crossFit: 0.95) > usual)
    #expect(agreement(silhouette: 0.95, variation: 0.25, crossFit: 0.9, count: 30) < usual)
    // More than the recordings of the fit had say no more.
    #expect(agreement(silhouette: 0.95, variation: 0.25, crossFit: 0.9, count: 900) == usual)
  }

  @Test func lawsKeptBeforeCountOnNoDischarges() throws {
    let kept =
      #"{"constant":-4.503,"silhouetteWeight":0.336,"variationWeight":-11.768,"crossFitWeight":8.992}"#
    let law = try JSONDecoder().decode(JointAgreementPrediction.self, from: Data(kept.utf8))
    #expect(law.dischargesWeight == 0)
    #expect(
      try JSONDecoder().decode(JointAgreementPrediction.self, from: Data("{}".utf8)) == .init())
    let again = try JSONEncoder().encode(JointAgreementPrediction())
    #expect(try JSONDecoder().decode(JointAgreementPrediction.self, from: again) == .init())
  }

  @Test func extremesStayWithinBounds() {
    for silhouette in [-1, 0, 1, 2] {
      for count in [0, 10, 1_000_000] {
        let value = agreement(
          silhouette: Double(silhouette), variation: 9, crossFit: 0, count: count)
        #expect(value >= 0 && value <= 1)
      }
    }
  }

  private func agreement(
    silhouette: Double, variation: Double, crossFit: Double, count: Int = 150
  ) -> Double {
    law.agreement(
      silhouette: silhouette, variation: variation, crossFit: crossFit, dischargeCount: count)
  }
}
