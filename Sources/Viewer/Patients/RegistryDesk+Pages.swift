import FollowUp
import Foundation
import Hummingbird
import Registry
import Reports

extension RegistryDesk {
  /// Pages of the list and of single patients.
  func addPatientPages(to table: inout RouteTable) {
    table.get(
      "patients", .reader, "The patients as a page",
      query: Self.listFields
    ) { [self] request, context in
      try await listPage(request, context)
    }
    table.get("patients/:patient", .reader, "One patient as a page") { [self] request, context in
      try await patientPage(request, context)
    }
  }

  static func link(_ pseudonym: String) -> String {
    "/patients/"
      + (pseudonym.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? pseudonym)
  }

  /// The patient's address in the interface.
  private static func place(_ subject: Subject) -> String {
    "/api/v1" + link(subject.pseudonym)
  }

  private func listPage(_ request: Request, _ context: ViewerContext) async throws -> Response {
    let found = try await excerpt(request)
    let search = request.uri.queryParameters["q"].map(String.init) ?? ""
    var input = MarkupElement(
      "input", ["type": "search", "name": "q", "value": search, "autocomplete": "off"])
    input.set("aria-label", "Search pseudonym, arm or therapy")
    var content = [
      MarkupElement("h1", text: "Patients"),
      MarkupElement(
        "form", ["class": "bar", "method": "get", "action": "/patients", "role": "search"],
        [input, .init("button", ["type": "submit"], text: "Search")]),
      MarkupElement(
        "p", ["class": "soft"],
        text: "\(found.total) patient\(found.total == 1 ? "" : "s")"
          + (search.isEmpty ? "" : " with \"\(search)\"")
          + (found.measureName.map { "; the line is \($0), from zero" } ?? "")),
      .init(
        "form", ["method": "get", "action": "/courses"], [list(found)]),
    ]
    if let next = found.next {
      let query = search.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      content.append(
        .init("p", [:], [.init("a", ["href": "/patients?q=\(query)&start=\(next)"], text: "Next")]))
    }
    return page("Patients", context, content)
  }

  /// The table of patients, each with a box to overlay its course with those of others.
  private func list(_ found: PatientIndex.Excerpt) -> MarkupElement {
    let table = PageTable.element(
      ["", "Patient", "Arm", "Days", "First", "Last", "Therapy", "Started", "Course", "Warnings"],
      found.patients.map { line -> [PageTable.Cell] in
        var box = MarkupElement(
          "input", ["type": "checkbox", "name": "p", "value": line.pseudonym])
        box.set("aria-label", "Choose \(line.pseudonym)")
        return [
          .init(box), .init(line.pseudonym, link: Self.link(line.pseudonym)),
          .init(line.arm ?? "–"),
          .init("\(line.days)"), .init(line.first ?? "–"), .init(line.last ?? "–"),
          .init(line.therapy ?? "–"), .init(line.therapyStart ?? "–"),
          line.course.map {
            PageTable.Cell(
              Sparkline.element(
                $0, measure: found.measureName ?? "", therapyStart: line.therapyStart))
          } ?? PageTable.Cell("–"),
          .init(line.warnings == 0 ? "" : "\(line.warnings)"),
        ]
      })
    return .init(
      "div", [:],
      [
        .init(
          "fieldset", [:],
          [.init("legend", text: "Patients whose courses are overlaid"), table]),
        .init(
          "p", [:],
          [.init("button", ["type": "submit"], text: "Overlay the courses of the chosen")]),
      ])
  }

  private func patientPage(_ request: Request, _ context: ViewerContext) async throws -> Response {
    let subject = try subject(context)
    let summary = try PatientSummary(subject.pseudonym, registry)
    let records = try registry.records(subject: subject.id)
    let visits = try VisitSummary.all(subject, registry)
    let canEdit = (context.session?.role ?? .reader) >= .editor
    var content = [heading(subject, summary, visits)]
    content += warnings(summary, context, canEdit: canEdit)
    content += try visitTables(visits, runs: try runs(subject), records: records)
    content += courseTables(records)
    if visits.contains(where: { !$0.measurements.isEmpty || !$0.outcomes.isEmpty }) {
      let trends = Carried(try await trends(request, context))
      content += await Background.value { trends.value.report().page().content() }
    } else {
      content.append(.init("p", text: "No values yet."))
    }
    if canEdit {
      content.append(
        VisitForm.element(
          place: Self.place(subject), muscles: try registry.muscles().sorted()))
      content.append(corrections(subject, context))
    }
    return page(subject.pseudonym, context, content, script: "visit.js")
  }

