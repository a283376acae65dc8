import Foundation
import Testing

@testable import Registry

@Suite struct CivilDateTests {
  @Test func daysAgreeWithTheCalendar() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    for number in stride(from: -80_000, through: 80_000, by: 317) {
      let date = Date(timeIntervalSince1970: Double(number) * 86_400)
      let expected = calendar.dateComponents([.year, .month, .day], from: date)
      let found = CivilDate(dayNumber: number).components
      #expect(found.year == expected.year && found.month == expected.month)
      #expect(found.day == expected.day)
      #expect(CivilDate(year: found.year, month: found.month, day: found.day)?.dayNumber == number)
      #expect(CivilDate(CivilDate(dayNumber: number).description)?.dayNumber == number)
    }
  }

  @Test(arguments: [
    "2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1-1", "2026", "", "2026-01-5x",
    "2026-04-31", "1500-01-01", "٢٠٢٦-01-01",
  ]) func otherTextsAreNoDates(_ text: String) {
    #expect(CivilDate(text) == nil)
  }

  @Test func theOrderOfThePartsIsGiven() throws {
    let expected = try day("2026-03-04")
    #expect(CivilDate("4.3.2026", format: .dayMonthYear) == expected)
    #expect(CivilDate("03/04/2026", format: .monthDayYear) == expected)
    #expect(CivilDate("2024-02-29")?.adding(days: 1) == CivilDate("2024-03-01"))
    #expect(try day("2026-03-04") < day("2026-03-05"))
  }
}
