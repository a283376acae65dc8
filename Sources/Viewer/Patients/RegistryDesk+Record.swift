import FollowUp
import Foundation
import Hummingbird
import Registry
import Reports

extension RegistryDesk {
  /// The page of a record: its versions, and the forms that correct it.
  func addRecordPage(to table: inout RouteTable) {
    table.get("records/:record", .reader, "A record and its history as a page") {
      [self] _, context in
      let number = try record(context)
      let history = try registry.history(number: number).map(ChangeSummary.init)
      // A record that was withdrawn has a history and no current version.
      let current = try? registry.record(number: number)
      let names = Set(history.flatMap { $0.values?.keys.map { $0 } ?? [] }).sorted()
      var content = [
        MarkupElement(
          "h1",
          text: current.map { "Record \(number): \($0.table.rawValue)" }
            ?? "Record \(number), withdrawn"),
        MarkupElement("h2", text: "History"),
        PageTable.element(
          ["Entry", "What", "When", "Who", "Reason"] + names,
          history.map { change in
            ["\(change.entry)", change.action, change.at, change.author, change.reason ?? ""]
              + names.map { change.values?[$0] ?? "" }
          }),
      ]
      if let current, (context.session?.role ?? .reader) >= .editor {
        content += Self.forms(current)
      }
      return page("Record \(number)", context, content)
    }
  }

  private static func forms(_ record: StoredRecord) -> [MarkupElement] {
    let place = "/api/v1/records/\(record.id)"
    func part(_ title: String, _ text: String, _ form: PageForm) -> MarkupElement {
      .init(
        "details", [:],
        [.init("summary", text: title), .init("p", ["class": "soft"], text: text), form.element()])
    }
    var result = [MarkupElement("h2", text: "Corrections")]
    if ![.analysisRun, .motorUnit, .unitLink, .warning, .erasure].contains(record.table) {
      result.append(
        part(
          "Correct a value", "The earlier version stays in the file.",
          PageForm(
            action: place + "/correct", button: "Correct",
            fields: [
              .init("field", "Field"), .init("value", "Value, empty for none", required: false),
              .init("reason", "Reason"),
            ])))
    }
    if record.table == .recording {
      result.append(
        part(
          "Move to where it belongs",
          "Its runs and values come with it; links of its units to other recordings are withdrawn. "
            + "What is left empty stays.",
          PageForm(
            action: place + "/move", button: "Move",
            fields: [
              .init("to", "Patient", required: false), .init("date", "Day", .date, required: false),
              .init("muscle", "Muscle", required: false),
              .init(
                "side", "Side", .select, choices: BodySide.allCases.map(\.rawValue), required: false
              ),
              .init("reason", "Reason"), .init("accept", "Although it may be a mix-up", .checkbox),
            ])))
    }
    result.append(
      part(
        "Withdraw", "It is no longer shown or counted, and stays in the file.",
        PageForm(
          action: place + "/retract", button: "Withdraw",
          fields: [
            .init("reason", "Reason"),
            .init("includingDependents", "With all that belongs to it", .checkbox),
          ])))
    return result
  }
}
