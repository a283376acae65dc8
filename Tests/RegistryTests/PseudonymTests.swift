import Testing

@testable import Registry

@Suite struct PseudonymTests {
  @Test(arguments: [
    "P01", "ALS-0042", "sub.17", "07", "A1_b2", "S-12345678", "20261399", "MND_2024_117", " P02 ",
  ]) func codesAreAccepted(_ text: String) throws {
    #expect(try Pseudonym.validated(text) == text.filter { $0 != " " })
  }

  @Test(arguments: [
    "", "   ", "Smith", "Max Mustermann", "Max 1", "Smith-John", "Müller1", "1957-03-14",
    "14.03.1957", "3.14.1957", "14031957", "03141957", "19570314", "AB-1957-03-14", "P_14_03_1957",
    "-P1", "P1;DROP", "P1\u{0}", "a@b1.de", "anna", String(repeating: "9", count: 65), "P1/2",
  ]) func namesAndDatesAreRefused(_ text: String) throws {
    #expect(throws: RegistryError.self) { try Pseudonym.validated(text) }
  }

  @Test(arguments: ["Name", "date_of_birth", "DOB", "first name", "E-Mail", "MRN"])
  func identifyingAttributesAreRefused(_ name: String) throws {
    let temporary = try TemporaryRegistry()
    #expect(throws: RegistryError.self) {
      try temporary.registry.addSubject(pseudonym: "P01", attributes: [name: "x"])
    }
  }

  @Test(arguments: [
    "Erika Mustermann", "Mustermann, Erika", "Dr Schulz", "referred by Frau Weber", "E. Mustermann",
    "born 14.03.1957", "1957-03-14", "3/14/1957", "14 March 1957", "14. 3. 1957", "e.m@clinic.org",
    "O'Neil Meyer-Wolff",
  ]) func valuesThatMayIdentifyAreDoubted(_ text: String) {
    let doubts = EntryDoubt.personal(pseudonym: "P01", attributes: ["remark": text])
    #expect(doubts.map(\.code) == ["attribute-identifies"])
    // The text is shown in reports: it must not repeat what it warns of.
    #expect(doubts.allSatisfy { !$0.text.contains(text) && $0.isMixUp })
  }

  @Test(arguments: [
    "f", "yes", "61", "SOD1", "C9orf72 expansion", "limb", "Caucasian", "2024", "Tibialis Anterior",
    "definite ALS", "Riluzole 50 mg", "FVC 81 %", "p.D91A", "-0.5", "1.2.3", "5.8.11 kernel",
  ]) func valuesOfOtherKindsAreNot(_ text: String) {
    #expect(EntryDoubt.personal(pseudonym: "P01", attributes: ["remark": text]) == [])
  }

  @Test(arguments: ["Mueller57", "mustermann.1", "Anna-2", "EM140357", "em-570314"])
  func pseudonymsThatMayBeNamesAreDoubted(_ text: String) throws {
    #expect(EntryDoubt.personal(pseudonym: text).map(\.code) == ["pseudonym-identifies"])
    #expect(try Pseudonym.validated(text) == text)
  }

  @Test(arguments: [
    "P01", "ALS-0042", "sub.17", "Patient01", "control-7", "DEMO-01", "MND_2024_117", "ENCALS12",
    "EM999999", "ALS140357", "S-12345678",
  ]) func codesAreNotDoubted(_ text: String) {
    #expect(EntryDoubt.personal(pseudonym: text) == [])
  }

  @Test func acceptedDoubtsAreStoredAsWarnings() throws {
    let temporary = try TemporaryRegistry()
    let doubts = EntryDoubt.personal(pseudonym: "Mueller57")
    let subject = try temporary.registry.addSubject(pseudonym: "Mueller57", doubts: doubts)
    let stored = try temporary.registry.openWarnings(subject: subject.id)
    #expect(stored.map(\.code) == ["pseudonym-identifies"])
  }

  @Test func importsOfNamesAreRefusedUnlessAccepted() throws {
    let temporary = try TemporaryRegistry()
    var document = InterchangeDocument()
    document.subjects = [
      .init(pseudonym: "P01", attributes: ["contact": "Erika Mustermann"]), .init(pseudonym: "P02"),
    ]
    #expect {
      try temporary.registry.importDocument(document, source: "a.csv")
    } throws: {
      guard case RegistryError.importRefused(_, let problems) = $0 else { return false }
      return problems.count == 1 && problems[0].message.contains("contact")
    }
    #expect(try temporary.registry.subjects().isEmpty)
    let report = try temporary.registry.importDocument(
      document, source: "a.csv", acceptsDoubts: true)
    #expect(report.newSubjects == 2 && report.problems.count == 1)
    let subject = try temporary.registry.subject(pseudonym: "P01")
    #expect(try temporary.registry.openWarnings(subject: subject.id).count == 1)
  }

  @Test func onePseudonymIsOneSubjectWhateverItsCase() throws {
    let temporary = try TemporaryRegistry()
    let first = try temporary.registry.addSubject(pseudonym: "ALS-p1")
    #expect(throws: RegistryError.alreadyExists(table: "subject", key: "als-P1")) {
      try temporary.registry.addSubject(pseudonym: "als-P1")
    }
    try temporary.registry.retract(first, reason: "consent withdrawn")
    try temporary.registry.addSubject(pseudonym: "als-P1")
    #expect(try temporary.registry.subjects().count == 1)
  }
}
