import Foundation
import Testing

@testable import Recordings

@Suite struct BIDSDatasetWriterTests {
  @Test func theDatasetReadsBack() throws {
    let folder = try TemporaryFolder()
    var original = SyntheticEMG.recording(channels: 9, samples: 2048, samplingRate: 1024)
    for index in original.channels.indices { original.channels[index].name = "TA" }
    original.channels[8].role = .force
    original.channels[8].unit = .newton
    original.electrodeGrids = [
      ElectrodeGrid(
        rows: 4, columns: 2, interElectrodeDistanceMillimetres: 4,
        electrodes: (0..<8).map {
          .init(channel: $0, position: .init(row: $0 % 4, column: $0 / 4))
        })
    ]
    original.annotations = [Annotation(onset: 0.5, duration: 0.25, text: "hold")]
    try BIDSDatasetWriter.write(
      original, to: folder.url.path, name: "task-hold_sub-01_ses-2", software: ("Test", "1"))
    let stem = "sub-01/ses-2/emg/sub-01_ses-2"
    for name in [
      "dataset_description.json", "README.md", "participants.tsv", stem + "_electrodes.tsv",
      stem + "_coordsystem.json", stem + "_task-hold_emg.json", stem + "_task-hold_channels.tsv",
      stem + "_task-hold_events.tsv",
    ] { #expect(FileManager.default.fileExists(atPath: folder.path(name)), "\(name)") }
    let found = try Recording.open(folder.path(stem + "_task-hold_emg.bdf"))
    // Names that repeat become unique, since other files refer to them.
    #expect(Set(found.channels.map(\.name)).count == 9)
    #expect(found.channels.map(\.role) == original.channels.map(\.role))
    #expect(found.channels.map(\.unit) == original.channels.map(\.unit))
    #expect(found.electrodeGrids.map(\.electrodes) == original.electrodeGrids.map(\.electrodes))
    #expect(found.electrodeGrids.first?.interElectrodeDistanceMillimetres == 4)
    #expect(found.annotations == original.annotations)
    #expect(found.warnings.isEmpty)
    for channel in 0..<9 {
      let (a, b) = (try found.samples(channel: channel), try original.samples(channel: channel))
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-3 })
    }
  }

  @Test(
    arguments: [
      "", "sub-01", "task-hold", "sub-01_task-", "sub-01_task-a b", "sub-01_sub-02_task-a",
      "sub-01_task-a_desc-x", "../sub-01_task-a",
    ])
  func namesThatAreNone(_ name: String) {
    #expect(BIDSDatasetWriter.entities(name) == nil)
  }
}
