import Analyses
import Decomposition
import Foundation
import MotorUnits
import Progression
import Registry
import Simulation
import TestSupport
import Testing

@testable import FollowUp

/// What follows patients ends at the call of its progress closure that throws, and stores nothing.
@Suite struct FollowUpCancellationTests {
  @Test(arguments: [1, 2, 30]) func planning(_ call: Int) throws {
    var question = PlanQuestion(StudyPlan())
    question.patients = 30
    question.hasControls = true
    question.history = HistoricalControls(
      [.init(mean: -0.043, standardError: 0.005), .init(mean: -0.05, standardError: 0.007)],
      between: .halfNormal(scale: 0.01))
    let canceller = Canceller(at: call)
    #expect(throws: CancellationError.self) {
      _ = try PlanSummary(question) { try canceller.receive($0) }
    }
    #expect(canceller.count == call)
  }

  @Test func aPatientsSeries() throws {
    let visit = try SimulatedVisit()
    let stored = try visit.registry.addVisit(
      subject: visit.subject.id, date: CivilDate(dayNumber: 19_000))
    _ = try visit.registry.addMeasurements([
      Registry.Measurement(visit: stored.id, kind: .munix, value: 80, muscle: "tibialis anterior"),
      Registry.Measurement(visit: stored.id, kind: .musix, value: 60, muscle: "tibialis anterior"),
    ])
    for call in [1, 3] {
      let canceller = Canceller(at: call)
      #expect(throws: CancellationError.self) {
        _ = try PatientTrends("P01", visit.registry, request: .init()) {
          try canceller.receive($0)
        }
      }
      #expect(canceller.count == call)
    }
  }

  @Test func linkingStoresNothing() throws {
    let visit = try SimulatedVisit()
    let grid = try visit.session(1).grid().recording
    for (number, day) in [19_000, 19_030].enumerated() {
      let path = try visit.write(
        number == 0 ? grid : try visit.session(2).grid().recording, "grid\(number).edf")
      let opened = try visit.open([(path, .byContent)])
      let analysis = try VisitAnalysis(opened, context: visit.context) { _ in { _ in } }
      _ = try visit.registry.storeVisit(
        subject: visit.subject.id, date: CivilDate(dayNumber: day),
        recordings: analysis.files.map { $0.entry(doubts: []) })
    }
    func link(_ progress: @escaping AnalysisProgressHandler) throws -> VisitLinking {
      try VisitLinking(
        visit.registry, subject: visit.subject, from: CivilDate(dayNumber: 19_000),
        to: CivilDate(dayNumber: 19_030), muscle: "abductor pollicis brevis", side: .left,
        configuration: UnitMatching.Configuration(), progress: progress)
    }
    func position() throws -> RecordID {
      try PatientTrends("P01", visit.registry, request: .init()).citation.ledgerPosition
    }
    let before = try position()
    let canceller = Canceller(at: 1)
    #expect(throws: CancellationError.self) { _ = try link { try canceller.receive($0) } }
    #expect(try position() == before)
    // Left alone it would have linked.
    _ = try link { _ in }
  }

  @Test func visitsOfASimulatedPatient() throws {
    var settings = SimulatedPatientConfiguration()
    settings.visitMonths = [0, 1]
    settings.recording.duration = 3
    settings.recording.pool.unitCount = 10
    let files = try SimulatedPatientFiles(
      SimulatedPatient(settings), firstDay: CivilDate(dayNumber: 19_000), extensions: ["edf"],
      muscle: "tibialis anterior", side: "left", hasStimulation: false)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("patient-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let canceller = Canceller(at: 2)
    #expect(throws: CancellationError.self) {
      try files.write(to: folder.path) { try canceller.receive($0) }
    }
    #expect(canceller.count == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    try files.write(to: folder.path)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "visit01-truth.csv", "visit01.edf", "visit02-truth.csv", "visit02.edf", "visits.csv",
      ])
  }
}
