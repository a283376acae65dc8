import Foundation
import Testing

@testable import Simulation

@Suite struct SimulatedCohortTests {
  @Test func slopesHaveTheirMeansAndSpread() throws {
    var settings = SimulatedCohortConfiguration()
    settings.patientsPerArm = 1500
    settings.arms = 2
    let cohort = try simulateCohort(settings)
    #expect(cohort.subjects.count == 3000)
    let before = cohort.subjects.map(\.slopeBefore)
    let mean = before.reduce(0, +) / 3000
    #expect(abs(mean - log(0.955)) < 0.003)
    let variance = before.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3000
    #expect(abs(variance.squareRoot() - 0.03) < 0.002)
    for arm in [0, 1] {
      let group = cohort.subjects.filter { $0.arm == arm }
      let change = group.reduce(0) { $0 + $1.slopeAfter - $1.slopeBefore } / Double(group.count)
      #expect(abs(change - Double(arm) * 0.03) < 0.0015)
    }
  }

  @Test func rowsFollowTheTruthWithoutNoise() throws {
    var settings = SimulatedCohortConfiguration()
    settings.measurementError = 0
    settings.visitJitterMonths = 0
    let cohort = try simulateCohort(settings)
    let subject = cohort.subjects[3]
    let rows = cohort.rows.filter { $0.subject == subject.subject }
    #expect(rows.count == 10)
    #expect(abs(log(rows[2].value / rows[0].value) / 2 - subject.slopeBefore) < 1e-9)
    #expect(abs(log(rows[9].value / rows[4].value) / 5 - subject.slopeAfter) < 1e-9)
  }

  @Test func missingVisitsAndDropoutsThinTheTable() throws {
    var settings = SimulatedCohortConfiguration()
    settings.patientsPerArm = 400
    let full = try simulateCohort(settings)
    #expect(full.rows.count == 4000)
    settings.missingShare = 0.2
    let missing = try simulateCohort(settings)
    #expect(abs(Double(missing.rows.count) - 3200) < 120)
    #expect(Set(missing.rows.map(\.value)).isSubset(of: full.rows.map(\.value)))
    settings.missingShare = 0
    settings.dropoutPerMonth = 0.05
    let dropped = try simulateCohort(settings)
    // Mean over months 0 to 9 of 0.95^month is 0.803.
    #expect(abs(Double(dropped.rows.count) - 3210) < 160)
  }

  @Test func sameSeedSameTable() throws {
    #expect(try simulateCohort(.init()) == simulateCohort(.init()))
  }
}
