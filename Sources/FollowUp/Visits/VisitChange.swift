import Analyses
import Foundation
import Registry
import Reports
import UnitNumber

/// Whether the values of two visits differ by more than their errors.
package struct VisitChange: Encodable {
  /// Name of the condition that holds the error between two recordings of an unchanged muscle.
  package static let repeatCondition = "repeat_log_standard_error"

  /// Name of the condition that holds the number of responses the standard error was told by.
  package static let responsesCondition = "responses"

  /// The comparison of one measure of one muscle.
  package struct Row: Encodable {
    package let measure: String
    package let muscle: String?
    package let side: String?
    package let first: Double
    package let second: Double
    package let unit: String
    /// Change from the first to the second visit, percent.
    package let changePercent: Double
    /// By the errors of the recordings alone; nil where a value carries a quality flag.
    package let byError: VisitComparison?
    /// With the variation between visits of unchanged muscles, where it is known.
    package let withRetest: VisitComparison?
    package let retestSource: String?
    /// Number of people behind the variation between visits, as far as it was measured here.
    package let retestSubjects: Int?
    /// Why nothing is said of a change; nil where it is.
    package let noCall: String?
    package let warnings: [String]
  }

  package let software = SoftwareVersion.text
  package let patient: String
  package let from: String
  package let to: String
  package let rows: [Row]
  package let note = wording

  package static let wording =
    "The probability that a change exceeds the error is 1 less the p value of no change. By the "
    + "errors of the recordings alone it takes electrode placement and temperature for change; an error "
    + "that a few responses tell has Student's t. The second column takes the larger of that error and of "
    + "what healthy people vary between visits, which was measured between whole visits and so holds the "
    + "error of a recording already, with Student's t on as many degrees of freedom as there were "
    + "people, since few of them tell it only roughly. Where a value "
    + "carries a quality flag no change is called. A change is an association "
    + "with time, not the effect of a treatment."

  /// Compares every measure with a standard error that both days have, the first value of a day.
  ///
  /// - Throws: `FollowUpError` where there is none, and `RegistryError`.
  package init(
    _ registry: PatientRegistry, subject: Subject, from: CivilDate, to: CivilDate,
    measure: MeasurementKind?
  ) throws {
    patient = subject.pseudonym
    self.from = from.description
    self.to = to.description
    let series = try registry.cohortSeries(
      MeasurementFilter(kinds: measure.map { [$0] } ?? [], subject: subject.id))
    let points = series.points.filter {
      $0.kind.scale == .logarithmic && ($0.standardError ?? 0) > 0 && $0.value > 0
        && $0.quality != .fail && $0.censoring == nil
    }
    var rows: [Row] = []
    for first in points where first.date == from {
      let isSame = { (other: MeasurementPoint) in
        other.kind == first.kind && other.muscle == first.muscle && other.side == first.side
      }
      guard points.first(where: { $0.date == from && isSame($0) })?.id == first.id,
        let second = points.first(where: { $0.date == to && isSame($0) })
      else { continue }
      rows.append(try Self.row(first, second))
    }
    guard !rows.isEmpty else {
      throw FollowUpError(
        path: subject.pseudonym,
        "found no measure with a standard error on both \(from) and \(to), "
          + "expected one; motorpool visit list shows what there is")
    }
    self.rows = rows
  }

  private static func row(_ first: MeasurementPoint, _ second: MeasurementPoint) throws -> Row {
    func own(_ point: MeasurementPoint) -> Double {
      point.conditions[repeatCondition].flatMap(Double.init)
        ?? (point.standardError ?? 0) / point.value
    }
    /// Responses that tell the error; nil where it is not of repetitions.
    func responses(_ point: MeasurementPoint) -> Int? {
      guard point.conditions[repeatCondition] == nil else { return nil }
      return point.conditions[responsesCondition].flatMap { Int($0) }
        .flatMap { $0 >= RepeatedCMAP().fewestResponses ? $0 : nil }
    }
    let repetitions = (first: responses(first), second: responses(second))
    let retest = RetestVariation.betweenVisits(of: first.kind, muscle: first.muscle)
    let flagged = [first, second].filter { $0.quality == .warn }
    let isJudged = flagged.isEmpty
    return Row(
      measure: first.kind.id, muscle: first.muscle, side: first.side?.rawValue,
      first: first.value, second: second.value, unit: first.kind.unit,
      changePercent: 100 * (second.value / first.value - 1),
      byError: isJudged
        ? try VisitComparison(
          first: first.value, firstLogError: own(first), second: second.value,
          secondLogError: own(second), repetitions: repetitions) : nil,
      withRetest: try isJudged
        ? retest.map {
          try VisitComparison(
            first: first.value, firstLogError: $0.logError(own(first)), second: second.value,
            secondLogError: $0.logError(own(second)), degreesOfFreedom: $0.degreesOfFreedom)
        } : nil, retestSource: retest?.source, retestSubjects: retest?.subjects,
      noCall: isJudged
        ? nil
        : "no change is called: the value of "
          + flagged.map { "\($0.date)" }.joined(separator: " and of ")
          + " carries a quality flag",
      warnings: flagged.map {
        "\(first.kind.id): the value of \($0.date) carries a quality flag"
      })
  }
}
