import FollowUp
import Foundation
import Hummingbird
import Registry

extension RegistryDesk {
  private struct Acceptance: Decodable, Sendable {
    let reason: String
    /// Who accepts, where there are no accounts.
    var name: String?
  }
  private struct Correction: Decodable, Sendable {
    let changes: [String: String]
    let reason: String
  }
  private struct Retraction: Decodable, Sendable {
    let reason: String
    var includingDependents: Bool?
  }
  private struct Move: Decodable, Sendable {
    var to: String?
    var date: String?
    var muscle: String?
    var side: String?
    let reason: String
    /// Whether it is stored although it may be a mix-up.
    var accept: Bool?
  }
  private struct DateChange: Decodable, Sendable {
    let from: String
    let to: String
    let reason: String
    var accept: Bool?
  }
  private struct Merge: Decodable, Sendable {
    let into: String
    let reason: String
  }
  private struct Erasing: Decodable, Sendable {
    let confirm: String
    let reason: String
  }

  /// Corrections: the same operations as the registry's commands, each with its reason.
  func addCorrections(to table: inout RouteTable) {
    let reason = RouteTable.Field("reason", required: true)
    let accept = RouteTable.Field("accept", .boolean)
    table.post(
      "api/v1/warnings/:record/accept", .editor, "Accept a warning",
      body: [reason, .init("name")]
    ) { [self] request, context in
      let wanted = try await body(request, as: Acceptance.self)
      let warning = try acceptor(wanted.name, context).acceptWarning(
        try record(context), reason: wanted.reason)
      return try json(WarningSummary(warning))
    }
    table.get("api/v1/records/:record", .reader, "A record") { [self] _, context in
      try json(try registry.record(number: try record(context)))
    }
    table.get("api/v1/records/:record/history", .reader, "Every version of a record") {
      [self] _, context in
      try json(try registry.history(number: try record(context)).map(ChangeSummary.init))
    }
    table.post(
      "api/v1/records/:record/correct", .editor, "Correct values of a record",
      body: [.init("changes", .object, required: true), reason]
    ) { [self] request, context in
      let wanted = try await body(request, as: Correction.self)
      return try json(
        try writer(context).correct(
          number: try record(context), changes: wanted.changes, reason: wanted.reason))
    }
    table.post(
      "api/v1/records/:record/retract", .editor, "Withdraw a record",
      body: [reason, .init("includingDependents", .boolean)]
    ) { [self] request, context in
      let wanted = try await body(request, as: Retraction.self)
      return try json(
        try writer(context).retract(
          number: try record(context), reason: wanted.reason,
          includingDependents: wanted.includingDependents ?? false))
    }
    table.post(
      "api/v1/records/:record/move", .editor,
      "Move a recording to another patient, visit, muscle or side",
      body: [
        .init("to"), .init("date", isDay: true), .init("muscle"), Self.sideField, reason, accept,
      ]
    ) { [self] request, context in
      try json(try move(try await body(request, as: Move.self), context))
    }
    table.post(
      "api/v1/patients/:patient/change-date", .editor, "Give a visit another day",
      body: [
        .init("from", required: true, isDay: true), .init("to", required: true, isDay: true),
        reason, accept,
      ]
    ) { [self] request, context in
      let wanted = try await body(request, as: DateChange.self)
      let subject = try subject(context)
      let to = try date(wanted.to)
      let from = try date(wanted.from)
      try refuse(try EntryDoubts.visit(to, subject, registry), unless: wanted.accept)
      return try json(
        try writer(context).changeDate(
          subject: subject.id, from: from, to: to, reason: wanted.reason))
    }
    table.post(
      "api/v1/patients/:patient/merge", .editor, "Join a patient to another who is the same",
      body: [.init("into", required: true), reason]
    ) { [self] request, context in
      let wanted = try await body(request, as: Merge.self)
      let second = try registry.subject(pseudonym: wanted.into)
      return try json(
        try writer(context).mergeSubject(
          try subject(context).id, into: second.id, reason: wanted.reason))
    }
    table.post(
      "api/v1/patients/:patient/erase", .admin, "Erase a patient; this cannot be undone",
      body: [.init("confirm", required: true), reason]
    ) { [self] request, context in
      let wanted = try await body(request, as: Erasing.self)
      let subject = try subject(context)
      guard wanted.confirm.lowercased() == subject.pseudonym.lowercased() else {
        throw ViewerError.badRequest("confirm must be the pseudonym once more")
      }
      let report = try writer(context).eraseSubject(subject.id, reason: wanted.reason)
      try removeErased()
      return try json(report)
    }
  }

  /// With accounts it is whoever signed in; else the name that was written, or the program's user.
  private func acceptor(_ name: String?, _ context: ViewerContext) throws -> PatientRegistry {
    let given = name?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    guard !given.isEmpty, given != context.user else { return try writer(context) }
    guard context.session?.isAccount == false else {
      throw ViewerError(.forbidden, "a warning is accepted under the name that signed in")
    }
    guard given.count <= 100 else { throw ViewerError.badRequest("the name is too long") }
    return try PatientRegistry.open(path: path, author: given, createIfMissing: false)
  }

  private func move(_ wanted: Move, _ context: ViewerContext) throws -> MoveReport {
    func given(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
    let subject = try given(wanted.to).map { try registry.subject(pseudonym: $0) }
    let day = try given(wanted.date).map { try date($0) }
    let side = try side(given(wanted.side))
    var doubts = try EntryDoubts.muscle(given(wanted.muscle), registry)
    if let subject, let day { doubts += try EntryDoubts.visit(day, subject, registry) }
    try refuse(doubts, unless: wanted.accept)
    return try writer(context).moveRecording(
      try record(context),
      to: RecordingPlace(
        subject: subject?.id, date: day, muscle: given(wanted.muscle), side: side),
      reason: wanted.reason)
  }

  private func date(_ text: String) throws -> CivilDate {
    guard let date = CivilDate(text) else {
      throw ViewerError.badRequest("\"\(text.prefix(20))\" is no date written YYYY-MM-DD")
    }
    return date
  }

  func refuse(_ doubts: [EntryDoubt], unless accepted: Bool?) throws {
    let grave = doubts.filter(\.isMixUp)
    if grave.isEmpty || accepted == true { return }
    throw ViewerError.conflict(
      grave.map(\.text).joined(separator: "; ") + "; nothing was stored: correct it, or accept it")
  }
}
