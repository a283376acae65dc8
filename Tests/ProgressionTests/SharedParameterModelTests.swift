import Foundation
import TestSupport
import Testing

@testable import Progression

@Suite struct SharedParameterModelTests {
  @Test func gaussHermiteMoments() {
    let nodes = GaussHermite.nodes(15)
    func expectation(_ f: (Double) -> Double) -> Double {
      nodes.reduce(0) { $0 + $1.weight * f($1.x) }
    }
    #expect(agree(expectation { _ in 1 }, 1, relative: 1e-12))
    #expect(agree(expectation { $0 * $0 }, 1, relative: 1e-12))
    #expect(agree(expectation { $0 * $0 * $0 * $0 }, 3, relative: 1e-11))
  }

  @Test(.enabled(if: TestTier.isLong)) func deathsOfFastProgressors() throws {
    guard let table = try ReferenceData.cohort("als40_dropout.csv"),
      let survival = try ReferenceData.csv("als40_survival.csv")
    else { return }
    let records = survival.map {
      SharedParameterModel.Survival(
        subject: $0["patient"] ?? "", time: ReferenceData.number($0["time"]),
        died: $0["death"] == "1")
    }
    let joint = try SharedParameterModel(table, survival: records)
    #expect(joint.deaths == 11)
    let fit = try MixedModel(criterion: .full).fit(table)
    #expect(agree(joint.changeWithoutDeaths.value, fit.coefficients[2], relative: 1e-9))
    // Without an association both likelihoods separate; with it the joint one can only be better.
    let exposure = records.reduce(0) { $0 + $1.time }
    let separate = fit.criterion - 2 * (11 * log(11 / exposure) - 11)
    #expect(joint.criterion <= separate + 1e-6)
    #expect(joint.change.standardError > 0 && joint.association.standardError > 0)
    #expect(abs(joint.change.value - joint.changeWithoutDeaths.value) < 0.02)
  }
}
