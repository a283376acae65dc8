import Foundation
import Tables

/// Writing documents as tables that spreadsheets and statistics programs read.
public enum TableExport {
  /// A long table: one row for each value, with subject, therapy and visit repeated in every row.
  ///
  /// Holds subjects, visits and values; of the interventions only the first of each subject, in
  /// the columns `therapy_...`; no events, and nothing of visits and subjects without values.
  /// `ImportProfile.guess` reads it back.
  public static func long(_ document: InterchangeDocument) -> DelimitedTable {
    let attributes = attributeNames(document)
    let columns =
      subjectColumns + therapyColumns + [.visit, .date, .visitStatus] + valueColumns
    let context = Context(document)
    let rows = document.values.map { item in
      var cells = context.subjectCells(item.subject)
      cells.merge(context.visitCells(item.subject, item.date)) { $1 }
      cells.merge(valueCells(item)) { $1 }
      return columns.map { cells[$0] ?? "" }
        + attributes.map { context.attribute($0, of: item.subject) }
    }
    return DelimitedTable(
      header: columns.map(\.rawValue) + attributes.map { "attribute:" + $0 }, rows: rows)
  }

  /// A wide table: one row for each visit with a day, one column for each kind, muscle and side.
  ///
  /// Columns are called `kind|muscle|side`, from the second repetition on `kind|muscle|side|2`,
  /// their standard errors `...|se`. Quality, censoring, conditions and events are not held.
  public static func wide(_ document: InterchangeDocument) -> DelimitedTable {
    let attributes = attributeNames(document)
    let columns = subjectColumns + therapyColumns + [.visit, .date, .visitStatus]
    let context = Context(document)
    let names = Set(document.values.map(wideName)).sorted()
    let withError = Set(document.values.filter { $0.standardError != nil }.map(wideName))
    let valueNames = names.flatMap { withError.contains($0) ? [$0, $0 + "|se"] : [$0] }
    let byVisit = Dictionary(grouping: document.values) { VisitName($0.subject, $0.date) }
    let rows = document.visits.compactMap { visit -> [String]? in
      guard let date = visit.date else { return nil }
      var values: [String: String] = [:]
      for item in byVisit[VisitName(visit.subject, date)] ?? [] {
        values[wideName(item)] = "\(item.value)"
        values[wideName(item) + "|se"] = item.standardError.map { "\($0)" }
      }
      var cells = context.subjectCells(visit.subject)
      cells.merge(context.visitCells(visit.subject, date)) { $1 }
      return columns.map { cells[$0] ?? "" }
        + attributes.map { context.attribute($0, of: visit.subject) }
        + valueNames.map { values[$0] ?? "" }
    }
    return DelimitedTable(
      header: columns.map(\.rawValue) + attributes.map { "attribute:" + $0 } + valueNames,
      rows: rows)
  }

  /// What a long or wide table of a document does not hold, one phrase each; empty where it is whole.
  public static func leftOut(_ document: InterchangeDocument, wide: Bool) -> [String] {
    let valued = Set(document.values.map { VisitName($0.subject, $0.date) })
    let dated = Set(
      document.visits.compactMap { visit in visit.date.map { VisitName(visit.subject, $0) } })
    let present = Set((wide ? dated : valued).map(\.subject))
    let subjects = document.subjects.count { !present.contains($0.pseudonym) }
    let visits = document.visits.count { visit in
      guard let date = visit.date else { return true }
      return !wide && !valued.contains(VisitName(visit.subject, date))
    }
    let treated = Set(document.interventions.map(\.subject)).intersection(present)
    let marked = document.values.count {
      $0.quality != .pass || $0.censoring != nil || !$0.conditions.isEmpty
    }
    let counts = [
      (subjects, wide ? "patients without a dated visit" : "patients without values"),
      (visits, wide ? "visits without a day" : "visits without values"),
      (document.interventions.count - treated.count, "further therapies"),
      (document.events.count, "events"),
      (wide ? marked : 0, "marks of quality, censoring or conditions"),
    ]
    return counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
  }

  // MARK: Parts that several tables share

  static let subjectColumns: [ImportField] = [
    .subject, .study, .site, .arm, .onsetDate, .onsetSite,
  ]
  static let therapyColumns: [ImportField] = [
    .therapyKind, .therapyName, .therapyStart, .therapyStop, .therapyDose, .therapyDoseUnit,
    .therapyMuscle, .therapySide,
  ]
  static let valueColumns: [ImportField] = [
    .kind, .value, .unit, .standardError, .censored, .quality, .replicate, .muscle, .side,
    .conditions,
  ]

