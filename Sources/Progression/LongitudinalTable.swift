import RealModule
import Synchronization

/// A long table of measurements over time: one row for each subject, visit and muscle.
///
/// Values are on the scale of the model: pass counts and amplitudes through `logTransformed` first,
/// scores such as ALSFRS-R stay as they are.
public struct LongitudinalTable: Sendable, Equatable, Codable {
  /// One measurement.
  public struct Row: Sendable, Equatable, Codable {
    /// The subject's pseudonym.
    public var subject: String
    /// Months from the study's fixed origin.
    public var time: Double
    /// The measured value.
    public var value: Double
    /// The standard error of `value`, on the same scale, where it is known.
    public var standardError: Double?
    /// The month of the subject's first dose; nil for a subject who was never treated.
    public var therapyTime: Double?
    /// The study arm.
    public var arm: String?
    /// The muscle, where several are measured.
    public var muscle: String?
    /// Further fixed effects by name.
    public var covariates: [String: Double]
    /// Nominal time of the visit from baseline, which is 0 or less; nil for an unscheduled visit, and in
    /// every row where visits are not named.
    public var visit: Double?

    /// Makes a row.
    public init(
      subject: String, time: Double, value: Double, standardError: Double? = nil,
      therapyTime: Double? = nil, arm: String? = nil, muscle: String? = nil,
      covariates: [String: Double] = [:], visit: Double? = nil
    ) {
      self.subject = subject
      self.time = time
      self.value = value
      self.standardError = standardError
      self.therapyTime = therapyTime
      self.arm = arm
      self.muscle = muscle
      self.covariates = covariates
      self.visit = visit
    }
  }

  /// The rows, in any order.
  public let rows: [Row]
  /// The rows by subject once they were asked for.
  private let groups = SubjectGroups()

  private enum CodingKeys: String, CodingKey {
    case rows
  }

  /// Whether two tables have the same rows in the same order.
  public static func == (a: LongitudinalTable, b: LongitudinalTable) -> Bool { a.rows == b.rows }

  /// Makes a table after checking every row.
  ///
  /// - Throws: `ProgressionError.invalidRow` (row numbers start at 1) for an empty subject, a time,
  ///   value, therapy time or covariate that is not finite, a standard error that is not above zero,
  ///   or a therapy time or arm that differs within a subject; `.invalidTable` for no rows.
  public init(_ rows: [Row]) throws {
    guard !rows.isEmpty else {
      throw ProgressionError.invalidTable(found: "no rows", expected: "at least one measurement")
    }
    var first: [String: Int] = [:]
    var last = ""
    var lastFirst = 0
    for (index, row) in rows.enumerated() {
      try LongitudinalTable.check(row, index)
      // Rows of one subject mostly stand together, which spares a look-up for each.
      if index == 0 || row.subject != last {
        last = row.subject
        lastFirst = first[last] ?? index
        first[last] = lastFirst
      }
      if lastFirst == index { continue }
      let other = rows[lastFirst]
      guard row.therapyTime == other.therapyTime else {
        throw ProgressionError.invalidRow(
          row: index + 1,
          found: "therapy time \(text(row.therapyTime)) for subject \(row.subject)",
          expected: "\(text(other.therapyTime)) as in row \(lastFirst + 1)")
      }
      guard row.arm == other.arm else {
        throw ProgressionError.invalidRow(
          row: index + 1, found: "arm \(row.arm ?? "none") for subject \(row.subject)",
          expected: "\(other.arm ?? "none") as in row \(lastFirst + 1)")
      }
    }
    self.rows = rows
  }

  /// Largest time that is taken: beyond what days since the beginning of any calendar come to.
  private static let longest = 1e7