  private func heading(
    _ subject: Subject, _ summary: PatientSummary, _ visits: [VisitSummary]
  ) -> MarkupElement {
    var facts: [String] = []
    if let arm = subject.arm { facts.append("arm \(arm)") }
    if let onset = subject.onsetDate { facts.append("onset \(onset)") }
    if let site = subject.onsetSite { facts.append(site) }
    facts += subject.attributes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    var links = MarkupElement("p", ["class": "soft"])
    links.append(text: (facts + ["record "]).joined(separator: " · "))
    links.append(.init("a", ["href": "/records/\(subject.id)"], text: "\(subject.id)"))
    links.append(text: " · ")
    var pages = [("/report", "printed report")]
    if hasUnitNumbers(visits) { pages.append(("/unit-numbers", "unit numbers")) }
    if hasScans(visits) { pages.append(("/scans", "scans overlaid")) }
    for (index, (place, text)) in pages.enumerated() {
      if index > 0 { links.append(text: " · ") }
      links.append(.init("a", ["href": Self.link(subject.pseudonym) + place], text: text))
    }
    return .init("div", [:], [.init("h1", text: subject.pseudonym), links])
  }

  private func warnings(
    _ summary: PatientSummary, _ context: ViewerContext, canEdit: Bool
  ) -> [MarkupElement] {
    if summary.warnings.isEmpty { return [] }
    let isNamed = context.session?.isAccount == false
    var list = MarkupElement("ul", ["class": "open-warnings"])
    for warning in summary.warnings {
      var item = MarkupElement("li", ["id": "warning-\(warning.warning)"])
      item.append(.init("p", text: warning.line))
      if canEdit {
        item.append(
          PageForm(
            action: "/api/v1/warnings/\(warning.warning)/accept", button: "Accept",
            fields: (isNamed ? [.init("name", "Your name", value: context.user)] : [])
              + [.init("reason", "Reason")]
          ).element())
      }
      list.append(item)
    }
    return [.init("h2", text: "Warnings to accept"), list]
  }

  private func visitTables(
    _ visits: [VisitSummary], runs: [RunItem], records: [StoredRecord]
  ) throws -> [MarkupElement] {
    let numbers = Dictionary(
      records.filter { $0.table == .visit }.compactMap { record in
        record.values["date"].map { ($0, record.id) }
      }, uniquingKeysWith: { first, _ in first })
    var content = [
      MarkupElement("h2", text: "Visits and recordings"),
      PageTable.element(
        ["Visit", "State", "Record", "Recordings", "Values"],
        visits.map { visit -> [PageTable.Cell] in
          let number = visit.visit.date.flatMap { numbers[$0] }
          return [
            .init(
              [visit.visit.date, visit.visit.nominal].compactMap { $0 }.joined(separator: ", ")),
            .init(
              [visit.visit.status, visit.visit.missingReason].compactMap { $0 }
                .joined(separator: ": ")),
            .init(number.map { "\($0)" } ?? "–", link: number.map { "/records/\($0)" }),
            .init("\(visit.recordings.count)"),
            .init("\(visit.measurements.count + visit.outcomes.count)"),
          ]
        }),
    ]
    let recordings = visits.flatMap { visit in
      visit.recordings.map { (visit.visit.date ?? "–", $0) }
    }
    if recordings.isEmpty { return content }
    let own = Dictionary(grouping: runs, by: \.recording)
    content.append(
      PageTable.element(
        [
          "Recording", "Visit", "Kind", "Muscle", "Format", "Signals", "Run", "Method", "Units",
          "Linked with runs",
        ],
        recordings.flatMap { date, recording -> [[PageTable.Cell]] in
          let head: [PageTable.Cell] = [
            .init("\(recording.recording)", link: "/records/\(recording.recording)"), .init(date),
            .init(recording.modality),
            .init([recording.muscle, recording.side].compactMap { $0 }.joined(separator: ", ")),
            .init(
              [
                recording.format, recording.channels.map { "\($0) channels" },
                recording.duration.map { NumberText.fixed($0, 1) + " s" },
              ].compactMap { $0 }.joined(separator: ", ")),
            kept.recording(recording.sha256) == nil
              ? .init("–") : .init("look", link: "/recordings/\(recording.recording)"),
          ]
          let runs = own[recording.recording] ?? []
          if runs.isEmpty { return [head + ["–", "–", "–", "–"]] }
          return runs.map { run in
            head + [
              .init("\(run.run)", link: "/records/\(run.run)"), .init(run.method),
              .init(run.units == 0 ? "–" : "\(run.units)"),
              .init(run.linked.isEmpty ? "–" : run.linked.map(String.init).joined(separator: ", ")),
            ]
          }
        }))
    return content
  }

