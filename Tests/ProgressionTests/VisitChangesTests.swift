import Testing

@testable import Progression

@Suite struct VisitChangesTests {
  @Test func exactTimesAreTheVisits() {
    let changes = VisitChanges([
      [(time: 0, value: 40.0), (time: 3, value: 37), (time: 6, value: 30)],
      [(time: 0, value: 45.0), (time: 6, value: 44)],
    ])
    #expect(changes.visits == [3, 6] && changes.baselines == [40, 45])
    #expect(changes.changes == [[-3, -10], [nil, -1]])
    let turned = VisitChanges(
      [[(time: 0, value: 1.0), (time: 1, value: 3)]], isLargerBetter: false)
    #expect(turned.changes == [[-2]])
  }

  /// Days off the plan fall to the nearest multiple of the usual gap.
  @Test func scatteredTimesShareVisits() {
    let courses = (0..<40).map { patient in
      (0..<5).map { visit -> (time: Double, value: Double) in
        let off = visit == 0 ? 0 : Double((patient * 7 + visit * 3) % 11 - 5) / 40
        return (Double(visit) + off, Double(10 - visit))
      }
    }
    let changes = VisitChanges(courses)
    #expect(changes.visits.count == 4)
    #expect(changes.changes.allSatisfy { $0 == [-1, -2, -3, -4] })
    #expect(VisitChanges([[]]).baselines == [nil])
  }

  /// With a run-in the last value before time zero is the baseline.
  @Test func runInEndsInTheBaseline() {
    let changes = VisitChanges([
      [(time: -2, value: 9.0), (time: -1, value: 8), (time: 2, value: 5)]
    ])
    #expect(changes.baselines == [8] && changes.changes == [[-3]])
  }
}
