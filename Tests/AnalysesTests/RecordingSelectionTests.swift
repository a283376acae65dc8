import Foundation
import Recordings
import Testing

@testable import Analyses

@Suite struct RecordingSelectionTests {
  /// Eight EMG channels, a force and a trigger, three seconds at 1000 Hz.
  private static func recording() -> Recording {
    let emg = (0..<8).map { channel in
      (0..<3000).map { Float(sin(0.05 * Double($0) + Double(channel))) * 100 }
    }
    let trigger = (0..<3000).map { Float($0 % 500 == 250 ? 1 : 0) }
    var recording = Recording(
      signals: emg + [(0..<3000).map { Float($0) }, trigger], samplingRate: 1000,
      spikes: SpikeAnnotations(origin: "test", trains: [.init(unit: "1", times: [0.5, 1.25, 2])]))
    recording.channels[8].role = .force
    recording.channels[9].role = .trigger
    recording.startTime = Date(timeIntervalSince1970: 1000)
    recording.annotations = [Annotation(onset: 0.2, text: "a"), Annotation(onset: 1.5, text: "b")]
    recording.electrodeGrids = [
      ElectrodeGrid(
        rows: 4, columns: 2, interElectrodeDistanceMillimetres: 8,
        electrodes: (0..<8).map {
          .init(channel: $0, position: .init(row: $0 % 4, column: $0 / 4))
        })
    ]
    return recording
  }

  @Test func gridLiesOnTheChannelsThatAreLeft() throws {
    var selection = RecordingSelection()
    (selection.channels, selection.grid) = ("3-8", "3x2,5")
    let part = try selection.applied(to: Self.recording())
    #expect(part.electrodeGrids.map(\.rows) == [3] && part.electrodeGrids[0].columns == 2)
    #expect(part.electrodeGrids[0].electrodes.map(\.channel).sorted() == Array(0..<6))
    selection.grid = "4x2,5"
    let error = #expect(throws: AnalysisError.self) {
      try selection.applied(to: Self.recording())
    }
    #expect(error?.kind == .wrongSetting)
    #expect(error?.description.contains("8 electrodes, what is written has 6 EMG") == true)
  }

  @Test func channelsAndRangeFollow() throws {
    var selection = RecordingSelection()
    (selection.channels, selection.start, selection.end) = ("3-4,9", 1, 2.5)
    let original = Self.recording()
    let part = try selection.applied(to: original)
    #expect(part.channels.map(\.role) == [.emg, .emg, .force])
    #expect(part.channels.allSatisfy { $0.sampleCount == 1500 })
    #expect(try part.samples(channel: 1) == Array(try original.samples(channel: 3)[1000..<2500]))
    #expect(part.startTime == Date(timeIntervalSince1970: 1001))
    #expect(part.annotations == [Annotation(onset: 0.5, text: "b")])
    #expect(part.electrodeGrids.first?.electrodes.map(\.channel) == [0, 1])
    #expect(part.electrodeGrids.first?.electrodes.map(\.position.row) == [2, 3])
    #expect(try part.storedSpikes()?.trains.first?.times == [0.25, 1])
  }

  @Test(arguments: [250.0, 1024, 4000])
  func anotherRateKeepsSignalAndPulses(_ rate: Double) throws {
    var selection = RecordingSelection()
    selection.samplingRate = rate
    let part = try selection.applied(to: Self.recording())
    #expect(part.channels.allSatisfy { $0.samplingRate == rate })
    let values = try part.samples(channel: 2)
    for index in values.count / 4..<values.count * 3 / 4 {
      let expected = 100 * sin(0.05 * 1000 * Double(index) / rate + 2)
      #expect(abs(Double(values[index]) - expected) < 0.05)
    }
    let trigger = try part.samples(channel: 9)
    let edges = trigger.indices.dropFirst().filter { trigger[$0] == 1 && trigger[$0 - 1] == 0 }
    #expect(edges.count == 6)
    for (turn, edge) in edges.enumerated() {
      #expect(abs(Double(edge) / rate - (0.25 + 0.5 * Double(turn))) < 1 / min(rate, 1000))
    }
  }

  @Test func whatDoesNotExistIsRefused() throws {
    for change: (inout RecordingSelection) -> Void in [
      { $0.channels = "11" }, { $0.channels = "x" }, { $0.start = 3 }, { $0.end = -1 },
      { ($0.start, $0.end) = (2, 1) }, { $0.samplingRate = .nan },
      { $0.samplingRate = 1000 * Double.pi / 3 },
    ] {
      var selection = RecordingSelection()
      change(&selection)
      #expect(throws: AnalysisError.self) { try selection.applied(to: Self.recording()) }
    }
    var gapped = Self.recording()
    gapped.gaps = [Gap(position: 1, onset: 1, duration: 2)]
    var selection = RecordingSelection()
    selection.samplingRate = 500
    #expect(throws: AnalysisError.self) { try selection.applied(to: gapped) }
    selection.start = 1
    #expect(try selection.applied(to: gapped).gaps.isEmpty)
  }
}
