import Analyses
import Foundation
import Recordings
import Signal
import Simulation
import TestSupport
import Testing

@Suite("One result for library and command")
struct LibraryResultTests {
  /// A recording of 120 s, which is cut into segments, has the same discharges by both ways.
  @Test(.enabled(if: TestTier.isLong)) func longRecordingsAgree() throws {
    let folder = try CommandFolder()
    var configuration = ArraySimulationConfiguration()
    configuration.electrodes = .grid(rows: 4, columns: 4, spacing: 8)
    configuration.samplingRate = 1_000
    configuration.duration = 120
    configuration.pool.unitCount = 30
    configuration.seed = 9
    let path = folder.path("long.edf")
    try EDFWriter.write(try simulateArray(configuration).recording, to: path)
    // Both by one kernel of the linear algebra: the program would choose the best one for itself.
    let run = try folder.run(
      ["decompose", "long.edf", "--output", "results"],
      environment: ["OPENBLAS_CORETYPE": BLASLibrary.kernel])
    #expect(run.code == 0, "\(run.errors)")
    let analysis = try ArrayAnalysis(RecordingReading().open(path))
    #expect(analysis.segmentCount > 1)
    #expect(analysis.decomposition.units.count > 0)
    let stored = try String(contentsOfFile: folder.path("results/spikes.csv"), encoding: .utf8)
    #expect(stored == (try analysis.spikesCSV()))
  }
}
