import Analyses
import Decomposition
import FollowUp
import Foundation
import Recordings
import Registry
import Simulation

/// The files of one visit, simulated from one pool of motor units, in a folder that the test owns.
final class SimulatedVisit {
  let folder: URL
  let registry: PatientRegistry
  let subject: Subject
  let pool: SharedPool

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("visit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    registry = try PatientRegistry.open(
      path: folder.appendingPathComponent("registry.sqlite").path, author: "tester")
    subject = try registry.addSubject(pseudonym: "P01")
    var settings = SharedPoolConfiguration()
    settings.seed = 4
    settings.pool.unitCount = 30
    settings.livingUnits = 24
    settings.nerve.meanAmplitudeMicrovolts = 200
    pool = try SharedPool(settings)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func session(_ number: UInt64) -> SharedPoolSession {
    SharedPoolSession(
      pool: pool, seed: number, noiseMicrovolts: 5, effortPercent: 25, contractionSeconds: 9)
  }

  func write(_ recording: Recording, _ name: String) throws -> String {
    try RecordingFile.write(recording, to: path(name))
    return path(name)
  }

  func write(_ text: String, _ name: String) throws -> String {
    try AtomicFile.write(text, to: path(name))
    return path(name)
  }

  var context: VisitFile.Context {
    VisitFile.Context(
      reading: RecordingReading(), electrodes: .auto, configuration: ArrayConfiguration(),
      muscle: "abductor pollicis brevis", side: .left)
  }

  func open(_ files: [(path: String, use: VisitFileUse)]) throws -> [VisitFile.Opened] {
    try VisitFile.open(files, context: context, subject: subject, registry: registry)
  }
}
