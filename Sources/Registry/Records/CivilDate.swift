/// A calendar day of the proleptic Gregorian calendar, without time or time zone.
///
/// The registry stores days as whole numbers counted from 1970-01-01 (`dayNumber`), so that
/// differences of days are exact and no time zone can move a visit.
public struct CivilDate: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// Days since 1970-01-01 (negative before).
  public let dayNumber: Int

  /// The day with the given number of days since 1970-01-01.
  public init(dayNumber: Int) {
    // Days far outside any calendar come from damaged files; their parts can still be worked out.
    self.dayNumber = min(max(dayNumber, -1_000_000_000), 1_000_000_000)
  }

  /// The day with the given year (1583 to 9999), month (1 to 12) and day, or nil where there is none.
  ///
  /// Source: day count from civil date by 400-year eras of 146,097 days.
  public init?(year: Int, month: Int, day: Int) {
    guard (1583...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= CivilDate.daysInMonth(year: year, month: month)
    else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    dayNumber = era * 146_097 + dayOfEra - 719_468
  }

  /// Reads `YYYY-MM-DD`, or nil for any other text.
  public init?(_ text: String) {
    self.init(text, format: .yearMonthDay)
  }

  /// Reads a date written in the given order of its parts, or nil where the text is no such date.
  ///
  /// The separator may be `-`, `/` or `.`; the year has four digits.
  public init?(_ text: String, format: CivilDateFormat) {
    let parts = text.split(omittingEmptySubsequences: false) { "-/.".contains($0) }
    guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else {
      return nil
    }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    let order = format.order
    guard parts[order.year].count == 4, parts[order.month].count <= 2, parts[order.day].count <= 2
    else { return nil }
    self.init(year: numbers[order.year], month: numbers[order.month], day: numbers[order.day])
  }

  /// Year, month (1 to 12) and day of the month.
  public var components: (year: Int, month: Int, day: Int) {
    let shifted = dayNumber + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The date as `YYYY-MM-DD`.
  public var description: String {
    let (year, month, day) = components
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// The day a number of days later (earlier where negative).
  public func adding(days: Int) -> CivilDate {
    CivilDate(dayNumber: dayNumber + days)
  }

  /// Whether one day comes before the other.
  public static func < (left: CivilDate, right: CivilDate) -> Bool {
    left.dayNumber < right.dayNumber
  }

  /// Reads the `YYYY-MM-DD` form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let date = CivilDate(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is not a date written YYYY-MM-DD")
    }
    self = date
  }

  /// Writes the `YYYY-MM-DD` form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  private static func daysInMonth(year: Int, month: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    default: 31
    }
  }
}

/// The order in which a table writes the parts of a date.
public enum CivilDateFormat: String, Sendable, Codable, CaseIterable {
  /// `2026-03-31`, the form the registry itself writes.
  case yearMonthDay = "YMD"
  /// `31.03.2026`, `31/03/2026`.
  case dayMonthYear = "DMY"
  /// `03/31/2026`.
  case monthDayYear = "MDY"

  var order: (year: Int, month: Int, day: Int) {
    switch self {
    case .yearMonthDay: (0, 1, 2)
    case .dayMonthYear: (2, 1, 0)
    case .monthDayYear: (2, 0, 1)
    }
  }
}
