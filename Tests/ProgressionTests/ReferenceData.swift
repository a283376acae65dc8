import Foundation
import Progression
import TestSupport
import Testing

/// Reads the reference tables and results of the trend models.
enum ReferenceData {
  static func json(_ name: String) throws -> [String: Any] {
    let url = try SharedData.file("reference/trends/\(name)")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    return try #require(object as? [String: Any])
  }

  static func jsonArray(_ name: String) throws -> [[String: Any]] {
    let url = try SharedData.file("reference/trends/\(name)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [[String: Any]])
  }

  static func csv(_ name: String, folder: String = "trends") throws -> [[String: String]] {
    let url = try SharedData.file("reference/\(folder)/\(name)")
    let text = try String(contentsOf: url, encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
      }
    }
    guard let header = lines.first else { return [] }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  /// A simulated ALS cohort: ln(count) over months with each patient's therapy month.
  static func cohort(_ name: String, arm: Bool = false, muscle: Bool = false) throws
    -> LongitudinalTable
  {
    let rows = try csv(name)
    return try LongitudinalTable(
      rows.map { row in
        LongitudinalTable.Row(
          subject: row["patient"] ?? "", time: number(row["month"]),
          value: number(row["log_mune"]), therapyTime: number(row["therapy_month"]),
          arm: arm ? row["arm"] : nil, muscle: muscle ? row["muscle"] : nil)
      })
  }

  static func number(_ text: String?) -> Double { text.flatMap { Double($0) } ?? .nan }

  static func numbers(_ value: Any?) -> [Double] {
    (value as? [Any])?.compactMap { ($0 as? NSNumber)?.doubleValue } ?? []
  }

  static func number(_ value: Any?) -> Double { (value as? NSNumber)?.doubleValue ?? .nan }

  static func object(_ value: Any?) -> [String: Any] { value as? [String: Any] ?? [:] }
}

/// Whether two numbers agree to a relative tolerance, or absolutely below a floor.
func agree(_ a: Double, _ b: Double, relative: Double, absolute: Double = 0) -> Bool {
  abs(a - b) <= max(absolute, relative * abs(b))
}
