import Analyses
import Registry

/// Everything the registry holds of one patient, in short.
package struct PatientSummary: Encodable {
  /// A clinical event.
  package struct EventItem: Encodable {
    package let kind: String
    package let date: String
    package let detail: String?

    /// Makes one from its parts.
    package init(
      kind: String, date: String, detail: String?
    ) {
      self.kind = kind
      self.date = date
      self.detail = detail
    }
  }

  /// How many values of a kind there are.
  package struct KindItem: Encodable {
    package let kind: String
    package let name: String
    package let unit: String
    package let values: Int
    package let caveat: String
  }

  package let software = SoftwareVersion.text
  package let patient: SubjectSummary
  package let events: [EventItem]
  package let measures: [KindItem]
  package let warnings: [WarningSummary]

  package init(_ pseudonym: String, _ registry: PatientRegistry) throws {
    let subject = try registry.subject(pseudonym: pseudonym)
    patient = SubjectSummary(
      subject, visits: try registry.visits(subject: subject.id),
      therapies: try registry.interventions(subject: subject.id))
    warnings = try registry.openWarnings(subject: subject.id).map { WarningSummary($0) }
    events = try registry.events(subject: subject.id).map {
      EventItem(kind: $0.kind.rawValue, date: $0.date.description, detail: $0.detail)
    }
    measures = try MeasuredKinds.stored(registry, subject: subject.id).map { kind, count in
      KindItem(
        kind: kind.id, name: kind.displayName, unit: kind.unit, values: count,
        caveat: kind.caveat)
    }
  }
}
