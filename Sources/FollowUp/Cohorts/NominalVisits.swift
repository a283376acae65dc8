import Foundation
import Reports
import Tables

/// Nominal visits of a table's column: the time from baseline that each row was planned for.
///
/// Numbers are these times themselves, baseline being 0 or less. Labels such as "Week 12" stand at the median
/// of the times that they were kept at, counted from the label that says baseline, else from the start of
/// therapy or the first visit that the times count from. A row without a label, or with one that says
/// unscheduled, has no nominal visit.
struct NominalVisits {
  /// Nominal times of the lines that have one.
  let times: [Int: Double]
  /// What the visits are, for the reader.
  let remarks: [String]

  /// - Parameters:
  ///   - column: name of the column.
  ///   - times: lines of the rows with a value, with their times from time zero.
  /// - Throws: `TableError` without such a column, without a visit after baseline, and for numbers of which none is
  ///   baseline.
  init(column: String, reader: ColumnReader, times known: [(line: Int, time: Double)]) throws {
    let wanted = Dictionary(known, uniquingKeysWith: { first, _ in first })
    var labels: [Int: String] = [:]
    for row in reader.table.rows where wanted[row.line] != nil {
      guard let label = try reader.text(column, row),
        !label.lowercased().hasPrefix("unsch")
      else { continue }
      labels[row.line] = label
    }
    let nominal = Self.numbers(labels.values, reader) ?? Self.medians(labels, wanted)
    let later = Set(nominal.values).filter { $0 > 0 }
    guard !later.isEmpty else {
      throw TableError(
        source: reader.file, column: column, found: "no visit after baseline",
        expected: "nominal times or labels of visits")
    }
    guard nominal.values.contains(where: { $0 <= 0 }) else {
      throw TableError(
        source: reader.file, column: column,
        found: "no visit at 0 or before (the first is \(Formatting.plain(later.min() ?? 0)))",
        expected: "nominal times from baseline, which is 0")
    }
    times = labels.compactMapValues { nominal[$0] }
    let isNamed = nominal.contains { reader.value(of: $0.key) == nil }
    remarks =
      isNamed
      ? [
        "visits by column \(column): "
          + nominal.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
          .map { "\($0.key) at \(Formatting.plain($0.value))" }.joined(separator: ", ")
      ] : []
  }

  /// Labels as numbers; nil where one is none.
  private static func numbers(
    _ labels: some Collection<String>, _ reader: ColumnReader
  ) -> [String: Double]? {
    var result: [String: Double] = [:]
    for label in labels where result[label] == nil {
      guard let number = reader.value(of: label) else { return nil }
      result[label] = number
    }
    return result
  }

  private static func medians(
    _ labels: [Int: String], _ times: [Int: Double]
  ) -> [String: Double] {
    var groups: [String: [Double]] = [:]
    for (line, label) in labels {
      if let time = times[line] { groups[label, default: []].append(time) }
    }
    let plain = groups.mapValues { own in
      let sorted = own.sorted()
      return 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
    }
    let baseline = plain.filter { $0.key.lowercased().contains("baseline") }.map(\.value).max() ?? 0
    let exact = plain.mapValues { $0 - baseline }
    let rounded = exact.mapValues { ($0 * 100).rounded() / 100 }
    return Set(rounded.values).count == Set(exact.values).count ? rounded : exact
  }
}
