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
