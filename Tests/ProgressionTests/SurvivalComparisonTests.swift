import Testing

@testable import Progression

/// Survival of two arms against R 4.2 with survival 3.5-3 (Scripts/references/trial.R).
@Suite struct SurvivalComparisonTests {
  @Test func armsAsInR() throws {
    let comparison = try SurvivalComparison(
      ReferenceTrial.survival(), covariateNames: ["base"], horizon: 9)
    #expect(comparison.arms.map(\.name) == ["0", "1"] && comparison.strata == 3)
    let medians = comparison.arms.map(\.median)
    #expect(medians.map(\.time) == [7, 10.25])
    #expect(medians.map(\.lower) == [5, 5.75] && medians.map(\.upper) == [9.25, 13.25])
    let means = comparison.arms.map(\.restrictedMean)
    #expect(agree(means[0].mean, 6.7309427888855, relative: 1e-11))
    #expect(agree(means[0].standardError, 0.5113204223201, relative: 1e-11))
    #expect(agree(means[1].mean, 7.2400864310587, relative: 1e-11))
    let difference = try #require(comparison.meanDifferences.first)
    #expect(agree(difference.value, means[1].mean - means[0].mean, relative: 1e-12))
    let test = try #require(comparison.logRank)
    #expect(agree(test.statistic, 2.098304765417, relative: 1e-11))
    let cox = try #require(comparison.cox)
    #expect(agree(cox.effects[0].estimate.value, -0.68142883156008, relative: 1e-9))
    #expect(agree(cox.effects[0].estimate.standardError, 0.45069595665731, relative: 1e-9))
    #expect(agree(cox.logLikelihood, -48.507907447493, relative: 1e-11))
    #expect(comparison.joint.isEmpty && comparison.remarks.isEmpty)
  }

  /// Who lives longer or falls less ranks higher; one arm alone has curves and no tests.
  @Test func jointRankFollowsFunction() throws {
    let patients = (0..<20).map { (index: Int) -> SurvivalComparison.Patient in
      let arm = index % 2
      let hasEvent = index < 4
      let time: Double = hasEvent ? Double(index + 1) : 12
      let change = Double(-10 + 3 * arm) - Double(index) / 100
      let record = SurvivalRecord(time: time, hasEvent: hasEvent, group: "\(arm)")
      return SurvivalComparison.Patient(
        subject: "\(index)", record: record, changes: [hasEvent ? nil : change])
    }
    let comparison = try SurvivalComparison(patients)
    let joint = try #require(comparison.joint.first)
    #expect(joint.arm == "1" && joint.control == "0")
    #expect(joint.meanRanks[0] > joint.meanRanks[1] && joint.test.difference.p < 0.05)
    #expect(joint.scores.reduce(0, +) == 0)
    let single = try SurvivalComparison(
      patients.map { patient in
        var own = patient
        own.record.group = ""
        return own
      })
    #expect(single.arms.count == 1 && single.logRank == nil && single.joint.isEmpty)
  }

  /// An arm without any event has no hazard ratio, and the rest of the comparison stands.
  @Test func armWithoutEventsHasNoHazardRatio() throws {
    let patients = (0..<10).map { (index: Int) -> SurvivalComparison.Patient in
      let hasEvent = index < 3
      let time: Double = hasEvent ? Double(5 + index) : 8
      let arm = index < 5 ? "control" : "active"
      let record = SurvivalRecord(time: time, hasEvent: hasEvent, group: arm)
      return SurvivalComparison.Patient(subject: "\(index)", record: record)
    }
    let comparison = try SurvivalComparison(patients)
    #expect(comparison.cox == nil && comparison.remarks.contains { $0.contains("separates") })
    #expect(comparison.logRank != nil && comparison.meanDifferences[0].value > 0)
  }

  @Test func wrongRequestsAreRefused() throws {
    let patients = ReferenceTrial.survival()
    #expect(throws: ProgressionError.self) {
      try SurvivalComparison(patients, covariateNames: ["base"], controlArm: "none")
    }
    #expect(throws: ProgressionError.self) {
      try SurvivalComparison(patients, covariateNames: ["base"], horizon: 99)
    }
    #expect(throws: ProgressionError.self) { try SurvivalComparison([]) }
  }
}
