import Analyses
import Foundation
import Registry
import Testing

@testable import FollowUp

@Suite("Files of a visit on their way into a registry")
struct VisitEntryTests {
  private struct Refusal: Error {}

  @Test func doubtsAreAskedAboutBeforeAnythingIsStored() throws {
    let visit = try SimulatedVisit()
    let opened = try visit.open([(try visit.write(visit.session(1).cmap(), "cmap.edf"), .cmap)])
    let day = CivilDate(dayNumber: 19_000)
    func entry(
      _ checked: ([EntryDoubt], String) throws -> [EntryDoubt]
    ) throws -> VisitEntry {
      try VisitEntry(
        opened, of: visit.subject, on: day, muscle: "abductor pollicis brevis", side: .left,
        registry: visit.registry, checked: checked)
    }
    #expect(throws: Refusal.self) { try entry { _, _ in throw Refusal() } }
    #expect(try visit.registry.visits(subject: visit.subject.id).isEmpty)
    let summary = try entry { doubts, file in
      #expect(file == "cmap.edf")
      return doubts
    }.store(visit.context, nominal: "month 1", progress: { _ in { _ in } })
    #expect(summary.patient == "P01" && summary.date == day.description)
    #expect(summary.files.map(\.modality) == ["cmap"])
    #expect(try visit.registry.visits(subject: visit.subject.id).map(\.nominal) == ["month 1"])
    // The same file again is refused, unless what is stored of it is replaced.
    #expect(throws: RegistryError.self) {
      try entry { doubts, _ in doubts }.store(visit.context, progress: { _ in { _ in } })
    }
    let again = try entry { doubts, _ in doubts }.store(
      visit.context, replacing: "read anew", progress: { _ in { _ in } })
    #expect(again.files.count == 1)
    let place = try VisitFile.place(
      of: opened, paths: ["cmap.edf"], subject: visit.subject, registry: visit.registry)
    #expect(place.side == .left && place.date == day)
  }

  @Test func whatIsNotStoredHasNoPlace() throws {
    let visit = try SimulatedVisit()
    let opened = try visit.open([(try visit.write(visit.session(1).cmap(), "cmap.edf"), .cmap)])
    let error = #expect(throws: FollowUpError.self) {
      try VisitFile.place(
        of: opened, paths: ["a.edf"], subject: visit.subject, registry: visit.registry)
    }
    #expect(error?.remedy == .addVisit && error?.path == "a.edf")
  }
}