  private static func check(_ row: Row, _ index: Int) throws {
    func fail(_ found: String, _ expected: String) -> ProgressionError {
      .invalidRow(row: index + 1, found: found, expected: expected)
    }
    if row.subject.isEmpty { throw fail("an empty subject", "a pseudonym") }
    if !row.time.isFinite { throw fail("time \(row.time)", "a finite number of months") }
    if abs(row.time) > longest {
      throw fail("time \(row.time)", "months or days from one origin, at most \(longest)")
    }
    if !row.value.isFinite { throw fail("value \(row.value)", "a finite number") }
    if let error = row.standardError, !(error > 0 && error.isFinite) {
      throw fail("standard error \(error)", "a number above 0, or none")
    }
    if let therapy = row.therapyTime, !(abs(therapy) <= longest) {
      throw fail("therapy time \(therapy)", "a number of months, at most \(longest), or none")
    }
    if let visit = row.visit, !(abs(visit) <= longest) {
      throw fail("visit \(visit)", "its nominal time, at most \(longest), or none")
    }
    for (name, value) in row.covariates where !value.isFinite {
      throw fail("covariate \(name) = \(value)", "a finite number")
    }
  }

  /// Subjects in order of first appearance, each with its rows in order of time.
  public var subjects: [(subject: String, rows: [Row])] { groups.value { grouped } }

  /// The arms in alphabetical order.
  package var arms: [String] { Set(subjects.compactMap { $0.rows.first?.arm }).sorted() }

  /// Nominal times of the visits after baseline, in order; nil where visits are not named.
  public var nominalVisits: [Double]? {
    guard rows.contains(where: { $0.visit != nil }) else { return nil }
    return Set(rows.compactMap(\.visit).filter { $0 > 0 }).sorted()
  }

  private var grouped: [(subject: String, rows: [Row])] {
    let index = SubjectIndex(rows.map(\.subject))
    var groups = [[Row]](repeating: [], count: index.names.count)
    for (row, group) in zip(rows, index.codes) { groups[group].append(row) }
    return zip(index.names, groups).map { name, rows in
      // Most tables stand in order of time, and need no copy.
      let isOrdered = zip(rows, rows.dropFirst()).allSatisfy { $0.time <= $1.time }
      if isOrdered { return (name, rows) }
      return (
        name, rows.enumerated().sorted { ($0.1.time, $0.0) < ($1.1.time, $1.0) }.map(\.1)
      )
    }
  }

  /// The table without the rows that a condition refuses; nil where none is left.
  public func filter(_ isIncluded: (Row) -> Bool) -> LongitudinalTable? {
    let kept = rows.filter(isIncluded)
    return kept.isEmpty ? nil : LongitudinalTable(checked: kept)
  }

  /// The table with rows changed by a rule that keeps them valid.
  func mapRows(_ transform: (Row) -> Row) -> LongitudinalTable {
    LongitudinalTable(checked: rows.map(transform))
  }

  init(checked rows: [Row]) { self.rows = rows }
}

/// Rows by subject, which several analyses of one table ask for.
private final class SubjectGroups: Sendable {
  private let known = Mutex<[(subject: String, rows: [LongitudinalTable.Row])]?>(nil)

  func value(
    _ make: () -> [(subject: String, rows: [LongitudinalTable.Row])]
  ) -> [(subject: String, rows: [LongitudinalTable.Row])] {
    if let found = known.withLock({ $0 }) { return found }
    let made = make()
    known.withLock { $0 = made }
    return made
  }
}

private func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "none" }

/// Integer codes of labels, in order of first appearance.
struct SubjectIndex {
  /// The distinct labels.
  private(set) var names: [String] = []
  /// The code of each row.
  private(set) var codes: [Int] = []

  init(_ labels: [String]) {
    var known: [String: Int] = [:]
    codes.reserveCapacity(labels.count)
    var last = ""
    var lastCode = -1
    for label in labels {
      if lastCode < 0 || label != last {
        last = label
        if let code = known[label] {
          lastCode = code
        } else {
          lastCode = names.count
          known[label] = lastCode
          names.append(label)
        }
      }
      codes.append(lastCode)
    }
  }
}
