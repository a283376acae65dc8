import Foundation
import Tables
import Testing

@testable import Registry

/// A document that uses everything the formats can hold.
func fullDocument() throws -> InterchangeDocument {
  var document = InterchangeDocument()
  document.subjects = [
    .init(
      pseudonym: "P-01", study: "S1", site: "Ulm, \"Nord\"", arm: "active",
      onsetDate: try day("2025-02-03"), onsetSite: "bulbar", attributes: ["sex": "f"]),
    .init(pseudonym: "P_02", attributes: ["age": "61"]), .init(pseudonym: "P01"),
  ]
  document.visits = [
    .init(subject: "P-01", date: try day("2026-01-05"), nominal: "baseline"),
    .init(subject: "P-01", date: try day("2026-02-05"), nominal: "month 1", status: .partial),
    .init(subject: "P-01", nominal: "month 2", status: .missed, missingReason: "ill; at home"),
    .init(subject: "P_02", date: try day("2026-01-09")),
    .init(subject: "P_02", date: try day("2026-03-09")),
  ]
  let first = try day("2026-01-05")
  document.values = [
    .init(
      subject: "P-01", date: first, kind: .munix, value: 101.25, unit: "1", standardError: 7.5,
      muscle: "abductor pollicis brevis", side: .left, conditions: ["force": "20 %", "a": "\"é"]),
    .init(
      subject: "P-01", date: first, kind: .munix, value: 98, unit: "1", quality: .warn,
      replicate: 2, muscle: "abductor pollicis brevis", side: .left),
    .init(
      subject: "P-01", date: first, kind: .cmapAmplitude, value: 0.1, unit: "mV",
      censoring: .below, muscle: "tibialis anterior"),
    .init(subject: "P-01", date: first, kind: .alsfrsTotal, value: 40, unit: "points"),
    .init(subject: "P-01", date: first, kind: .alsfrsItem("speech"), value: 3, unit: "points"),
    .init(
      subject: "P_02", date: try day("2026-03-09"), kind: MeasurementKind(id: "grip"),
      value: -1.5e-7, unit: "kg"),
  ]
  document.interventions = [
    .init(
      subject: "P-01", kind: "antisense", name: "X", startDate: try day("2026-02-01"),
      stopDate: try day("2026-08-01"), dose: 100.5, doseUnit: "mg / 4 weeks",
      muscle: "tibialis anterior", side: .left),
    .init(
      subject: "P-01", kind: "antisense", startDate: try day("2026-02-01"), side: .right),
    .init(subject: "P-01", kind: "riluzole", startDate: try day("2025-06-01")),
  ]
  document.events = [
    .init(subject: "P-01", kind: .nonInvasiveVentilation, date: try day("2026-07-01")),
    .init(subject: "P_02", kind: .death, date: try day("2026-08-01"), detail: "respiratory"),
  ]
  document.sort()
  return document
}

extension InterchangeDocument {
  /// The document in order and without the places it was read at.
  var bare: InterchangeDocument {
    var copy = self
    for index in copy.subjects.indices { copy.subjects[index].place = SourcePlace() }
    for index in copy.visits.indices { copy.visits[index].place = SourcePlace() }
    for index in copy.values.indices { copy.values[index].place = SourcePlace() }
    for index in copy.interventions.indices { copy.interventions[index].place = SourcePlace() }
    for index in copy.events.indices { copy.events[index].place = SourcePlace() }
    copy.sort()
    return copy
  }
}

@Suite struct InterchangeTests {
  private func read(_ table: DelimitedTable, _ separator: Character = ",") throws -> TableImport {
    let parsed = try DelimitedTable(text: table.text(separator: separator), source: "test.csv")
    #expect(parsed == table)
    return try TableImport(parsed, profile: .guess(header: parsed.header))
  }

  @Test func redcapComesBackWhole() throws {
    let document = try fullDocument()
    let table = REDCapTable(document)
    #expect(table.eventOrder.first == "enrolment_arm_1")
    #expect(table.eventOrder.contains("month_1_arm_1"))
    var shuffled = table.table
    shuffled.rows.reverse()
    for source in [table.table, shuffled] {
      let back = try TableImport(source, profile: .guess(header: source.header))
      #expect(back.problems.isEmpty, "\(back.problems)")
      #expect(back.document.bare == document)
    }
  }