  /// Therapies and events with the numbers that correct them.
  private func courseTables(_ records: [StoredRecord]) -> [MarkupElement] {
    func rows(_ table: RecordTable, _ fields: [String]) -> [[PageTable.Cell]] {
      records.filter { $0.table == table }.map { record in
        [.init("\(record.id)", link: "/records/\(record.id)")]
          + fields.map { .init(record.values[$0] ?? "–") }
      }
    }
    var content: [MarkupElement] = []
    let therapies = rows(
      .intervention,
      [
        "kind", "name", "start", "stop", "dose", "dose-unit", "muscle", "side",
      ])
    if !therapies.isEmpty {
      content.append(.init("h2", text: "Therapies"))
      content.append(
        PageTable.element(
          ["Record", "Kind", "Name", "Start", "End", "Dose", "Unit", "Muscle", "Side"], therapies))
    }
    let events = rows(.event, ["kind", "date", "detail"])
    if !events.isEmpty {
      content.append(.init("h2", text: "Events"))
      content.append(PageTable.element(["Record", "Event", "Day", "Detail"], events))
    }
    return content
  }

  private func corrections(_ subject: Subject, _ context: ViewerContext) -> MarkupElement {
    let place = Self.place(subject)
    func part(_ title: String, _ text: String, _ form: PageForm) -> MarkupElement {
      .init(
        "details", [:],
        [.init("summary", text: title), .init("p", ["class": "soft"], text: text), form.element()])
    }
    var section = MarkupElement("section", ["id": "corrections"])
    section.append(.init("h2", text: "Corrections"))
    section.append(
      .init(
        "p", ["class": "soft"],
        text: "Each needs a reason, which the audit trail keeps. Values, recordings, therapies and "
          + "events are corrected and withdrawn on the pages of their records."))
    section.append(
      part(
        "Give a visit another day", "Values that name the day as that of an earlier visit follow.",
        PageForm(
          action: place + "/change-date", button: "Change the day",
          fields: [
            .init("from", "Day as it is stored", .date), .init("to", "Right day", .date),
            .init("reason", "Reason"), .init("accept", "Although it may be a mix-up", .checkbox),
          ])))
    section.append(
      part(
        "Join with another patient",
        "Everything comes to the other pseudonym, and this one is withdrawn.",
        PageForm(
          action: place + "/merge", button: "Join", next: "/patients",
          fields: [.init("into", "Pseudonym that stays"), .init("reason", "Reason")])))
    if context.session?.role == .admin {
      section.append(
        part(
          "Erase the patient",
          "On the person's request: nothing of the content stays in the registry. This cannot be "
            + "undone. Backups, exports and reports made earlier still hold the patient.",
          PageForm(
            action: place + "/erase", button: "Erase", next: "/patients",
            fields: [.init("confirm", "Pseudonym once more"), .init("reason", "Reason")])))
    }
    return section
  }
}
