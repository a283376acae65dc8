import Foundation

/// Times of day and dates in cells of a table, such as `09:00:00.0005` or
/// `2025-01-15T09:00:00.000500`.
struct ClockText {
  /// Seconds since the start of the day, and days since an arbitrary day where a date is given.
  var seconds: Double
  /// Seconds of the last digit.
  var resolution: Double

  /// Reads `[date(T| )]hh:mm[:ss[.fff]][ AM|PM][Z|+hh:mm]`, nil where the cell is none.
  init?(_ cell: ArraySlice<UInt8>) {
    // Nearly all cells are numbers: a clock has a colon within its first characters.
    guard cell.count >= 4, cell.count <= 40, cell.contains(UInt8(ascii: ":")) else { return nil }
    var text = String(decoding: cell, as: UTF8.self).uppercased()
    var afternoon: Bool?
    for (mark, isAfternoon) in [("AM", false), ("PM", true)] where text.hasSuffix(mark) {
      afternoon = isAfternoon
      text = String(text.dropLast(2)).trimmingWhitespace()
    }
    if text.hasSuffix("Z") { text.removeLast() }
    let parts = text.split { $0 == "T" || $0 == " " }.map { String($0) }
    guard (1...2).contains(parts.count) else { return nil }
    var days = 0
    if parts.count == 2 {
      guard let day = Self.dayNumber(parts[0]) else { return nil }
      days = day
    }
    var clock = parts[parts.count - 1]
    if let zone = clock.firstIndex(where: { $0 == "+" || $0 == "-" }) {
      clock = String(clock[..<zone])
    }
    let fields = clock.split(separator: ":", omittingEmptySubsequences: false).map {
      $0.replacingOccurrences(of: ",", with: ".")
    }
    guard (2...3).contains(fields.count), var hours = Int(fields[0]), let minutes = Int(fields[1]),
      (0...23).contains(hours), (0...59).contains(minutes)
    else { return nil }
    var seconds = 0.0
    resolution = 60
    if fields.count == 3 {
      guard let value = Double(fields[2]), value >= 0, value < 61 else { return nil }
      seconds = value
      let decimals = fields[2].firstIndex(of: ".").map {
        fields[2].distance(from: $0, to: fields[2].endIndex) - 1
      }
      resolution = pow(10, -Double(min(decimals ?? 0, 9)))
    }
    if let afternoon, hours <= 12 { hours = hours % 12 + (afternoon ? 12 : 0) }
    self.seconds = Double(days) * 86_400 + Double(hours * 3600 + minutes * 60) + seconds
  }

  /// A number that grows by one a day: of `2025-01-15`, `15.01.2025` or `1/15/2025`.
  ///
  /// Whether the day or the month comes first does not matter for times between samples.
  private static func dayNumber(_ text: String) -> Int? {
    let parts = text.split { "-/.".contains($0) }.map { Int($0) }
    guard parts.count == 3, let a = parts[0], let b = parts[1], let c = parts[2],
      [a, b, c].allSatisfy({ (1...9999).contains($0) })
    else { return nil }
    var components = DateComponents()
    if a > 31 {
      (components.year, components.month, components.day) = (a, b, c)
    } else if b > 12 {
      (components.month, components.day, components.year) = (a, b, c)
    } else {
      (components.day, components.month, components.year) = (a, b, c)
    }
    guard (1...12).contains(components.month ?? 0), (1...31).contains(components.day ?? 0) else {
      return nil
    }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    // Counted from a day near recordings, so that microseconds are not lost in Double.
    guard let date = calendar.date(from: components) else { return nil }
    return Int(bounded: date.timeIntervalSince1970 / 86_400 - 20_000, in: -1_000_000...1_000_000)
  }
}
