import Progression
import Testing

@Suite struct MegascoreTests {
  private func row(
    _ subject: String, _ time: Double, _ muscle: String?, _ value: Double, error: Double? = nil
  ) -> LongitudinalTable.Row {
    LongitudinalTable.Row(
      subject: subject, time: time, value: value, standardError: error, muscle: muscle)
  }

  @Test func sumOverTheFixedSet() throws {
    let score = try Megascore(muscles: ["APB", "ADM", "TA"])
    #expect(try score.score(["APB": 120, "ADM": 80, "TA": 100, "BB": 999]) == 300)
    #expect(
      throws: ProgressionError.notEstimable(effect: "the megascore", reason: "no value of TA")
    ) {
      try score.score(["APB": 120, "ADM": 80])
    }
  }

  @Test func meanOfStandardScores() throws {
    let score = try Megascore(
      muscles: ["APB", "TA"],
      combination: .meanStandardScore([
        "APB": .init(mean: 191, standardDeviation: 44),
        "TA": .init(mean: 152, standardDeviation: 39),
      ]))
    // z = -2 and -1.
    #expect(agree(try score.score(["APB": 103, "TA": 113]), -1.5, relative: 1e-12))
  }

  @Test func visitsWithoutAMuscleAreRefusedAndListed() throws {
    let table = try LongitudinalTable([
      row("B", 3, "APB", 90, error: 3), row("B", 0, "TA", 50, error: 4),
      row("B", 0, "APB", 100, error: 3), row("B", 0, "BB", 7), row("B", 3, nil, 1),
      row("A", 0, "TA", 40), row("A", 0, "APB", 30, error: 1),
    ])
    let course = try Megascore(muscles: ["APB", "TA"]).course(table)
    #expect(course.points.map(\.subject) == ["B", "A"])
    #expect(course.points.map(\.time) == [0, 0])
    #expect(course.points.map(\.value) == [150, 70])
    #expect(course.points.map(\.standardError) == [5, nil])
    #expect(course.refused.count == 1)
    #expect(course.refused.first?.subject == "B" && course.refused.first?.time == 3)
    #expect(course.refused.first?.missing == ["TA"])
  }

  @Test func standardErrorOfTheMeanScore() throws {
    let table = try LongitudinalTable([
      row("A", 0, "TA", 40, error: 6), row("A", 0, "APB", 30, error: 8),
    ])
    let controls = ["TA", "APB"].map { ($0, Megascore.Control(mean: 50, standardDeviation: 10)) }
    let course = try Megascore(
      muscles: ["TA", "APB"],
      combination: .meanStandardScore(Dictionary(uniqueKeysWithValues: controls))
    ).course(table)
    #expect(course.points.count == 1)
    #expect(agree(course.points[0].value, -1.5, relative: 1e-12))
    #expect(agree(course.points[0].standardError ?? 0, 0.5, relative: 1e-12))
  }

  @Test func wrongSetsAndReplicatesAreErrors() throws {
    #expect(throws: ProgressionError.self) { try Megascore(muscles: []) }
    #expect(throws: ProgressionError.self) { try Megascore(muscles: ["TA", "TA"]) }
    #expect(throws: ProgressionError.self) {
      try Megascore(muscles: ["TA"], combination: .meanStandardScore([:]))
    }
    #expect(throws: ProgressionError.self) {
      try Megascore(
        muscles: ["TA"],
        combination: .meanStandardScore(["TA": .init(mean: 5, standardDeviation: 0)]))
    }
    let twice = try LongitudinalTable([row("A", 0, "TA", 40), row("A", 0, "TA", 41)])
    #expect(throws: ProgressionError.self) { try Megascore(muscles: ["TA"]).course(twice) }
  }
}
