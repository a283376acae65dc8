import Tables

/// A document as a REDCap import table, with the order of its events.
///
/// Subjects stand in the event `enrolment_arm_1`, where interventions and clinical events are
/// repeated instruments; every visit is an event with the repeated instrument `measurement`.
/// `ImportProfile.guess` reads it back whole.
/// Source: REDCap data import conventions (record_id, redcap_event_name, redcap_repeat_instrument,
/// redcap_repeat_instance).
public struct REDCapTable: Sendable, Equatable {
  /// The table.
  public var table: DelimitedTable
  /// The events in the order in which the protocol has them, the enrolment first.
  public var eventOrder: [String]

  private static let keys = [
    "record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance",
  ]
  private static let enrolment = "enrolment_arm_1"

  /// The table of a document.
  public init(_ document: InterchangeDocument) {
    let fields = ImportField.allCases.filter { $0 != .subject }
    let attributes = TableExport.attributeNames(document)
    let events = Self.eventNames(document)
    eventOrder = [Self.enrolment] + Self.ordered(document, events)
    var rows: [[String]] = []
    func append(
      _ subject: String, _ event: String, _ instrument: String = "", _ instance: Int? = nil,
      _ cells: [ImportField: String], _ covariates: [String: String] = [:]
    ) {
      rows.append(
        [subject, event, instrument, instance.map { "\($0)" } ?? ""]
          + fields.map { cells[$0] ?? "" } + attributes.map { covariates[$0] ?? "" })
    }
    let visits = Dictionary(grouping: document.visits.indices) { document.visits[$0].subject }
    let values = Dictionary(grouping: document.values) {
      TableExport.VisitName($0.subject, $0.date)
    }
    let therapies = Dictionary(grouping: document.interventions, by: \.subject)
    let clinicalEvents = Dictionary(grouping: document.events, by: \.subject)
    for subject in document.subjects {
      let name = subject.pseudonym
      append(name, Self.enrolment, "", nil, TableExport.subjectCells(subject), subject.attributes)
      for (index, item) in (therapies[name] ?? []).enumerated() {
        append(name, Self.enrolment, "intervention", index + 1, TableExport.therapyCells(item))
      }
      for (index, item) in (clinicalEvents[name] ?? []).enumerated() {
        append(name, Self.enrolment, "clinical_event", index + 1, TableExport.eventCells(item))
      }
      for visit in visits[name] ?? [] {
        let item = document.visits[visit]
        append(name, events[visit], "", nil, TableExport.visitCells(item))
        guard let date = item.date else { continue }
        let own = values[TableExport.VisitName(name, date)] ?? []
        for (index, value) in own.enumerated() {
          append(name, events[visit], "measurement", index + 1, TableExport.valueCells(value))
        }
      }
    }
    let header =
      Self.keys + fields.map(\.rawValue) + attributes.map { "attribute_" + $0 }
    table = DelimitedTable(header: header, rows: rows)
  }

  /// An event name for each visit, unique within its subject.
  private static func eventNames(_ document: InterchangeDocument) -> [String] {
    var used: Set<String> = []
    var counts: [String: Int] = [:]
    return document.visits.map { visit in
      let number = counts[visit.subject, default: 0] + 1
      counts[visit.subject] = number
      let stem = visit.nominal.map(slug).flatMap { $0.isEmpty ? nil : $0 } ?? "visit_\(number)"
      var name = stem
      var repetition = 2
      while !used.insert("\(visit.subject) \(name)").inserted {
        name = "\(stem)_\(repetition)"
        repetition += 1
      }
      return name + "_arm_1"
    }
  }

  /// Lower-case letters, digits and underscores.
  static func slug(_ text: String) -> String {
    text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
      .joined(separator: "_")
  }

  /// Events in the order of their median distance from each subject's first visit.
  private static func ordered(_ document: InterchangeDocument, _ events: [String]) -> [String] {
    var first: [String: Int] = [:]
    for visit in document.visits {
      guard let day = visit.date?.dayNumber else { continue }
      first[visit.subject] = min(first[visit.subject] ?? day, day)
    }
    var distances: [String: [Int]] = [:]
    for (visit, event) in zip(document.visits, events) {
      let start = first[visit.subject] ?? 0
      distances[event, default: []] += visit.date.map { [$0.dayNumber - start] } ?? []
    }
    func median(_ event: String) -> Int {
      let sorted = (distances[event] ?? []).sorted()
      return sorted.isEmpty ? .max : sorted[sorted.count / 2]
    }
    return distances.keys.sorted { (median($0), $0) < (median($1), $1) }
  }
}