  @Test func bidsComesBackWhole() throws {
    let document = try fullDocument()
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("bids-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let tables = BIDSTables(document)
    try tables.write(to: folder.path)
    let back = try BIDSImport(folder: folder.path)
    #expect(back.problems.isEmpty, "\(back.problems)")
    #expect(back.document.bare == document)
    #expect(tables.files["participants.tsv"]?.contains("sub-P01x2\tP01") == true)
    #expect(throws: RegistryError.self) { try tables.write(to: folder.path) }
  }

  @Test func fhirComesBackWhole() throws {
    let document = try fullDocument()
    let text = try FHIRBundle.text(document)
    #expect(text.contains("98713-1"))
    #expect(text == (try FHIRBundle.text(document)))
    let back = try FHIRImport(data: Data(text.utf8), source: "bundle.json")
    #expect(back.problems.isEmpty, "\(back.problems)")
    #expect(back.document.bare == document)
  }

  @Test(arguments: [",", ";", "\t"] as [Character])
  func longTablesComeBack(_ separator: Character) throws {
    let document = try fullDocument()
    let back = try read(TableExport.long(document), separator)
    #expect(back.problems.isEmpty, "\(back.problems)")
    #expect(back.document.bare.values == document.values)
    let subject = try #require(back.document.subjects.first)
    #expect(subject.arm == "active" && subject.site == "Ulm, \"Nord\"")
    #expect(back.document.interventions.map(\.kind) == ["riluzole"])
  }

  @Test func wideTablesComeBack() throws {
    var document = try fullDocument()
    let back = try read(TableExport.wide(document))
    #expect(back.problems.isEmpty, "\(back.problems)")
    for index in document.values.indices {
      document.values[index].conditions = [:]
      document.values[index].quality = .pass
      document.values[index].censoring = nil
      if !document.values[index].kind.isKnown { document.values[index].unit = "1" }
    }
    #expect(back.document.bare.values == document.values)
    #expect(back.document.visits.count == 4)
  }

  @Test func theRegistryGivesBackWhatItTook() throws {
    let temporary = try TemporaryRegistry()
    let document = try fullDocument()
    let preview = try temporary.registry.previewImport(document)
    #expect(preview.problems.isEmpty, "\(preview.problems)")
    #expect(preview.newSubjects == 3 && preview.newVisits == 5 && preview.newMeasurements == 4)
    #expect(preview.newOutcomes == 1 && preview.newInterventions == 3 && preview.newEvents == 2)
    #expect(try temporary.registry.subjects().isEmpty)
    #expect(try temporary.registry.verify().entryCount == 0)
    var report = try temporary.registry.importDocument(document, source: "test")
    #expect(report.isStored)
    report.isStored = false
    #expect(report == preview)
    #expect(try temporary.registry.exportDocument().bare == document)
    let again = try temporary.registry.importDocument(document, source: "test")
    #expect(again.unchanged == 18 && again.newMeasurements == 0 && again.newVisits == 0)
    #expect(try temporary.registry.check().isSound)
  }

  @Test func aDifferingValueIsRefusedAndNothingStored() throws {
    let temporary = try TemporaryRegistry()
    var document = try fullDocument()
    try temporary.registry.importDocument(document, source: "test")
    let before = try temporary.registry.verify()
    document.values[0].value += 1
    document.values[0].place.line = 7
    document.subjects.append(.init(pseudonym: "NEW1"))
    let error = #expect(throws: RegistryError.self) {
      try temporary.registry.importDocument(document, source: "test")
    }
    guard case .importRefused("test", let problems)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(problems.map(\.line) == [7])
    #expect(try temporary.registry.verify() == before)
  }

  @Test func datesAreShiftedTogether() throws {
    let document = try fullDocument()
    let shift = try DateShift(secret: "a site secret", maximumDays: 100)
    let shifted = document.shifted(by: shift)
    let days = shift.days(for: "P-01")
    #expect((-100 ... -1).contains(days))
    #expect(shift.days(for: "P-01") == days)
    let moved = zip(document.values, shifted.values).filter { $0.0.subject == "P-01" }
    #expect(moved.allSatisfy { $0.1.date == $0.0.date.adding(days: days) })
    #expect(shifted.subjects[0].onsetDate == document.subjects[0].onsetDate?.adding(days: days))
    #expect(shifted.events.allSatisfy { $0.detail == nil })
    #expect(shifted.visits.allSatisfy { $0.missingReason == nil })
    #expect(Set(["A1", "A2", "A3", "A4", "A5"].map(shift.days)).count > 1)
    #expect(throws: RegistryError.self) { try DateShift(secret: "short") }
  }
}
