import Foundation
import Synchronization
import Testing

@testable import Batch

@Suite("Recordings as atomic units of work")
struct BatchRunTests {
  private static let units = """
    {"samplingRate":1000,"sampleCount":5000,"channels":["1"],"residualPowerShare":0.2,
    "units":[{"id":"0","samples":[10,120],"times_s":[0.0101,0.12],"meanRate_Hz":9.1}]}
    """

  private func run(
    _ folder: BatchFolder, options: [String] = [], replaces: Bool = false,
    outcome: @escaping @Sendable (String) -> Int32 = { _ in 0 }
  ) -> BatchRun {
    BatchRun(
      input: folder.path + "/in", output: folder.path + "/out", options: options,
      software: "MotorPool 9.9.9", replaces: replaces
    ) { path, _, work in
      let code = outcome(path)
      if code == 0 {
        let place = URL(fileURLWithPath: work + "/result")
        try? FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try? Data(Self.units.utf8).write(to: place.appendingPathComponent("units.json"))
      }
      return .init(
        exitCode: code, message: code == 0 ? "" : "why", processorSeconds: 1, peakMegabytes: 2)
    }
  }

  private func folder() throws -> (BatchFolder, [BatchItem]) {
    let folder = try BatchFolder()
    try folder.write("{}", to: "in/dataset_description.json")
    for subject in ["01", "02", "03"] {
      try folder.write("signal \(subject)", to: "in/sub-\(subject)/emg/sub-\(subject)_emg.edf")
    }
    return (folder, try BatchListing(folder: folder.path + "/in").items)
  }

  @Test func whatIsThereWithTheSameKeyIsPassedOver() throws {
    let (folder, items) = try folder()
    let calls = Atomic<Int>(0)
    let first = try run(folder)(items)
    #expect(first.map(\.state) == [.done, .done, .done])
    let again = try run(folder) { _ in
      calls.add(1, ordering: .relaxed)
      return 0
    }(items)
    #expect(again.map(\.state) == [.skipped, .skipped, .skipped])
    #expect(calls.load(ordering: .relaxed) == 0)
    #expect(BatchRun.exitCode(again) == 0)
    let events = try String(
      contentsOfFile: folder.path + "/out/sub-01/emg/sub-01_desc-decomposition_events.tsv",
      encoding: .utf8)
    #expect(events.contains("0.0101\t0\t10\t0\tmotor-unit-spike\tmotor-unit-spike"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out/.work") == [])
  }

  @Test func otherOptionsOrContentAreRefusedUnlessReplaced() throws {
    let (folder, items) = try folder()
    _ = try run(folder)(items)
    let other = try run(folder, options: ["--seed", "2"])(items)
    #expect(other.map(\.state) == [.refused, .refused, .refused])
    try folder.write("changed", to: "in/sub-02/emg/sub-02_emg.edf")
    #expect(try run(folder)(items).map(\.state) == [.skipped, .refused, .skipped])
    #expect(try run(folder, replaces: true)(items).map(\.state) == [.skipped, .done, .skipped])
    #expect(try run(folder)(items).map(\.state) == [.skipped, .skipped, .skipped])
  }

  @Test func aDamagedResultIsMadeAgain() throws {
    let (folder, items) = try folder()
    _ = try run(folder)(items)
    try folder.write("{}", to: "out/sub-01/emg/sub-01/units.json")
    #expect(try run(folder)(items).map(\.state) == [.done, .skipped, .skipped])
  }

  @Test func aSidecarIsPartOfTheKey() throws {
    let (folder, items) = try folder()
    _ = try run(folder)(items)
    try folder.write("name\ttype\tunits\n", to: "in/sub-03/emg/sub-03_channels.tsv")
    #expect(try run(folder)(items).map(\.state) == [.skipped, .skipped, .refused])
  }

  @Test(arguments: [(65, RecordingStatus.State.refused, 65), (73, .failed, 75), (-9, .failed, 75)])
  func oneThatFailsDoesNotStopTheRest(
    code: Int32, state: RecordingStatus.State, exit: Int32
  ) throws {
    let (folder, items) = try folder()
    let ended = try run(folder) { $0.contains("sub-02") ? code : 0 }(items)
    #expect(ended.map(\.state) == [.done, state, .done])
    #expect(BatchRun.exitCode(ended) == exit)
    let tables = GroupTables(items, output: folder.path + "/out")
    #expect(tables.failures.rows.map { $0.cells[1] } == ["sub-02/emg/sub-02_emg.edf"])
    #expect(tables.failures.rows[0].cells[4] == "why")
    #expect(tables.units.rows.count == 2)
    #expect(tables.entries.map(\.units) == [1, nil, 1])
    // The next try does the missing one only.
    #expect(try run(folder)(items).map(\.state) == [.skipped, .done, .skipped])
  }

  @Test func tablesAreTheSameFromTheSummaryAndFromTheWholeResult() throws {
    let (folder, items) = try folder()
    _ = try run(folder)(items)
    let output = folder.path + "/out"
    let short = GroupTables(items, output: output)
    #expect(short.units.rows.count == 3)
    for item in items {
      let path = "\(output)/\(item.name)/done.json"
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      var done = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(done.removeValue(forKey: "summary") != nil)
      try JSONSerialization.data(withJSONObject: done).write(to: URL(fileURLWithPath: path))
    }
    let whole = GroupTables(items, output: output)
    #expect(short.units.rows.map(\.cells) == whole.units.rows.map(\.cells))
    #expect(short.recordings.rows.map(\.cells) == whole.recordings.rows.map(\.cells))
  }

  @Test func aRunTellsOfItsRecordingsAndStages() throws {
    let (folder, items) = try folder()
    var events: [BatchEvent] = []
    _ = try run(folder) { $0.contains("sub-02") ? 65 : 0 }(items, log: { events.append($0) })
    #expect(events.first?.event == .runStarted)
    #expect(events.first?.recordings == 3)
    #expect(events.last?.event == .runEnded)
    #expect(events.last?.processorSeconds == 3)
    #expect(Set(events.map(\.run)).count == 1)
    let first = events.filter { $0.recording == items[0].path }
    #expect(
      first.map(\.event) == [
        .recordingStarted, .stageEnded, .stageEnded, .stageEnded, .recordingEnded,
      ])
    #expect(first.compactMap(\.stage) == [.key, .decompose, .store])
    #expect(first[2].processorSeconds == 1)
    let refused = events.first { $0.state == .refused }
    #expect(refused?.level == "warning")
    #expect(refused?.message == "why")
    for event in events {
      #expect(!event.line.contains("\n"))
      #expect(try JSONDecoder().decode(BatchEvent.self, from: Data(event.line.utf8)) == event)
      #expect(event.time.hasSuffix("Z"))
    }
  }

  @Test func aPageShowsResultsAndWhatHasNone() throws {
    let (folder, items) = try folder()
    _ = try run(folder) { $0.contains("sub-02") ? 65 : 0 }(items)
    func page() -> String {
      GroupTables(items, output: folder.path + "/out").page(
        title: "<out>", provenance: .init(version: "9")
      ).html()
    }
    let html = page()
    #expect(html.contains("2 of 3"))
    #expect(html.contains("1 of 3 recordings have no result"))
    #expect(html.contains("sub-02/emg/sub-02_emg.edf</td><td>refused</td><td>why"))
    #expect(!html.contains("<out>"))
    #expect(html == page())
  }
}
