import Progression
import Testing

@Suite struct LongitudinalTableTests {
  typealias Row = LongitudinalTable.Row

  @Test func rowsAreCheckedWithTheirNumbers() throws {
    let good = Row(subject: "A", time: 0, value: 1, therapyTime: 2)
    func message(_ rows: [Row]) -> String {
      do {
        _ = try LongitudinalTable(rows)
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(
      message([good, Row(subject: "", time: 0, value: 1)]).hasPrefix("table row 2: found an"))
    #expect(
      message([good, Row(subject: "B", time: .nan, value: 1)]).contains("row 2: found time nan"))
    #expect(
      message([Row(subject: "B", time: 0, value: .infinity)]).contains("row 1: found value inf"))
    #expect(
      message([good, Row(subject: "A", time: 1, value: 1, standardError: 0, therapyTime: 2)])
        .contains("row 2: found standard error 0.0"))
    #expect(
      message([good, Row(subject: "A", time: 1, value: 1, therapyTime: 3)])
        .contains("expected 2.0 as in row 1"))
    #expect(
      message([good, Row(subject: "A", time: 1, value: 1, therapyTime: 2, arm: "x")])
        .contains("expected none as in row 1"))
    #expect(message([]).contains("no rows"))
    #expect(message([good]) == "accepted")
  }

  @Test func zerosAreLeftOutAndCounted() throws {
    let table = try LongitudinalTable([
      Row(subject: "A", time: 0, value: 10, standardError: 1),
      Row(subject: "A", time: 1, value: 0),
      Row(subject: "A", time: 2, value: 5),
    ])
    let log = try table.logTransformed()
    #expect(log.table.rows.count == 2)
    #expect(log.zeroRows == [2])
    #expect(agree(log.table.rows[0].value, 2.302585092994046, relative: 1e-15))
    #expect(agree(log.table.rows[0].standardError ?? 0, 0.1, relative: 1e-15))
    #expect(log.remarks.count == 1 && log.remarks[0].hasPrefix("1 value of zero left out"))
    let half = try table.logTransformed(zeros: .halfDetectionLimit(2))
    #expect(half.table.rows.count == 3 && half.table.rows[1].value == 0)
    #expect(half.zeroRows == [2])
    #expect(throws: ProgressionError.self) {
      try LongitudinalTable([Row(subject: "A", time: 0, value: -1)]).logTransformed()
    }
    #expect(throws: ProgressionError.self) {
      try LongitudinalTable([Row(subject: "A", time: 0, value: 0)]).logTransformed()
    }
  }

  @Test func subjectsKeepTheirOrderAndSortTheirVisits() throws {
    let table = try LongitudinalTable([
      Row(subject: "B", time: 3, value: 1), Row(subject: "A", time: 0, value: 2),
      Row(subject: "B", time: 1, value: 3),
    ])
    #expect(table.subjects.map(\.subject) == ["B", "A"])
    #expect(table.subjects[0].rows.map(\.time) == [1, 3])
  }
}