  static func attributeNames(_ document: InterchangeDocument) -> [String] {
    Set(document.subjects.flatMap(\.attributes.keys)).sorted()
  }

  static func subjectCells(_ item: InterchangeDocument.SubjectItem) -> [ImportField: String] {
    var cells: [ImportField: String] = [.subject: item.pseudonym]
    cells[.study] = item.study
    cells[.site] = item.site
    cells[.arm] = item.arm
    cells[.onsetDate] = item.onsetDate?.description
    cells[.onsetSite] = item.onsetSite
    return cells
  }

  static func visitCells(_ item: InterchangeDocument.VisitItem) -> [ImportField: String] {
    var cells: [ImportField: String] = [.visitStatus: item.status.rawValue]
    cells[.visit] = item.nominal
    cells[.date] = item.date?.description
    cells[.missingReason] = item.missingReason
    return cells
  }

  static func valueCells(_ item: InterchangeDocument.ValueItem) -> [ImportField: String] {
    var cells: [ImportField: String] = [
      .kind: item.kind.id, .value: "\(item.value)", .unit: item.unit,
      .quality: item.quality.rawValue, .replicate: "\(item.replicate)",
    ]
    cells[.standardError] = item.standardError.map { "\($0)" }
    cells[.censored] = item.censoring?.rawValue
    cells[.muscle] = item.muscle
    cells[.side] = item.side?.rawValue
    // A dictionary of texts can always be written as JSON.
    cells[.conditions] = item.conditions.isEmpty ? nil : try? JSONText.encode(item.conditions)
    return cells
  }

  static func therapyCells(
    _ item: InterchangeDocument.InterventionItem
  ) -> [ImportField: String] {
    var cells: [ImportField: String] = [
      .therapyKind: item.kind, .therapyStart: item.startDate.description,
    ]
    cells[.therapyName] = item.name
    cells[.therapyStop] = item.stopDate?.description
    cells[.therapyDose] = item.dose.map { "\($0)" }
    cells[.therapyDoseUnit] = item.doseUnit
    cells[.therapyMuscle] = item.muscle
    cells[.therapySide] = item.side?.rawValue
    return cells
  }

  static func eventCells(_ item: InterchangeDocument.EventItem) -> [ImportField: String] {
    var cells: [ImportField: String] = [
      .eventKind: item.kind.rawValue, .eventDate: item.date.description,
    ]
    cells[.eventDetail] = item.detail
    return cells
  }

  private static func wideName(_ item: InterchangeDocument.ValueItem) -> String {
    let name = "\(item.kind.id)|\(item.muscle ?? "")|\(item.side?.rawValue ?? "")"
    return item.replicate == 1 ? name : name + "|\(item.replicate)"
  }

  struct VisitName: Hashable {
    var subject: String
    var date: CivilDate

    init(_ subject: String, _ date: CivilDate) {
      self.subject = subject
      self.date = date
    }
  }

  /// What rows repeat about subjects and visits.
  private struct Context {
    private var subjects: [String: [ImportField: String]] = [:]
    private var attributes: [String: [String: String]] = [:]
    private var visits: [VisitName: [ImportField: String]] = [:]

    init(_ document: InterchangeDocument) {
      for item in document.subjects {
        subjects[item.pseudonym] = TableExport.subjectCells(item)
        attributes[item.pseudonym] = item.attributes
      }
      for item in document.interventions where subjects[item.subject]?[.therapyStart] == nil {
        subjects[item.subject]?.merge(TableExport.therapyCells(item)) { $1 }
      }
      for item in document.visits {
        guard let date = item.date else { continue }
        visits[VisitName(item.subject, date)] = TableExport.visitCells(item)
      }
    }

    func subjectCells(_ subject: String) -> [ImportField: String] {
      subjects[subject] ?? [.subject: subject]
    }

    func visitCells(_ subject: String, _ date: CivilDate) -> [ImportField: String] {
      visits[VisitName(subject, date)] ?? [.date: date.description]
    }

    func attribute(_ name: String, of subject: String) -> String {
      attributes[subject]?[name] ?? ""
    }
  }
}
