import Foundation
import Recordings
import Testing
import UnitNumber

@testable import Analyses

@Suite("Summaries of tables")
struct TableSummaryTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("tables-\(UUID().uuidString)")

  private func write(_ text: String, _ name: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  @Test func trainsAreScoredOnceTheirRateIsKnown() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = (1...60).map { "1,\($0 * 200)" }.joined(separator: "\n")
    let found = try write("unit,sample\n\(rows)\n", "found.csv")
    let error = #expect(throws: AnalysisError.self) {
      try ScoreSummary(found: found, truth: found, samplingRate: nil, configuration: .init())
    }
    #expect(error?.kind == .wrongSetting && error?.remedy == .stateSamplingRate)
    let summary = try ScoreSummary(
      found: found, truth: found, samplingRate: 2000, configuration: .init())
    #expect(summary.matchedUnits == 1 && summary.pooledRecall == 1)
    #expect(summary.samplingRate == 2000)
  }

  @Test func unitNumberOfATableNamesTheTable() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let levels = (1...12).map { "\(0.05 * Double($0))" }.joined(separator: "\n")
    let file = try write("level_mV\n\(levels)\n", "levels.csv")
    let summary = try MuneSummary(
      file, method: .incremental, cmapMillivolts: 8, errors: UnitNumberErrorModel())
    #expect(summary.file == "levels.csv" && summary.sha256.count == 64)
    #expect(summary.estimate.unitCount > 0)
    let short = try write("level_mV\n0.1\n", "short.csv")
    let error = #expect(throws: AnalysisError.self) {
      try MuneSummary(
        short, method: .incremental, cmapMillivolts: 8, errors: UnitNumberErrorModel())
    }
    #expect(error?.description.hasPrefix("short.csv: ") == true)
  }
}
