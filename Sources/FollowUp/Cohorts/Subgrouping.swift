import Foundation
import Progression
import Registry
import Reports
import Tables

/// The subgroups that an attribute divides the patients of a cohort into.
package struct Subgrouping: Sendable, Equatable {
  /// What they differ in, as it was asked for.
  package let attribute: String
  /// The subgroup of each patient; patients whose attribute is not known have none.
  package let labels: [String: String]
  /// What the reader has to know of the division; nil for nothing.
  package let remark: String?

  /// The attribute that stands for the value before therapy.
  package static let baseline = "baseline"
  /// Numbers of more different values than this are divided at their median.
  private static let mostNumbers = 6

  private init(attribute: String, labels: [String: String], remark: String?) {
    self.attribute = attribute
    self.labels = labels
    self.remark = remark
  }

  /// Labels as they are, numbers of many values divided at their median.
  package init(_ attribute: String, labels: [String: String]) {
    let numbers = labels.mapValues { Double($0.replacing(",", with: ".")) ?? .nan }
    guard Set(labels.values).count > Self.mostNumbers, numbers.values.allSatisfy(\.isFinite) else {
      self.init(attribute: attribute, labels: labels, remark: nil)
      return
    }
    self.init(attribute, dividing: numbers, remark: nil)
  }

  /// Numbers divided at their median over the patients.
  private init(_ attribute: String, dividing numbers: [String: Double], remark: String?) {
    let sorted = numbers.values.sorted()
    let middle = sorted.count / 2
    let median =
      sorted.count % 2 == 1
      ? sorted[middle] : (sorted[max(0, middle - 1)] + sorted[middle]) / 2
    let shown = NumberText.significant(median, 4)
    self.init(
      attribute: attribute,
      labels: numbers.mapValues { $0 < median ? "< \(shown)" : "≥ \(shown)" },
      remark: "\(attribute) is divided at its median, \(shown)" + (remark.map { "; \($0)" } ?? ""))
  }

  /// The last value before therapy, or the first value where there is no therapy, divided at its median.
  package init(baselineOf data: CohortTable) {
    var values: [String: Double] = [:]
    for (subject, rows) in data.table.subjects {
      let start = rows[0].therapyTime ?? rows[0].time
      let day = rows.last { $0.time <= start }?.time ?? rows[0].time
      let own = rows.filter { $0.time == day }.map(\.value)
      values[subject] = own.reduce(0, +) / Double(own.count)
    }
    self.init(
      Self.baseline,
      dividing: data.isLogarithmic ? values.mapValues { exp($0) } : values,
      remark: "it is one of the values that are compared, so that without randomised arms its "
        + "subgroups differ by regression to the mean")
  }

  /// The attributes of the patients of a registry: site, onset-site, baseline or any stored attribute.
  ///
  /// - Throws: `FollowUpError` for an attribute that no patient has.
  package static func all(
    _ names: [String], cohort: CohortSeries, sites: [Site], data: CohortTable
  ) throws -> [Subgrouping] {
    let present = Set(data.table.subjects.map(\.subject))
    let subjects = cohort.subjects.filter { present.contains($0.pseudonym) }
    let siteNames = Dictionary(uniqueKeysWithValues: sites.map { ($0.id, $0.name) })
    return try names.map { name in
      if name == baseline { return Subgrouping(baselineOf: data) }
      var labels: [String: String] = [:]
      for subject in subjects {
        switch name {
        case "site": labels[subject.pseudonym] = subject.site.flatMap { siteNames[$0] }
        case "onset-site": labels[subject.pseudonym] = subject.onsetSite
        default: labels[subject.pseudonym] = subject.attributes[name]
        }
      }
      guard !labels.isEmpty else {
        let known = Set(subjects.flatMap(\.attributes.keys)).sorted()
        let fields =
          (subjects.contains { $0.site != nil } ? ["site"] : [])
          + (subjects.contains { $0.onsetSite != nil } ? ["onset-site"] : [])
        throw FollowUpError(
          "subgroup \(name): no patient has this attribute (there are "
            + "\((fields + known + [baseline]).joined(separator: ", ")))")
      }
      return Subgrouping(name, labels: labels)
    }
  }

  /// The columns of a table, each with one label for a patient.
  ///
  /// - Throws: `TableError` for a column that is not there or differs within a patient.
  package static func all(
    _ names: [String], reader: ColumnReader, subject: String, data: CohortTable
  ) throws -> [Subgrouping] {
    try names.map { name in
      if name == baseline, !reader.table.header.contains(name) {
        return Subgrouping(baselineOf: data)
      }
      var labels: [String: String] = [:]
      var lines: [String: Int] = [:]
      for row in reader.table.rows {
        guard let label = try reader.text(name, row), let own = try reader.text(subject, row)
        else { continue }
        if let known = labels[own], known != label {
          throw reader.failure(
            row, name, found: "\(label) for \(own)",
            expected: "\(known) as in line \(lines[own] ?? 0): one subgroup for each subject")
        }
        labels[own] = label
        if lines[own] == nil { lines[own] = row.line }
      }
      let present = Set(data.table.subjects.map(\.subject))
      return Subgrouping(name, labels: labels.filter { present.contains($0.key) })
    }
  }
}
