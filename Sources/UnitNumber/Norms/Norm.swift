import Foundation
import Tables

/// Published values of healthy muscles: mean and spread of one measure in one muscle, perhaps of an age
/// group.
///
/// A norm holds for its own measure only, never for another method. All norms stand in `norms.csv`, which
/// is part of the compiled program: a line adds one, and help, tables and pages know it.
///
/// ```swift
/// let norm = Norm.of(.cmapAmplitude, muscle: "EDB", ageYears: 52)
/// let z = norm?.zScore(3.9)
/// ```
public struct Norm: Sendable, Equatable {
  /// What was measured; the values of a norm are in its unit.
  public enum Measure: String, Sendable, CaseIterable {
    /// Amplitude of the CMAP in mV, from the baseline to the negative peak.
    case cmapAmplitude
    /// The motor unit number index, without a unit.
    case munix
  }

  /// What was measured.
  public let measure: Measure
  /// The muscle by its abbreviation, in capitals.
  public let muscle: String
  /// Ages of the group in years; nil for adults of all ages.
  public let ages: Range<Double>?
  /// Mean between healthy subjects, in the unit of the measure.
  public let mean: Double
  /// Standard deviation between healthy subjects, in the unit of the measure.
  public let standardDeviation: Double
  /// Healthy subjects of the source, all age groups together.
  public let subjectCount: Int
  /// Who they were.
  public let subjects: String
  /// Publication of the values.
  public let publication: String
  /// What the source says of age that the norm does not resolve; empty where there is nothing to say.
  public let ageRemark: String

  /// Publication, age group and number of subjects in one phrase.
  public var source: String {
    [publication, ageText, "n = \(subjectCount) \(subjects)"].compactMap { $0 }
      .joined(separator: ", ")
  }

  /// The source with what is left open about age.
  public var sourceWithRemark: String {
    [source, ageRemark].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private var ageText: String? {
    guard let ages else { return nil }
    let (from, to) = (Int(ages.lowerBound), Int(ages.upperBound))
    if ages.lowerBound <= Self.adult { return "under \(to) years" }
    return ages.upperBound >= Self.oldest ? "from \(from) years" : "\(from) to \(to) years"
  }

  /// Standard deviations of a value from the healthy mean.
  public func zScore(_ value: Double) -> Double { (value - mean) / standardDeviation }

  /// Every norm, in the order of the file.
  public static let all: [Norm] = {
    do {
      return try read(Data(PackageResources.norms_csv), source: "norms.csv")
    } catch {
      // The table is compiled in: a fault in it is a fault of the program.
      preconditionFailure("\(error)")
    }
  }()

  /// The muscles with norms of a measure, each once, in the order of the file.
  public static func muscles(_ measure: Measure) -> [String] {
    var known: Set<String> = []
    return all.filter { $0.measure == measure && known.insert($0.muscle).inserted }.map(\.muscle)
  }

  /// The norm of a muscle at an age in years.
  ///
  /// Nil where no norm of the muscle is known, or none without an age, or none for a child.
  public static func of(_ measure: Measure, muscle: String, ageYears: Double?) -> Norm? {
    let norms = all.filter { $0.measure == measure && $0.muscle == muscle.uppercased() }
    guard let ageYears else { return norms.first { $0.ages == nil } }
    guard ageYears >= adult else { return nil }
    return norms.first { $0.ages?.contains(ageYears) ?? true }
  }

  /// All sources measured adults.
  private static let adult = 18.0
  /// An age that nobody reaches, where a group has no upper end.
  private static let oldest = 150.0

  /// Reads a table of norms with the columns measure, muscle, ageFrom, ageTo, mean, sd, n, subjects,
  /// publication and ageRemark; both ages empty means adults of all ages.
  ///
  /// - Throws: `TableError` naming line and column.
  static func read(_ data: Data, source: String) throws -> [Norm] {
    let table = try DelimitedTable(data: data, source: source, separator: ",")
    return try table.rows.map { row in
      func refused(_ column: String, _ expected: String) -> TableError {
        TableError(
          .malformed, source: source, line: row.line, column: column, found: cell(column),
          expected: expected)
      }
      func cell(_ column: String) -> String {
        table.header.firstIndex(of: column).map { row.cells[$0] } ?? ""
      }
      func text(_ column: String) throws -> String {
        guard !cell(column).isEmpty else { throw refused(column, "a text") }
        return cell(column)
      }
      func number(_ column: String, above least: Double) throws -> Double {
        guard let value = Double(cell(column)), value.isFinite, value > least else {
          throw refused(column, "a number above \(least)")
        }
        return value
      }
      func age(_ column: String, ifEmpty value: Double) throws -> Double {
        cell(column).isEmpty ? value : try number(column, above: 0)
      }
      guard let measure = Measure(rawValue: cell("measure")) else {
        throw refused("measure", Measure.allCases.map(\.rawValue).joined(separator: " or "))
      }
      let (from, to) = (
        try age("ageFrom", ifEmpty: adult), try age("ageTo", ifEmpty: oldest)
      )
      guard from < to else { throw refused("ageTo", "an age above \(from)") }
      return Norm(
        measure: measure, muscle: try text("muscle"),
        ages: cell("ageFrom").isEmpty && cell("ageTo").isEmpty ? nil : from..<to,
        mean: try number("mean", above: 0), standardDeviation: try number("sd", above: 0),
        subjectCount: Int(try number("n", above: 0)), subjects: try text("subjects"),
        publication: try text("publication"), ageRemark: cell("ageRemark"))
    }
  }
}
