import Foundation
internal import Hashing

/// A document as a FHIR R4 bundle of the type `collection`.
///
/// Patients hold the pseudonym only; arms stand in ResearchSubjects, onset in Conditions, visits in
/// Encounters, interventions in Procedures, values and events in Observations. CMAP amplitude bears
/// its LOINC code; measures without public code bear one of a local system. References point to
/// `urn:uuid` names that follow from the content, so equal documents give equal bundles.
public enum FHIRBundle {
  /// The bundle as JSON text.
  public static func text(_ document: InterchangeDocument) throws -> String {
    var builder = Builder(document)
    builder.build()
    var bundle = FHIRResource("Bundle")
    bundle.type = .code("collection")
    bundle.entry = builder.entries
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(bundle), as: UTF8.self) + "\n"
  }

  private struct Builder {
    let document: InterchangeDocument
    var entries: [FHIREntry] = []

    init(_ document: InterchangeDocument) {
      self.document = document
    }

    mutating func build() {
      for item in document.subjects { addSubject(item) }
      for item in document.visits { addVisit(item) }
      for item in document.interventions { addIntervention(item) }
      for item in document.values { addValue(item) }
      for item in document.events { addEvent(item) }
    }

    /// A UUID (version 8, RFC 9562) from the SHA-256 of a name.
    private func name(_ parts: String...) -> String {
      let hash = SHA256.hash(Array(parts.joined(separator: "\u{1F}").utf8))
      var bytes = Array(hash.prefix(16))
      bytes[6] = bytes[6] & 0x0F | 0x80
      bytes[8] = bytes[8] & 0x3F | 0x80
      let hex = Array(HexText.encode(Data(bytes)))
      let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }
      return "urn:uuid:" + groups.joined(separator: "-")
    }

    private mutating func add(_ name: String, _ resource: FHIRResource) {
      var resource = resource
      resource.id = String(name.dropFirst("urn:uuid:".count))
      entries.append(FHIREntry(fullUrl: name, resource: resource))
    }

    private func patient(_ pseudonym: String) -> FHIRReference {
      FHIRReference(reference: name("Patient", pseudonym))
    }

    private func visitName(_ subject: String, _ date: CivilDate?, _ nominal: String?) -> String {
      name("Encounter", subject, date?.description ?? "undated \(nominal ?? "")")
    }

    private mutating func addSubject(_ item: InterchangeDocument.SubjectItem) {
      var resource = FHIRResource("Patient")
      resource.identifier = [FHIRIdentifier(system: FHIRSystem.pseudonym, value: item.pseudonym)]
      resource.managingOrganization = item.site.map { FHIRReference(display: $0) }
      let attributes = item.attributes.sorted { $0.key < $1.key }.map {
        FHIRExtension(url: FHIRSystem.attribute + ":" + $0.key, valueString: $0.value)
      }
      resource.extension = attributes.isEmpty ? nil : attributes
      let death = document.events.first { $0.subject == item.pseudonym && $0.kind == .death }
      resource.deceasedDateTime = death?.date.description
      add(name("Patient", item.pseudonym), resource)
      if item.arm != nil || item.study != nil {
        var membership = FHIRResource("ResearchSubject")
        membership.status = "on-study"
        membership.individual = patient(item.pseudonym)
        // FHIR demands a study; an empty reference says that it is not known.
        membership.study = FHIRReference(display: item.study)
        membership.actualArm = item.arm
        add(name("ResearchSubject", item.pseudonym), membership)
      }
      if item.onsetDate != nil || item.onsetSite != nil {
        var condition = FHIRResource("Condition")
        condition.code = FHIRConcept(text: "Onset of symptoms")
        condition.subject = patient(item.pseudonym)
        condition.onsetDateTime = item.onsetDate?.description
        condition.bodySite = item.onsetSite.map { .many([FHIRConcept(text: $0)]) }
        add(name("Condition", item.pseudonym), condition)
      }
    }

    private mutating func addVisit(_ item: InterchangeDocument.VisitItem) {
      var resource = FHIRResource("Encounter")
      resource.status =
        switch item.status {
        case .done, .partial: "finished"
        case .missed: "cancelled"
        case .planned: "planned"
        }
      resource.class = FHIRCoding(system: FHIRSystem.actCode, code: "AMB", display: "ambulatory")
      resource.subject = patient(item.subject)
      resource.type = item.nominal.map { .concepts([FHIRConcept(text: $0)]) }
      resource.period = item.date.map { FHIRPeriod(start: $0.description, end: $0.description) }
      var extensions = [
        FHIRExtension(url: FHIRSystem.visitStatus, valueString: item.status.rawValue)
      ]
      if let reason = item.missingReason {
        extensions.append(FHIRExtension(url: FHIRSystem.missingReason, valueString: reason))
      }
      resource.extension = extensions
      add(visitName(item.subject, item.date, item.nominal), resource)
    }

    private mutating func addIntervention(_ item: InterchangeDocument.InterventionItem) {
      var resource = FHIRResource("Procedure")
      resource.status = item.stopDate == nil ? "in-progress" : "completed"
      resource.subject = patient(item.subject)
      resource.code = FHIRConcept(
        coding: [FHIRCoding(system: FHIRSystem.intervention, code: item.kind)], text: item.name)
      resource.performedPeriod = FHIRPeriod(
        start: item.startDate.description, end: item.stopDate?.description)
      var extensions: [FHIRExtension] = []
      if let dose = item.dose {
        extensions.append(FHIRExtension(url: FHIRSystem.doseText, valueString: "\(dose)"))
      }
      if let unit = item.doseUnit {
        extensions.append(FHIRExtension(url: FHIRSystem.doseUnit, valueString: unit))
      }
      if let side = item.side {
        extensions.append(FHIRExtension(url: FHIRSystem.therapySide, valueString: side.rawValue))
      }
      resource.bodySite = item.muscle.map { .many([FHIRConcept(text: $0)]) }
      resource.extension = extensions.isEmpty ? nil : extensions
      let start = item.startDate.description
      // A therapy of one side has a name of its own, as both may begin on one day.
      add(
        item.side.map { name("Procedure", item.subject, item.kind, start, $0.rawValue) }
          ?? name("Procedure", item.subject, item.kind, start), resource)
    }

    private mutating func addValue(_ item: InterchangeDocument.ValueItem) {
      var resource = FHIRResource("Observation")
      resource.status = "final"
      var codings = [
        FHIRCoding(system: FHIRSystem.kind, code: item.kind.id, display: item.kind.displayName)
      ]
      if let loinc = FHIRSystem.loincCodes[item.kind] {
        codings.insert(FHIRCoding(system: FHIRSystem.loinc, code: loinc), at: 0)
      }
      resource.code = FHIRConcept(coding: codings, text: item.kind.displayName)
      resource.subject = patient(item.subject)
      resource.encounter = FHIRReference(reference: visitName(item.subject, item.date, nil))
      resource.effectiveDateTime = item.date.description
      resource.valueQuantity = quantity(item.value, item.unit)
      resource.valueQuantity?.comparator = item.censoring.map { $0 == .below ? "<=" : ">=" }
      resource.bodySite = item.muscle.map { .one(FHIRConcept(text: $0)) }
      if item.kind.isKnown { resource.note = [FHIRNote(text: item.kind.caveat)] }
      resource.component = components(item)
      let side = item.side?.rawValue ?? ""
      add(
        name(
          "Observation", item.subject, item.date.description, item.kind.id, item.muscle ?? "",
          side, "\(item.replicate)"), resource)
    }

    private func components(_ item: InterchangeDocument.ValueItem) -> [FHIRComponent] {
      func aspect(_ code: String) -> FHIRConcept {
        FHIRConcept(coding: [FHIRCoding(system: FHIRSystem.aspect, code: code)])
      }
      var components = [
        FHIRComponent(code: aspect("quality"), valueString: item.quality.rawValue),
        FHIRComponent(code: aspect("replicate"), valueInteger: item.replicate),
      ]
      if let error = item.standardError {
        components.append(
          FHIRComponent(
            code: aspect("standard-error"), valueQuantity: quantity(error, item.unit)))
      }
      if let side = item.side {
        components.append(FHIRComponent(code: aspect("side"), valueString: side.rawValue))
      }
      for (name, value) in item.conditions.sorted(by: { $0.key < $1.key }) {
        components.append(FHIRComponent(code: aspect("condition:" + name), valueString: value))
      }
      return components
    }

    private func quantity(_ value: Double, _ unit: String) -> FHIRQuantity {
      let code = FHIRSystem.ucumCodes[unit]
      return FHIRQuantity(
        value: value, unit: unit, system: code == nil ? nil : FHIRSystem.ucum, code: code)
    }

    private mutating func addEvent(_ item: InterchangeDocument.EventItem) {
      var resource = FHIRResource("Observation")
      resource.status = "final"
      resource.code = FHIRConcept(
        coding: [FHIRCoding(system: FHIRSystem.event, code: item.kind.rawValue)],
        text: item.kind.rawValue)
      resource.subject = patient(item.subject)
      resource.effectiveDateTime = item.date.description
      resource.valueString = item.detail
      add(name("Event", item.subject, item.kind.rawValue, item.date.description), resource)
    }
  }
}
