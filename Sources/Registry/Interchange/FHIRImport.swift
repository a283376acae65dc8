import Foundation

/// Reads a FHIR R4 bundle into a document.
///
/// Understands what `FHIRBundle` writes, and of other bundles Patients with an identifier that can
/// be a pseudonym and Observations with a known code, their potentials converted to millivolts.
/// Observations with other codes and resources of other types are passed over with one warning for
/// each code or type.
public struct FHIRImport: Sendable {
  /// What was read.
  public private(set) var document = InterchangeDocument()
  /// What was wrong; lines are entries of the bundle, from 1.
  public private(set) var problems: [ImportProblem] = []

  private var pseudonyms: [String: String] = [:]
  /// Pseudonyms by any identifier of the patient, for references that name no resource.
  private var identified: [String: String] = [:]
  private var passedOver: [String: Int] = [:]

  /// Reads a bundle; throws `RegistryError.unreadable` where the bytes are no FHIR bundle.
  public init(data: Data, source: String) throws {
    let bundle: FHIRResource
    do {
      bundle = try JSONDecoder().decode(FHIRResource.self, from: data)
    } catch {
      throw RegistryError.unreadable(
        source: source, line: nil, found: "no FHIR resource in JSON", expected: "a FHIR R4 bundle")
    }
    guard bundle.resourceType == "Bundle" else {
      throw RegistryError.unreadable(
        source: source, line: nil, found: "a \(bundle.resourceType.prefix(40)) resource",
        expected: "a FHIR R4 bundle")
    }
    let entries = bundle.entry ?? []
    for (index, entry) in entries.enumerated() where entry.resource == nil {
      let what = entry.problem.map { "its \($0.prefix(80)) cannot be read" } ?? "no resource"
      problems.append(
        SourcePlace(line: index + 1).problem("\(what); passed over", severity: .warning))
    }
    for (index, entry) in entries.enumerated() where entry.resource?.resourceType == "Patient" {
      readPatient(entry, SourcePlace(line: index + 1))
    }
    for (index, entry) in entries.enumerated() {
      guard let resource = entry.resource, resource.resourceType != "Patient" else { continue }
      read(resource, SourcePlace(line: index + 1))
    }
    for (name, count) in passedOver.sorted(by: { $0.key < $1.key }) {
      problems.append(
        ImportProblem(severity: .warning, message: "\(count) of \(name) passed over"))
    }
    document.sort()
  }

  private mutating func readPatient(_ entry: FHIREntry, _ place: SourcePlace) {
    guard let resource = entry.resource else { return }
    let identifiers = resource.identifier ?? []
    let own = identifiers.first { $0.system == FHIRSystem.pseudonym } ?? identifiers.first
    let pseudonym: String
    do {
      pseudonym = try Pseudonym.validated(own?.value ?? "")
    } catch {
      problems.append(place.problem("\(error)"))
      return
    }
    let names = [entry.fullUrl, resource.id.map { "Patient/" + $0 }].compactMap { $0 }
    for name in names.flatMap(FHIRReference.names) { pseudonyms[name] = pseudonym }
    for identifier in identifiers {
      if let value = identifier.value { identified[value] = pseudonym }
    }
    guard !document.subjects.contains(where: { $0.pseudonym == pseudonym }) else { return }
    var item = InterchangeDocument.SubjectItem(pseudonym: pseudonym, place: place)
    item.site = resource.managingOrganization?.display
    for found in resource.extension ?? [] where found.url.hasPrefix(FHIRSystem.attribute + ":") {
      let name = String(found.url.dropFirst(FHIRSystem.attribute.count + 1))
      if let value = found.valueString { item.attributes[name] = value }
    }
    document.subjects.append(item)
  }

