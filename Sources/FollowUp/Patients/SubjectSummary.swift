import Registry
import Reports
import Tables

/// A subject as commands print it.
package struct SubjectSummary: Encodable {
  /// A visit of the subject.
  package struct VisitItem: Encodable {
    package let date: String?
    package let nominal: String?
    package let status: String
    package let missingReason: String?

    package init(_ visit: Visit) {
      date = visit.date?.description
      nominal = visit.nominal
      status = visit.status.rawValue
      missingReason = visit.missingReason
    }
  }

  /// A therapy of the subject.
  package struct TherapyItem: Encodable {
    package let kind: String
    package let name: String?
    package let start: String
    package let stop: String?
    package let dose: Double?
    package let doseUnit: String?
    package let muscle: String?
    package let side: String?

    package init(_ therapy: Intervention) {
      kind = therapy.kind
      name = therapy.name
      start = therapy.startDate.description
      stop = therapy.stopDate?.description
      dose = therapy.dose
      doseUnit = therapy.doseUnit
      muscle = therapy.muscle
      side = therapy.side?.rawValue
    }

    /// Muscle and side that were treated; empty where the whole body was.
    package var placeText: String { [muscle, side].compactMap { $0 }.joined(separator: ", ") }

    /// Dose with its unit; empty where none is stored.
    package var doseText: String {
      dose.map { Formatting.plain($0) + (doseUnit.map { " " + $0 } ?? "") } ?? ""
    }
  }

  package let pseudonym: String
  package let arm: String?
  package let onset: String?
  package let onsetSite: String?
  package let attributes: [String: String]
  package let visits: [VisitItem]?
  package let therapies: [TherapyItem]?

  package init(_ subject: Subject, visits: [Visit]? = nil, therapies: [Intervention]? = nil) {
    pseudonym = subject.pseudonym
    arm = subject.arm
    onset = subject.onsetDate?.description
    onsetSite = subject.onsetSite
    attributes = subject.attributes
    self.visits = visits?.map(VisitItem.init)
    self.therapies = therapies?.map(TherapyItem.init)
  }
}

extension SubjectSummary {
  /// All subjects of a registry with their visits and therapies.
  ///
  /// - Throws: `RegistryError`.
  package static func all(_ registry: PatientRegistry) throws -> [SubjectSummary] {
    let therapies = Dictionary(grouping: try registry.interventions(), by: \.subject)
    return try registry.subjects().map { subject in
      SubjectSummary(
        subject, visits: try registry.visits(subject: subject.id),
        therapies: therapies[subject.id] ?? [])
    }
  }

  /// Subjects as a table for people, one line each with its first therapy.
  package static func text(_ summaries: [SubjectSummary]) -> String {
    var table = TextTable(["Patient", "Arm", "Visits", "First", "Last", "Therapy", "Started"])
    for summary in summaries {
      let kept = (summary.visits ?? []).compactMap(\.date)
      let therapy = summary.therapies?.first
      table.add([
        summary.pseudonym, summary.arm ?? "-", String(kept.count), kept.first ?? "-",
        kept.last ?? "-", therapy?.kind ?? "-", therapy?.start ?? "-",
      ])
    }
    return table.text
  }
}
