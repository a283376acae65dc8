import Foundation
import TestSupport
import Testing

@testable import Recordings

@Suite struct BIDSSidecarsTests {
  private func open(_ path: String) throws -> Recording {
    let url = try SharedData.file("data/formats/bids-emg/\(path)")
    return try Recording.open(url.path)
  }

  @Test func readsTwoGridsWithElectrodeNamesThatRepeat() throws {
    let recording = try open("emg_TwoHDsEMG/sub-01/emg/sub-01_task-isometric_emg.edf")
    #expect(recording.emgChannels.count == 128)
    #expect(recording.samplingRate == 2000)
    #expect(recording.duration == 0.5)
    #expect(recording.electrodeGrids.map(\.name) == ["Grid1", "Grid2"])
    for (index, grid) in recording.electrodeGrids.enumerated() {
      #expect(grid.rows == 8 && grid.columns == 8)
      #expect(grid.interElectrodeDistanceMillimetres == 8)
      #expect(grid.electrodes.map(\.channel) == Array(64 * index..<64 * index + 64))
      // E9 of either grid is at x = 8, y = 56.
      #expect(grid.position(ofChannel: 64 * index + 8) == .init(row: 7, column: 1))
    }
    // The header says uV, the channels table V: the header is taken.
    #expect(recording.channels[0].unit == .microvolt)
    #expect(recording.warnings.contains { $0.contains("says V") && $0.contains("128 channels") })
    let values = try recording.samples(channels: [0, 127], range: 0..<1000)
    #expect(abs(values[0][500] - 0.068_659_7) < 1e-6)
    #expect(abs(values[1][999] + 0.036_649_856) < 1e-6)
    #expect(recording.remarks.contains("TaskName: isometric"))
  }

  @Test func readsTheAdhesiveGridsWithTheirMissingCorner() throws {
    let file = "sub-01_task-jumping_recording-highDensity_emg.edf"
    let recording = try open("emg_ConcurrentIndependentUnits/sub-01/emg/\(file)")
    #expect(recording.electrodeGrids.count == 2)
    let grid = try #require(recording.electrodeGrid)
    #expect(grid.rows == 13 && grid.columns == 5)
    #expect(grid.missingPositions == [.init(row: 12, column: 4)])
    #expect(grid.interElectrodeDistanceMillimetres == 8)
    // The sidecar claims 5 mm.
    #expect(recording.warnings.contains { $0.contains("InterelectrodeDistance says 5.0 mm") })
  }

  @Test(arguments: [
    ("emg_ConcurrentIndependentUnits", "sub-01_task-jumping_recording-bipolar_emg.edf", 1),
    ("emg_CustomBipolar", "sub-01_task-holdWeight_emg.edf", 1),
    ("emg_CustomBipolarFace", "sub-01_task-talking_emg.edf", 6),
    ("emg_IndependentMod", "sub-01_task-grasping_emg.edf", 6),
    ("emg_MultiBodyParts", "sub-01_task-mechPerturbations_emg.edf", 2),
    ("emg_TwoWristbands", "sub-01_task-typing_emg.edf", 32),
  ])
  func readsTheOtherExamples(_ dataset: String, _ file: String, _ count: Int) throws {
    let recording = try open("\(dataset)/sub-01/emg/\(file)")
    #expect(recording.emgChannels.count == count)
    #expect(recording.electrodeGrids.isEmpty)
    #expect(recording.duration <= 1)
    #expect(try recording.emgSamples()[0].count == recording.sampleCount)
  }

  /// A data set with one file and the given sidecars; paths are relative to its root.
  private func dataset(_ files: [String: String], unit: String = "uV") throws -> (
    Recording, TemporaryFolder
  ) {
    let folder = try TemporaryFolder()
    let emg = folder.url.appendingPathComponent("sub-1/emg")
    try FileManager.default.createDirectory(at: emg, withIntermediateDirectories: true)
    for (name, text) in files { try folder.write(name, text) }
    try folder.write("dataset_description.json", "{}")
    var file = EDFBytes(isBDF: false, records: 1, duration: "1")
    for name in ["A", "B", "C"] {
      file.add(name, unit: unit, perRecord: 4, physical: ("-100", "100"))
    }
    let path = try folder.write(
      "sub-1/emg/sub-1_task-hold_emg.edf", file.bytes { _, _, index in index })
    return (try Recording.open(path), folder)
  }

  @Test func inheritsFromTheRootAndTakesRolesAndUnits() throws {
    let (recording, _) = try dataset(
      [
        "task-hold_channels.tsv": "name\ttype\tunits\nA\tEMG\tuV\nB\tTRIG\tn/a\nC\tMISC\tuV\n",
        "task-other_channels.tsv": "name\ttype\tunits\nA\tMISC\tuV\n",
        "task-hold_emg.json": "{\"SamplingFrequency\": 5, \"PowerLineFrequency\": 50}",
        "sub-1/emg/sub-1_task-hold_emg.json": "{\"PowerLineFrequency\": 60}",
      ], unit: "")
    #expect(recording.channels.map(\.role) == [.emg, .trigger, .auxiliary])
    #expect(recording.channels[0].unit == .microvolt)
    #expect(recording.channels[0].gainProvenance == "BIDS channels table [uV]")
    #expect(recording.warnings.contains { $0.contains("states 5.0 Hz") })
    #expect(recording.remarks.contains("PowerLineFrequency: 60"))
  }

  @Test(arguments: ["name\tname\nA\tB\n", "", "\n\n"])
  func malformedTablesAreErrors(_ text: String) {
    let error = thrown { try dataset(["sub-1/emg/sub-1_task-hold_channels.tsv": text]) }
    #expect(error?.kind == .malformed)
  }

  @Test func malformedMetadataIsAnError() {
    let error = thrown { try dataset(["sub-1/emg/sub-1_task-hold_emg.json": "[1, 2"]) }
    #expect(error?.kind == .malformed)
    #expect(error?.path.hasSuffix("_emg.json") == true)
  }
}