  private mutating func read(_ resource: FHIRResource, _ place: SourcePlace) {
    let subjectReference = resource.subject ?? resource.individual
    let reference = subjectReference?.reference ?? ""
    guard
      ["ResearchSubject", "Condition", "Encounter", "Procedure", "Observation"]
        .contains(resource.resourceType)
    else {
      passedOver["resource type \(resource.resourceType.prefix(40))", default: 0] += 1
      return
    }
    if let status = Self.withoutResult(resource) {
      passedOver["\(resource.resourceType) with status \(status)", default: 0] += 1
      return
    }
    let named = FHIRReference.names(of: reference).compactMap { pseudonyms[$0] }.first
    let byIdentifier = subjectReference?.identifier?.value.flatMap { identified[$0] }
    guard let subject = named ?? byIdentifier else {
      problems.append(
        place.problem(
          "a \(resource.resourceType) of \"\(reference.prefix(60))\", who is not a "
            + "patient of this bundle; passed over", severity: .warning))
      return
    }
    switch resource.resourceType {
    case "ResearchSubject":
      update(subject) {
        $0.arm = resource.actualArm
        $0.study = resource.study?.display
      }
    case "Condition": readOnset(resource, subject, place)
    case "Encounter": readVisit(resource, subject, place)
    case "Procedure": readIntervention(resource, subject, place)
    default: readObservation(resource, subject, place)
    }
  }

  /// The status of a resource that tells of nothing that was done and holds; nil for the others.
  ///
  /// Source: the value sets ObservationStatus, EventStatus, EncounterStatus and
  /// ConditionVerificationStatus of FHIR R4. Visits that were cancelled or are planned are kept as
  /// such, and so are those whose status this program wrote itself.
  private static func withoutResult(_ resource: FHIRResource) -> String? {
    if resource.resourceType == "Condition" {
      let codes = resource.verificationStatus?.coding?.compactMap(\.code) ?? []
      return codes.first { ["entered-in-error", "refuted"].contains($0) }
    }
    guard let status = resource.status else { return nil }
    let without: Set<String> =
      switch resource.resourceType {
      case "Observation": ["entered-in-error", "cancelled", "registered"]
      case "Procedure": ["entered-in-error", "not-done", "preparation"]
      default: ["entered-in-error"]
      }
    return without.contains(status) ? status : nil
  }

  private mutating func update(
    _ pseudonym: String, _ change: (inout InterchangeDocument.SubjectItem) -> Void
  ) {
    guard let index = document.subjects.firstIndex(where: { $0.pseudonym == pseudonym }) else {
      return
    }
    change(&document.subjects[index])
  }

  /// The day of a FHIR date or time, which must be known to the day.
  private mutating func date(_ text: String?, _ what: String, _ place: SourcePlace) -> CivilDate? {
    guard let text else { return nil }
    if let date = CivilDate(text.split(separator: "T").first.map(String.init) ?? text) {
      return date
    }
    problems.append(
      place.problem(
        "\(what) is \"\(text.prefix(40))\", expected a day written YYYY-MM-DD; passed over",
        severity: .warning))
    return nil
  }

  private mutating func readOnset(
    _ resource: FHIRResource, _ subject: String, _ place: SourcePlace
  ) {
    guard resource.code?.text == "Onset of symptoms" else {
      passedOver["other Condition", default: 0] += 1
      return
    }
    let onset = date(resource.onsetDateTime, "onset", place)
    update(subject) {
      $0.onsetDate = onset
      $0.onsetSite = resource.bodySite?.first?.text
    }
  }

  private mutating func readVisit(
    _ resource: FHIRResource, _ subject: String, _ place: SourcePlace
  ) {
    let day = date(resource.period?.start, "start of the encounter", place)
    let own = resource.extension?.first { $0.url == FHIRSystem.visitStatus }?.valueString
    var status = own.flatMap(Visit.Status.init(rawValue:))
    if status == nil {
      status =
        switch resource.status {
        case "planned": .planned
        case "cancelled": .missed
        default: .done
        }
    }
    var item = InterchangeDocument.VisitItem(
      subject: subject, date: day, status: status ?? .done, place: place)
    if case .concepts(let concepts)? = resource.type { item.nominal = concepts.first?.text }
    item.missingReason =
      resource.extension?.first { $0.url == FHIRSystem.missingReason }?.valueString
    document.visits.append(item)
  }

  private mutating func readIntervention(
    _ resource: FHIRResource, _ subject: String, _ place: SourcePlace
  ) {
    let begin = resource.performedPeriod?.start ?? resource.performedDateTime
    guard let start = date(begin, "start of the procedure", place) else {
      problems.append(
        place.problem("a procedure without its start; passed over", severity: .warning))
      return
    }
    let kind = resource.code?.code(in: FHIRSystem.intervention)
    func text(_ url: String) -> String? {
      resource.extension?.first { $0.url == url }?.valueString
    }
    document.interventions.append(
      .init(
        subject: subject, kind: kind ?? resource.code?.text ?? "procedure",
        name: kind == nil ? nil : resource.code?.text, startDate: start,
        stopDate: date(resource.performedPeriod?.end, "end of the procedure", place),
        dose: text(FHIRSystem.doseText).flatMap { Double($0) }, doseUnit: text(FHIRSystem.doseUnit),
        muscle: resource.bodySite?.first?.text.map(MuscleName.canonical),
        side: text(FHIRSystem.therapySide).flatMap(BodySide.init(reading:)), place: place))
  }

