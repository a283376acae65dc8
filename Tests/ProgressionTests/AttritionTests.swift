import Testing

@testable import Progression

@Suite struct AttritionTests {
  /// Patients who stop without an event count as having left, unless they are still followed.
  @Test func whoStopsHasLeft() throws {
    let rows = (0..<10).flatMap { patient in
      (0..<(patient < 2 ? 4 : 8)).map { visit in
        LongitudinalTable.Row(subject: "P\(patient)", time: Double(visit), value: 1)
      }
    }
    let table = try LongitudinalTable(rows)
    let plan = Attrition.observedPlan(table, events: [])
    #expect(plan.plannedEnd == 7 && plan.visitGap == 1.5)
    let all = try Attrition(
      table, events: [], plannedEnd: plan.plannedEnd, visitGap: plan.visitGap)
    #expect(all.leftEarly == ["P0", "P1"] && all.unexplained == ["P0", "P1"])
    let followed = try Attrition(
      table, events: [], ongoing: ["P0"], plannedEnd: plan.plannedEnd, visitGap: plan.visitGap)
    #expect(followed.leftEarly == ["P1"])
  }

  @Test func accountsForDropoutAndDeath() throws {
    let table = try ReferenceData.cohort("als40_dropout.csv")
    let survival = try ReferenceData.csv("als40_survival.csv")
    let events = survival.filter { $0["death"] == "1" }.map {
      Attrition.Event(
        subject: $0["patient"] ?? "", time: ReferenceData.number($0["time"]), kind: .death)
    }
    let result = try Attrition(table, events: events, plannedEnd: 14, visitGap: 2.5)
    #expect(result.subjects == 40 && result.counts["death"] == 11)
    #expect(agree(result.deathShare, 11.0 / 40, relative: 1e-12) && result.needsSensitivity)
    #expect(result.warnings.contains { $0.hasPrefix("deaths exceed 10 %") })
    #expect(throws: ProgressionError.self) {
      try Attrition(
        table, events: [Attrition.Event(subject: "nobody", time: 1, kind: .death)], plannedEnd: 14,
        visitGap: 2)
    }
  }
}
