import Registry

/// A subject as commands print it.
struct SubjectSummary: Encodable {
  /// A visit of the subject.
  struct VisitItem: Encodable {
    let date: String?
    let nominal: String?
    let status: String
    let missingReason: String?

    init(_ visit: Visit) {
      date = visit.date?.description
      nominal = visit.nominal
      status = visit.status.rawValue
      missingReason = visit.missingReason
    }
  }

  /// A therapy of the subject.
  struct TherapyItem: Encodable {
    let kind: String
    let name: String?
    let start: String
    let stop: String?
    let dose: Double?
    let doseUnit: String?

    init(_ therapy: Intervention) {
      kind = therapy.kind
      name = therapy.name
      start = therapy.startDate.description
      stop = therapy.stopDate?.description
      dose = therapy.dose
      doseUnit = therapy.doseUnit
    }

    /// Dose with its unit; empty where none is stored.
    var doseText: String {
      dose.map { Formatting.plain($0) + (doseUnit.map { " " + $0 } ?? "") } ?? ""
    }
  }

  let pseudonym: String
  let arm: String?
  let onset: String?
  let onsetSite: String?
  let attributes: [String: String]
  let visits: [VisitItem]?
  let therapies: [TherapyItem]?

  init(_ subject: Subject, visits: [Visit]? = nil, therapies: [Intervention]? = nil) {
    pseudonym = subject.pseudonym
    arm = subject.arm
    onset = subject.onsetDate?.description
    onsetSite = subject.onsetSite
    attributes = subject.attributes
    self.visits = visits?.map(VisitItem.init)
    self.therapies = therapies?.map(TherapyItem.init)
  }
}

/// Everything the registry holds of one patient, in short.
struct PatientSummary: Encodable {
  /// A clinical event.
  struct EventItem: Encodable {
    let kind: String
    let date: String
    let detail: String?
  }

  /// How many values of a kind there are.
  struct KindItem: Encodable {
    let kind: String
    let name: String
    let unit: String
    let values: Int
    let caveat: String
  }

  let software = SoftwareVersion.text
  let patient: SubjectSummary
  let events: [EventItem]
  let measures: [KindItem]

  init(_ pseudonym: String, _ registry: PatientRegistry) throws {
    let subject = try registry.subject(pseudonym: pseudonym)
    patient = SubjectSummary(
      subject, visits: try registry.visits(subject: subject.id),
      therapies: try registry.interventions(subject: subject.id))
    events = try registry.events(subject: subject.id).map {
      EventItem(kind: $0.kind.rawValue, date: $0.date.description, detail: $0.detail)
    }
    measures = try MeasuredKinds.stored(registry, subject: subject.id).map { kind, count in
      KindItem(
        kind: kind.id, name: kind.displayName, unit: kind.unit, values: count,
        caveat: kind.caveat)
    }
  }

  /// The summary for people.
  var text: String {
    var lines = [patient.pseudonym + (patient.arm.map { ", arm \($0)" } ?? "")]
    if let onset = patient.onset {
      lines.append("onset \(onset)" + (patient.onsetSite.map { ", \($0)" } ?? ""))
    }
    for (name, value) in patient.attributes.sorted(by: { $0.key < $1.key }) {
      lines.append("\(name): \(value)")
    }
    for therapy in patient.therapies ?? [] {
      lines.append(
        "therapy \(therapy.kind)\(therapy.name.map { " (\($0))" } ?? "") from \(therapy.start)"
          + (therapy.stop.map { " to \($0)" } ?? "")
          + (therapy.doseText.isEmpty ? "" : ", \(therapy.doseText)"))
    }
    for event in events {
      lines.append("\(event.kind) \(event.date)" + (event.detail.map { ": \($0)" } ?? ""))
    }
    let visits = patient.visits ?? []
    lines.append("")
    if visits.isEmpty {
      lines.append("no visits yet; add one with motorpool visit add or motorpool measure add")
      return lines.joined(separator: "\n")
    }
    var visitTable = TextTable(["Visit", "Protocol", "Status"])
    for visit in visits {
      visitTable.add([
        visit.date ?? "-", visit.nominal ?? "-",
        visit.status + (visit.missingReason.map { ": \($0)" } ?? ""),
      ])
    }
    lines.append(visitTable.text)
    if !measures.isEmpty {
      var table = TextTable(["Measure", "Name", "Unit", "Values"])
      for item in measures {
        table.add([item.kind, item.name, item.unit, String(item.values)])
      }
      lines += ["", table.text]
    }
    return lines.joined(separator: "\n")
  }
}
