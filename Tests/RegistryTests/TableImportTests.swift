import Foundation
import Tables
import Testing

@testable import Registry

@Suite struct TableImportTests {
  private func read(_ text: String, _ profile: ImportProfile? = nil) throws -> TableImport {
    let table = try DelimitedTable(text: text, source: "t.csv", separator: nil)
    return try TableImport(table, profile: profile ?? .guess(header: table.header))
  }

  @Test func everyBadCellIsAProblemWithItsLine() throws {
    let back = try read(
      """
      subject,date,kind,value,side,quality,replicate
      P1,2026-01-01,munix,100,left,pass,1
      Max Mustermann,2026-01-01,munix,1,left,,
      P1,2026-02-30,munix,1,left,,
      P1,2026-02-01,munix,"1,5",left,,
      P1,2026-02-01,munix,5,up,,
      P1,2026-02-01,munix,5,left,bad,
      P1,2026-02-01,munix,5,left,,0
      P1,,munix,5,left,,
      P1,2026-02-01,MU NIX,5,left,,
      ,2026-02-01,munix,5,left,,
      P1,2026-02-02,munix,nan,left,,
      P1,2026-02-02,munix,0x10,left,,
      """)
    #expect(
      back.problems.filter { $0.severity == .error }.map(\.line) == [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13,
      ])
    #expect(back.problems.filter { $0.severity == .warning }.map(\.line) == [12])
    #expect(back.document.values.map(\.value) == [100])
    #expect(back.problems.first { $0.line == 5 }?.message.contains("decimal comma") == true)
  }

  @Test func aGermanSpreadsheetIsReadByItsProfile() throws {
    var profile = ImportProfile(name: "clinic", decimalComma: true, dateFormat: .dayMonthYear)
    profile.columns = [.subject: "Code", .date: "Datum", .therapyStart: "Beginn"]
    profile.valueColumns = [
      .init(column: "CMAP (uV)", kind: .cmapAmplitude, muscle: "APB", side: .right, factor: 0.001)
    ]
    profile.defaultTherapyKind = "drug"
    let saved = FileManager.default.temporaryDirectory
      .appendingPathComponent("profile-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: saved) }
    try profile.save(path: saved.path)
    let loaded = try ImportProfile.load(path: saved.path)
    #expect(loaded == profile)
    let back = try read(
      "Code;Datum;CMAP (uV);Beginn\r\nP1;05.03.2026;4512,5;01.02.2026\r\n", loaded)
    #expect(back.problems.isEmpty)
    #expect(back.document.values.map(\.value) == [4.5125])
    #expect(back.document.values.first?.muscle == "abductor pollicis brevis")
    #expect(back.document.interventions.map(\.startDate) == [try day("2026-02-01")])
  }

  @Test func therapiesOfSeveralRowsAgreeOrAreProblems() throws {
    let header = "subject,date,therapy_kind,therapy_start,therapy_stop,therapy_dose,event_kind,"
    let back = try read(
      """
      \(header)event_date,event_detail
      P1,2026-01-01,drug,2026-02-01,,100,niv,2026-03-01,
      P1,2026-02-01,drug,2026-02-01,2026-09-01,,niv,2026-03-01,at night
      P1,2026-03-01,drug,2026-02-01,2026-09-01,200,niv,2026-03-01,all day
      """)
    #expect(back.document.interventions.count == 1)
    #expect(back.document.interventions.first?.dose == 100)
    #expect(back.document.interventions.first?.stopDate == (try day("2026-09-01")))
    #expect(back.document.events.map(\.detail) == ["at night"])
    #expect(back.problems.map(\.line) == [4, 4])
    #expect(back.problems.allSatisfy { $0.message.contains("differs from an earlier row") })
  }

  @Test func looseColumnNamesAreRecognised() throws {
    let profile = ImportProfile.guess(
      header: [
        "patient_id", "Visit Date", "munix_apb_left", "munix_apb_left_se", "ALSFRS-R", "svc",
      ])
    #expect(profile.columns == [.subject: "patient_id", .date: "Visit Date"])
    #expect(profile.valueColumns.map(\.kind.id) == ["munix", "alsfrs-r", "svc-percent"])
    #expect(profile.valueColumns[0].muscle == "abductor pollicis brevis")
    #expect(profile.valueColumns[0].standardErrorColumn == "munix_apb_left_se")
  }

  @Test func aRowsMuscleIsThatOfItsMeasurements() throws {
    let header = ["subject", "date", "muscle", "side", "munix", "munix_apb_right", "ALSFRS-R"]
    let back = try read(
      """
      \(header.joined(separator: ","))
      P1,2026-01-02,tibialis anterior,left,100,80,40
      """, ImportProfile.guess(header: header))
    let values = Dictionary(
      uniqueKeysWithValues: back.document.values.map {
        ($0.value, "\($0.muscle ?? "-") \($0.side?.rawValue ?? "-")")
      })
    #expect(
      values == [100: "tibialis anterior left", 80: "abductor pollicis brevis right", 40: "- -"])
  }

  @Test func contradictionsAndOrderAreNoted() throws {
    var profile = ImportProfile.guess(header: ["subject", "arm", "visit", "date", "munix"])
    profile.visitOrder = ["baseline", "month 1"]
    let back = try read(
      """
      subject,arm,visit,date,munix
      P1,A,month 1,2026-01-01,5
      P1,B,baseline,2026-02-01,5
      P1,A,other,2026-03-01,5
      """, profile)
    let errors = back.problems.filter { $0.severity == .error }
    #expect(errors.map(\.line) == [3] && errors.first?.column == "arm")
    #expect(back.problems.filter { $0.severity == .warning }.map(\.line) == [3, 4])
  }

  @Test func missingColumnsAreRefused() {
    #expect(throws: RegistryError.self) { try read("a,b\n1,2\n") }
    var profile = ImportProfile(name: "x")
    profile.columns = [.subject: "subject", .date: "day of visit"]
    #expect(throws: RegistryError.self) { try read("subject,date\nP1,2026-01-01\n", profile) }
  }

  @Test func fuzzedTablesNeverTrapAndNeverBreakTheRegistry() throws {
    let temporary = try TemporaryRegistry()
    var generator = TestGenerator(seed: 42)
    let tables = [
      TableExport.long(try fullDocument()).text(), REDCapTable(try fullDocument()).table.text(),
      TableExport.wide(try fullDocument()).text(separator: ";"),
    ]
    let bundle = try FHIRBundle.text(fullDocument())
    for round in 0..<120 {
      var bytes = Array((round % 4 == 3 ? bundle : tables[round % 4]).utf8)
      for _ in 0..<Int.random(in: 1...12, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        case 2:
          bytes.insert(
            Array("\",;\n\r\t\0-9".utf8).randomElement(using: &generator) ?? 0, at: place)
        default: bytes.removeLast(min(40, bytes.count - 50))
        }
      }
      var document: InterchangeDocument?
      if round % 4 == 3 {
        document = try? FHIRImport(data: Data(bytes), source: "fuzz").document
      } else if let table = try? DelimitedTable(data: Data(bytes), source: "fuzz") {
        document = try? TableImport(table, profile: .guess(header: table.header)).document
      }
      guard let document else { continue }
      _ = try temporary.registry.previewImport(document)
      _ = try? temporary.registry.importDocument(document, source: "fuzz")
    }
    #expect(try temporary.registry.check().findings == [])
  }
}
