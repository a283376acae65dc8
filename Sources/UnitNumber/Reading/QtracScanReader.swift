import Foundation

/// Reads CMAP scans from Qtrac `.MEM` text exports (MScan protocols).
///
/// The text is Latin-1 with CR LF line ends and fields padded with tabs and blanks; dates are
/// day/month/year. The fitted model inside the file is kept as comparator.
public enum QtracScanReader {
  /// Reads one file; throws `UnitNumberError` naming file, line, finding and expectation.
  public static func read(_ url: URL) throws -> CMAPScan {
    try parse(TextLines(url: url))
  }

  /// Most units of a fitted model: far above what a muscle has.
  private static let unitLimit = 10_000

  static func parse(_ text: TextLines) throws -> CMAPScan {
    var acquisition = CMAPScanAcquisition()
    var header = true
    var scanPoints: (numbers: [Int], line: Int)?
    var stimuli: [Double] = []
    var responses: [Double] = []
    var variables: [String: Double] = [:]
    var units: [ComparatorFit.Unit] = []
    var unitsLeft = 0
    for (index, raw) in text.lines.enumerated() {
      let line = index + 1
      let fields = raw.split(separator: "\t").map { $0.trimmed }.filter { !$0.isEmpty }
      guard let first = fields.first else { continue }
      if unitsLeft > 0 {
        units.append(try unit(fields, text, line))
        unitsLeft -= 1
      } else if first.hasPrefix("M-SCAN DATA") {
        header = false
      } else if header {
        try readHeader(first, fields, into: &acquisition, text, line)
      } else if first.hasPrefix("Scanpts:") {
        let numbers = first.dropFirst(8).split(separator: ",").map { Int($0.trimmed) }
        guard numbers.count == 4, let all = numbers as? [Int] else {
          throw text.error(
            line: line, found: raw.trimmed.quotedExcerpt, expected: "Scanpts: and four numbers")
        }
        scanPoints = (all, line)
      } else if first.hasPrefix("MS.") {
        try readPoint(fields, number: stimuli.count + 1, text, line, &stimuli, &responses)
      } else if first.hasPrefix("!"), let count = Int(first.dropFirst().trimmed) {
        guard (0...Self.unitLimit).contains(count) else {
          throw text.error(
            line: line, found: "\(count) units of the fitted model",
            expected: "0 to \(Self.unitLimit)")
        }
        unitsLeft = count
      } else if first.hasPrefix("MS"), let equals = first.firstIndex(of: "="),
        let value = number(first[first.index(after: equals)...])
      {
        variables[first[..<equals].trimmed] = value
      }
    }
    guard !stimuli.isEmpty else {
      throw text.error(
        line: max(text.lines.count, 1), found: "no line MS.1", expected: "the points of a scan",
        remedy: "export the scan with its M-SCAN DATA section")
    }
    if unitsLeft > 0 {
      throw text.error(
        line: text.lines.count, found: "\(units.count) units of the fitted model",
        expected: "\(units.count + unitsLeft)", remedy: "the file is cut off: export it again")
    }
    let parts = try prePost(scanPoints, pointCount: stimuli.count, text)
    let hasFit = !units.isEmpty || variables["MSFNUnits"] != nil
    return CMAPScan(
      name: text.fileName, stimulusMilliamps: stimuli, responseMillivolts: responses,
      preScanCount: parts?.pre, postScanCount: parts?.post, acquisition: acquisition,
      comparator: hasFit ? ComparatorFit(units: units, variables: variables) : nil)
  }

  /// `Scanpts: a1, a2, b1, b2` (1-based): pre-scan of a1 points; no response from point b1 on.
  ///
  /// The post-scan counts from b1: b2 is mostly the last point, and one point tells no noise.
  private static func prePost(
    _ points: (numbers: [Int], line: Int)?, pointCount: Int, _ text: TextLines
  ) throws -> (pre: Int, post: Int)? {
    guard let points else { return nil }
    let (pre, postStart) = (points.numbers[0], points.numbers[2])
    guard pre >= 0, pre < postStart, postStart <= points.numbers[3],
      points.numbers[3] <= pointCount + 1
    else {
      throw text.error(
        line: points.line, found: "Scanpts \(points.numbers)",
        expected: "ascending numbers within the \(pointCount) points of the scan")
    }
    return (pre, pointCount - postStart + 1)
  }

  private static func readPoint(
    _ fields: [String], number expected: Int, _ text: TextLines, _ line: Int,
    _ stimuli: inout [Double], _ responses: inout [Double]
  ) throws {
    guard fields.count == 3, let stimulus = number(fields[1]), let response = number(fields[2])
    else {
      throw text.error(
        line: line, found: fields.joined(separator: " ").quotedExcerpt,
        expected: "MS.\(expected), a stimulus in mA and a response in mV")
    }
    guard Int(fields[0].dropFirst(3)) == expected else {
      throw text.error(line: line, found: fields[0].quotedExcerpt, expected: "MS.\(expected)")
    }
    guard stimulus > 0 else {
      throw text.error(line: line, found: "stimulus \(fields[1])", expected: "a current above 0 mA")
    }
    stimuli.append(stimulus)
    responses.append(response)
  }

  private static func unit(
    _ fields: [String], _ text: TextLines, _ line: Int
  ) throws -> ComparatorFit.Unit {
    let values = fields.compactMap { number($0) }
    guard fields.count == 4, values.count == 4 else {
      throw text.error(
        line: line, found: fields.joined(separator: " ").quotedExcerpt,
        expected: "a unit of the fitted model: number, threshold, amplitude %, spread %")
    }
    return ComparatorFit.Unit(
      thresholdMilliamps: values[1], amplitudePercent: values[2], relativeSpreadPercent: values[3])
  }

  private static func readHeader(
    _ key: String, _ fields: [String], into record: inout CMAPScanAcquisition, _ text: TextLines,
    _ line: Int
  ) throws {
    guard fields.count > 1 else { return }
    let value = fields[1...].joined(separator: " ")
    switch key {
    // "Name:" is left unread: it names the patient.
    case "Protocol:": record.protocolName = value
    case "Date:": record.date = try isoDate(value, text, line)
    case "Start time:": record.startTime = value
    case "Age:": record.ageYears = number(value)
    case "Sex:": record.sex = value
    case "Temperature:": record.temperatureCelsius = number(value)
    case "S/R sites:":
      record.sites = value
      record.muscle = value.split(separator: "-").last.map { $0.trimmed }
    case "NC/disease:": record.group = value
    case "Operator:": record.operatorCode = value
    case "Comments:": record.comments = value
    default: break
    }
  }

  /// Day/month/year with a year of two or four digits, as year-month-day.
  private static func isoDate(_ value: String, _ text: TextLines, _ line: Int) throws -> String {
    let parts = value.split(separator: "/").map { Int($0.trimmed) }
    guard parts.count == 3, let day = parts[0], let month = parts[1], var year = parts[2],
      (1...31).contains(day), (1...12).contains(month), year >= 0
    else {
      throw text.error(
        line: line, found: "date \(value.quotedExcerpt)", expected: "day/month/year")
    }
    // The format is younger than 1970: two digits from 70 on are of the twentieth century.
    if year < 100 { year += year < 70 ? 2000 : 1900 }
    return twoDigits(year, width: 4) + "-" + twoDigits(month) + "-" + twoDigits(day)
  }

  private static func twoDigits(_ value: Int, width: Int = 2) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func number(_ text: some StringProtocol) -> Double? {
    Double(text.trimmed).flatMap { $0.isFinite ? $0 : nil }
  }
}
