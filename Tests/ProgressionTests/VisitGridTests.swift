import Testing

@testable import Progression

@Suite struct VisitGridTests {
  /// Visits 0, 1, 2, 3, 6, 9, 12 of 60 patients, and the same visits on dates about them.
  private func courses(
    jitter: Double, stops: Bool = false, seed: UInt64 = 71_050, patients: Int = 60
  ) -> (nominal: [[(time: Double, value: Double)]], dated: [[(time: Double, value: Double)]]) {
    var generator = TestGenerator(seed)
    let plan: [Double] = [0, 1, 2, 3, 6, 9, 12]
    var (nominal, dated): ([[(time: Double, value: Double)]], [[(time: Double, value: Double)]]) =
      ([], [])
    for patient in 0..<patients {
      let own = stops && patient % 3 == 0 ? Array(plan.prefix(2 + patient % 5)) : plan
      let values = own.map { _ in generator.nextNormal() }
      let times = own.map {
        $0 == 0 ? 0 : (100 * ($0 + jitter * generator.nextNormal())).rounded() / 100
      }
      nominal.append(zip(own, values).map { (time: $0, value: $1) })
      dated.append(zip(times, values).map { (time: $0, value: $1) })
    }
    return (nominal, dated)
  }

  /// Real dates of an uneven schedule are its visits, with every value.
  @Test(arguments: [false, true], [0.05, 0.1])
  func datesOfAnUnevenSchedule(stops: Bool, jitter: Double) throws {
    for seed in [71_050, 71_051, 71_052] as [UInt64] {
      let (nominal, dated) = courses(jitter: jitter, stops: stops, seed: seed)
      let exact = VisitGrid(nominal.map { $0.map(\.time) }, limit: 24)
      let grid = VisitGrid(dated.map { $0.map(\.time) }, limit: 24)
      #expect(exact.visits == [1, 2, 3, 6, 9, 12] && exact.basis == .exact)
      #expect(exact.remarks(nominal.map { $0.map(\.time) }).isEmpty)
      #expect(grid.visits == exact.visits && grid.basis == .clustered, "\(grid.visits)")
      for (a, b) in zip(nominal, dated) { #expect(exact.values(a) == grid.values(b)) }
      #expect(grid.remarks(dated.map { $0.map(\.time) }).count == 1)
    }
  }

  /// Windows that touch: next to every value is at its visit, and none is lost.
  @Test func datesWhoseWindowsTouch() throws {
    let (nominal, dated) = courses(jitter: 0.17, patients: 400)
    let grid = VisitGrid(dated.map { $0.map(\.time) }, limit: 24)
    #expect(grid.visits == [1, 2, 3, 6, 9, 12], "\(grid.visits)")
    let exact = VisitGrid(nominal.map { $0.map(\.time) }, limit: 24)
    var wrong = 0
    for (a, b) in zip(nominal, dated) {
      for (x, y) in zip(a, b) where y.time > 0 && exact.place(x.time) != grid.place(y.time) {
        wrong += 1
      }
      #expect(b.allSatisfy { $0.time <= 0 || grid.place($0.time) != nil })
    }
    #expect(wrong < 20, "\(wrong)")
  }

  /// Days before and after a start in the middle of the courses, in days.
  @Test func datesAboutAStartOfTherapy() throws {
    var generator = TestGenerator(3)
    let courses = (0..<80).map { _ in
      [-112.0, -56, 0, 14, 28, 84, 168].map { ($0 + 3 * generator.nextNormal()).rounded() }
    }
    let grid = VisitGrid(courses, limit: 24)
    #expect(grid.visits.count == 4, "\(grid.visits)")
    for (visit, plan) in zip(grid.visits, [14.0, 28, 84, 168]) { #expect(abs(visit - plan) <= 1) }
    let lost = courses.joined().count { $0 > 0 && grid.place($0) == nil }
    let near = courses.joined().count { $0 > 0 && $0 < 7 }
    #expect(abs(lost - near) <= 2)
    #expect(grid.remarks(courses).contains { $0.hasPrefix("\(lost) values after time zero") })
  }

  /// A date between two visits goes to the nearer and shares it; the others stay where they are.
  @Test func aDateBetweenVisitsIsToldAndNotLost() throws {
    var (_, dated) = courses(jitter: 0.1)
    dated[4].append((time: 4.2, value: 100))
    let times = dated.map { $0.map(\.time) }
    let grid = VisitGrid(times, limit: 24)
    #expect(grid.visits == [1, 2, 3, 6, 9, 12], "\(grid.visits)")
    let own = try #require(dated[4].first { grid.place($0.time) == 2 })
    #expect(agree(try #require(grid.values(dated[4])[2]), (own.value + 100) / 2, relative: 1e-12))
    #expect(grid.remarks(times).contains { $0.hasPrefix("2 values share a visit") })
  }

  /// Repetitions of a time count as their mean, in whatever order they stand.
  @Test func repetitionsOfAVisitCountAsTheirMean() throws {
    let grid = VisitGrid([[0, 1, 2], [0, 1, 2, 2]], limit: 24)
    let rows = [(time: 1.0, value: 5.0), (time: 2, value: 7), (time: 2, value: 10)]
    #expect(grid.values(rows) == [5, 8.5] && grid.values(rows.reversed()) == [5, 8.5])
    #expect(
      grid.remarks([[0, 1, 2, 2]]) == [
        "2 values share a visit with another of the same patient; the mean of a visit counts"
      ])
    let changes = VisitChanges([[(time: 0, value: 1), (time: 0, value: 3), (time: 1, value: 5)]])
    #expect(changes.baselines == [2] && changes.changes == [[3]])
  }

  @Test func namedVisitsTakeTheNearestValues() throws {
    let grid = VisitGrid([[0, 0.2, 0.9, 1.6, 2.8, 7]], limit: 24, named: [1, 2, 3, 6])
    #expect(grid.visits == [1, 2, 3, 6] && grid.basis == .named)
    #expect([0, 0.2, 0.9, 1.6, 2.8, 7].map { grid.place($0) } == [nil, nil, 0, 1, 2, 3])
  }

  /// Dates without any schedule keep the even grid, and it is said.
  @Test func datesWithoutAScheduleAreTold() throws {
    var generator = TestGenerator(5)
    let courses = (0..<40).map { _ in
      (0..<30).map { _ in 36 * Double(generator.next() >> 11) / Double(1 << 53) }
    }
    let grid = VisitGrid(courses, limit: 24)
    #expect(grid.basis == .even)
    #expect(grid.remarks(courses).first?.contains("show no schedule") == true)
  }

  /// Arms by dates are those by nominal visits: a schedule that was planned is found again.
  @Test func armsByDatesAreThoseByNominalVisits() throws {
    let (nominal, dated) = courses(jitter: 0.1)
    func table(_ courses: [[(time: Double, value: Double)]]) throws -> LongitudinalTable {
      try LongitudinalTable(
        courses.enumerated().flatMap { patient, course in
          course.map {
            LongitudinalTable.Row(
              subject: "P\(patient)", time: $0.time, value: $0.value,
              arm: patient % 2 == 0 ? "placebo" : "active")
          }
        })
    }
    let exact = try RandomisedArms().fit(table(nominal))
    let found = try RandomisedArms().fit(table(dated))
    #expect(found.visits == exact.visits && exact.remarks.isEmpty)
    #expect(found.visits.reduce(0) { $0 + $1.patients.reduce(0, +) } == 360)
    let named = try RandomisedArms(visits: [1, 2, 3, 6, 9, 12]).fit(table(dated))
    #expect(named.visits == exact.visits)
    // Values that name their visits are compared there whenever they were measured.
    var rows = try table(dated).rows
    for (index, row) in try table(nominal).rows.enumerated() {
      rows[index].visit = row.time
      rows[index].time += index % 3 == 0 ? 1.4 : 0
    }
    rows.append(
      LongitudinalTable.Row(subject: "P0", time: 4.5, value: 99, arm: "placebo"))
    let told = try RandomisedArms().fit(LongitudinalTable(rows))
    #expect(told.visits == exact.visits)
    #expect(told.remarks == ["1 value without a nominal visit left out"])
  }
}
