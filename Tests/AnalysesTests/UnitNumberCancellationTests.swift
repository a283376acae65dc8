import Foundation
import Recordings
import Signal
import Simulation
import TestSupport
import Testing
import UnitNumber

@testable import Analyses

/// What counts units, follows them or simulates ends at the call of its progress closure that throws.
@Suite final class UnitNumberCancellationTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("cancel-\(UUID().uuidString)")
  private let session: SharedPoolSession
  private let settings: SharedPoolConfiguration

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var settings = SharedPoolConfiguration()
    settings.pool.unitCount = 12
    settings.nerve.meanAmplitudeMicrovolts = 300
    self.settings = settings
    session = SharedPoolSession(
      pool: try SharedPool(settings), seed: 3, noiseMicrovolts: 5, effortPercent: 25,
      contractionSeconds: 5)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Runs work that is cancelled at two of its calls.
  private func expectEnd(
    at calls: [Int] = [1, 3], _ work: (@escaping AnalysisProgressHandler) throws -> Void
  ) {
    for call in calls {
      let canceller = Canceller(at: call)
      #expect(throws: CancellationError.self) { try work { try canceller.receive($0) } }
      #expect(canceller.count == call)
    }
  }

  @Test func scansOfFewUnits() throws {
    // Few enough to be read by their levels, which takes seconds.
    var settings = settings
    settings.livingUnits = 4
    let few = SharedPoolSession(
      pool: try SharedPool(settings), seed: 3, noiseMicrovolts: 5, effortPercent: 25,
      contractionSeconds: 5)
    try AtomicFile.write(try few.scan().table, to: path("scan.csv"))
    let estimator = try CMAPScanEstimator()
    expectEnd(at: [1, 2, 40]) {
      _ = try ScanAnalysis(path("scan.csv"), estimator: estimator, progress: $0)
    }
  }

  @Test func indexFromEfforts() throws {
    try RecordingFile.write(try session.cmap(), to: path("cmap.edf"))
    try RecordingFile.write(try session.interferencePatterns(), to: path("sip.edf"))
    expectEnd(at: [1, 2, 5]) {
      _ = try MUNIXAnalysis(
        patterns: [path("sip.edf")], cmap: path("cmap.edf"), reading: RecordingReading(),
        stimulus: StimulusTimes(), configuration: MUNIX(), muscle: nil, progress: $0)
    }
  }

  @Test(arguments: StimulationMethod.allCases) func stimulationMethods(
    _ method: StimulationMethod
  ) throws {
    let names: [StimulationMethod: String] = [
      .incremental: "levels.csv", .multipoint: "sites.csv", .singleUnits: "units.csv",
      .statistical: "runs.csv",
    ]
    let name = try #require(names[method])
    let text = try #require(try session.responseTables().first { $0.name == name }).text
    try AtomicFile.write(text, to: path(name))
    let table = try ResponseTable(path(name), columns: method.columns)
    expectEnd(at: [1, 3]) {
      _ = try method.estimate(
        table, cmapMillivolts: 3, errors: UnitNumberErrorModel(), progress: $0)
    }
  }

  @Test func averagesOverManyChannels() throws {
    let count = 4_000
    let channels = (0..<6).map { channel in
      (0..<count).map { Float(sin(Double($0) * 0.03 * Double(channel + 1))) }
    }
    let trains = [
      stride(from: 50.0, to: 3_900, by: 97).map { $0 },
      stride(from: 90.0, to: 3_900, by: 131).map { $0 },
    ]
    let canceller = Canceller(at: 2)
    #expect(throws: CancellationError.self) {
      _ = try DecompositionEnhancedAveraging().estimate(
        trains: trains, surface: channels, samplingRate: 1_000,
        cmaps: channels.map { _ in CMAPMeasures(amplitudeMillivolts: 5) }, forcePercent: 20,
        parallelism: .single
      ) { try canceller.receive($0) }
    }
    #expect(canceller.count == 2)
  }

  @Test func poolsOfRecordings() throws {
    expectEnd(at: [1, 2, 45]) {
      _ = try SimulatedPoolFiles(session, settings: settings, progress: $0)
    }
  }

  @Test(arguments: ["edf", "csv", "wav", "mat", "nwb"]) func converting(_ format: String) throws {
    let recording = try #require(SimulatedFixtures.grid)
    let output = path("out.\(format)")
    let place = try OutputPlace(output, command: "convert")
    expectEnd(at: [1]) { progress in
      try place.write(OutputOrigin(version: "1", command: "convert")) {
        try ConvertedRecording(recording, format: format).write(to: $0, progress: progress)
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }
}
