import Foundation
import Testing

@testable import Registry

@Suite("Entries that are about to be made")
struct NewEntryTests {
  @Test func sameEventIsRefusedAnotherLookedAt() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let subject = try registry.addSubject(pseudonym: "P01")
    let (day, later) = (CivilDate(dayNumber: 19_000), CivilDate(dayNumber: 19_100))
    let death = ClinicalEvent(subject: subject.id, kind: .death, date: day)
    #expect(try registry.doubts(ofNew: death, subject: subject).isEmpty)
    try registry.addEvent(subject: subject.id, kind: .death, date: day)
    #expect(throws: RegistryError.alreadyExists(table: "event", key: "death of \(day)")) {
      try registry.doubts(ofNew: death, subject: subject)
    }
    let second = ClinicalEvent(subject: subject.id, kind: .death, date: later)
    #expect(try !registry.doubts(ofNew: second, subject: subject).isEmpty)
    // A therapy from after the death on.
    let therapy = Intervention(subject: subject.id, kind: "x", startDate: later)
    #expect(try !registry.doubts(ofNew: therapy, subject: subject).isEmpty)
    try registry.addIntervention(subject: subject.id, kind: "x", startDate: later)
    #expect(throws: RegistryError.alreadyExists(table: "therapy", key: "x from \(later)")) {
      try registry.doubts(ofNew: therapy, subject: subject)
    }
  }

  @Test func correctionsAreLookedThroughForNames() {
    let plain = ["arm": "placebo", "attribute.sod1": "yes"]
    #expect(EntryDoubt.personal(correction: plain).isEmpty)
    let telling = ["attribute.contact": "anna.schmidt@example.org", "pseudonym": "P01"]
    #expect(EntryDoubt.personal(correction: telling).count == 1)
  }

  @Test func secretsAndSealsComeFromFiles() throws {
    let temporary = try TemporaryRegistry()
    let file = temporary.url("secret.txt")
    try Data("  correct horse \n".utf8).write(to: file)
    #expect(try DateShift(file: file.path) == DateShift(secret: "correct horse"))
    let missing = temporary.url("none").path
    #expect(throws: RegistryError.cannotOpen(path: missing, found: "cannot be read")) {
      try DateShift(file: missing)
    }
    #expect(throws: RegistryError.cannotOpen(path: missing, found: "cannot be opened")) {
      try RegistrySeal(file: missing)
    }
    #expect(
      SealKey.usualPath(environment: ["XDG_CONFIG_HOME": "/c", "HOME": "/h"])
        == "/c/motorpool/site.key")
    #expect(
      SealKey.usualPath(environment: ["XDG_CONFIG_HOME": "c", "HOME": "/h"])
        == "/h/.config/motorpool/site.key")
  }
}