  private mutating func readObservation(
    _ resource: FHIRResource, _ subject: String, _ place: SourcePlace
  ) {
    let time =
      resource.effectiveDateTime ?? resource.effectiveInstant ?? resource.effectivePeriod?.start
    let day = date(time, "time of the observation", place)
    if let event = resource.code?.code(in: FHIRSystem.event) {
      guard let kind = ClinicalEvent.Kind(rawValue: event), let day else {
        problems.append(
          place.problem(
            "event \"\(event.prefix(40))\" is unknown or has no day; passed over",
            severity: .warning))
        return
      }
      document.events.append(
        .init(subject: subject, kind: kind, date: day, detail: resource.valueString, place: place))
      return
    }
    guard let kind = kind(resource.code) else {
      let coding = resource.code?.coding?.first
      let name =
        coding.map { "\($0.system ?? "") \($0.code ?? "")" } ?? resource.code?.text ?? "no code"
      passedOver["observation code \(name.prefix(80))", default: 0] += 1
      return
    }
    let quantity = resource.valueQuantity ?? FHIRQuantity(value: resource.valueInteger)
    guard let day, let value = quantity.value else {
      let reason = resource.dataAbsentReason
      let words = reason?.coding?.first?.code ?? reason?.text
      let why = words.map { " (data absent: \($0.prefix(40)))" } ?? ""
      problems.append(
        place.problem(
          day == nil
            ? "\(kind) without the day of it; passed over"
            : "\(kind) without a value\(why); passed over", severity: .warning))
      return
    }
    let unit = quantity.unit ?? quantity.code ?? kind.unit
    let factor = factor(from: unit, code: quantity.code, to: kind)
    var item = InterchangeDocument.ValueItem(
      subject: subject, date: day, kind: kind, value: value * (factor ?? 1),
      unit: factor == nil ? unit : kind.unit, place: place)
    item.censoring =
      switch quantity.comparator {
      case "<", "<=": .below
      case ">", ">=": .above
      default: nil
      }
    item.muscle = resource.bodySite?.first?.text.map(MuscleName.canonical)
    for component in resource.component ?? [] { read(component, factor ?? 1, &item, place) }
    document.values.append(item)
  }

  private func kind(_ concept: FHIRConcept?) -> MeasurementKind? {
    if let id = concept?.code(in: FHIRSystem.kind),
      let valid = try? MeasurementKind.validatedID(id)
    {
      return MeasurementKind(id: valid)
    }
    let loinc = concept?.code(in: FHIRSystem.loinc)
    return FHIRSystem.loincCodes.first { $0.value == loinc }?.key
  }

  /// What a value is multiplied by to come to the kind's unit; nil where the unit stays.
  private func factor(from unit: String, code: String?, to kind: MeasurementKind) -> Double? {
    if unit == kind.unit || !kind.isKnown { return nil }
    let from = FHIRSystem.voltage[code ?? unit] ?? FHIRSystem.voltage[unit]
    guard let from, let to = FHIRSystem.voltage[kind.unit] else { return nil }
    return from / to
  }

  private mutating func read(
    _ component: FHIRComponent, _ factor: Double, _ item: inout InterchangeDocument.ValueItem,
    _ place: SourcePlace
  ) {
    guard let aspect = component.code.code(in: FHIRSystem.aspect) else { return }
    switch aspect {
    case "quality":
      item.quality = component.valueString.flatMap(Measurement.Quality.init(rawValue:)) ?? .warn
    case "replicate": item.replicate = component.valueInteger ?? 1
    case "standard-error":
      item.standardError = component.valueQuantity?.value.map { $0 * factor }
    case "side": item.side = component.valueString.flatMap(BodySide.init(reading:))
    case _ where aspect.hasPrefix("condition:"):
      item.conditions[String(aspect.dropFirst("condition:".count))] = component.valueString
    default:
      problems.append(
        place.problem("unknown aspect \"\(aspect.prefix(40))\"", severity: .warning))
    }
  }
}
