import Analyses
import Foundation
import Recordings
import TestSupport
import Testing

/// What the README shows to Swift users, compiled and run on the samples.
@Suite struct LibraryUseTests {
  private func sample(_ name: String) -> String {
    SharedData.packageFolder.appendingPathComponent("Samples/\(name)").path
  }

  @Test func anArrayInTenLines() throws {
    let recording = try RecordingReading().open(sample("grid.wav"))
    let analysis = try ArrayAnalysis(recording) { progress in
      #expect((0...1).contains(progress.fraction))
    }
    #expect(analysis.decomposition.units.count > 3)
    for unit in analysis.decomposition.units {
      #expect(unit.train.times.count > 10)
      #expect(unit.quality.predictedAgreement ?? 1 >= 0)
    }
  }

  @Test func aNeedleInTenLines() throws {
    let reading = RecordingReading()
    let analysis = try NeedleAnalysis(try reading.open(sample("needle.edf")))
    #expect(analysis.result.units.contains { !$0.isTentative })
    for unit in analysis.result.units where !unit.isTentative {
      #expect(unit.train.seconds.count > 10)
      #expect(unit.predictedAgreement > 0)
    }
  }

  @Test func statementsThatCannotBeReadAreRefused() throws {
    var reading = RecordingReading()
    reading.unit = "mol"
    let error = #expect(throws: AnalysisError.self) { try reading.options() }
    #expect(error?.kind == .wrongSetting)
    reading.unit = nil
    reading.channels = "0-3"
    #expect(throws: AnalysisError.self) { try reading.options() }
  }
}
