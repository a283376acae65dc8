import Foundation
import Testing

@testable import Registry

@Suite struct PatientRegistryTests {
  @Test func whatIsStoredIsThereAfterReopening() throws {
    let temporary = try TemporaryRegistry()
    let recording = try temporary.addRecording()
    let spikes = [10.25, 300.5, 611.75]
    try temporary.registry.addRun(
      AnalysisRun(
        recording: recording.id, method: "decompose", softwareVersion: "1.0",
        parameters: #"{"rounds":3}"#, seed: .max),
      measurements: [
        Measurement(kind: .identifiedUnitsMaximum, value: 12, standardError: 1.5),
        Measurement(kind: .meanDischargeRate, value: 11.5, conditions: ["force": "20"]),
      ],
      units: [
        StoredUnit(
          index: 0, samplingRate: 2048, spikes: spikes, template: [[1, 2], [3, 4]],
          quality: ["silhouette": 0.93, "pulse_to_noise_db": .infinity])
      ])
    let reopened = try PatientRegistry.open(path: temporary.path, createIfMissing: false)
    let subject = try reopened.subject(pseudonym: "p01")
    #expect(subject.pseudonym == "P01")
    let points = try reopened.series(kind: .identifiedUnitsMaximum, subject: subject.id)
    #expect(points.map(\.value) == [12])
    #expect(points.first?.standardError == 1.5)
    #expect(points.first?.muscle == "tibialis anterior")
    #expect(points.first?.side == .left)
    #expect(points.first?.date == CivilDate("2026-01-05"))
    let runs = try reopened.runs(recording: recording.id)
    #expect(runs.map(\.seed) == [.max])
    let units = try reopened.units(run: runs[0].id)
    #expect(units.map(\.spikes) == [spikes])
    #expect(units[0].template == [[1, 2], [3, 4]])
    #expect(units[0].quality == ["silhouette": 0.93])
  }
}
