import Foundation
import Testing

@testable import Batch

/// A folder that is removed at the end.
final class BatchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/batch-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
}

@Suite("Lists and packs of recordings")
struct BatchListingTests {
  private func dataset() throws -> BatchFolder {
    let folder = try BatchFolder()
    try folder.write("{}", to: "dataset_description.json")
    for name in [
      "sub-02/emg/sub-02_task-hold_emg.edf", "sub-01/ses-1/emg/sub-01_ses-1_task-hold_emg.bdf",
      "sub-01/ses-2/emg/sub-01_ses-2_task-rest_emg.edf", "sub-01/ses-2/eeg/sub-01_ses-2_eeg.edf",
      "derivatives/x/sub-01/emg/sub-01_task-hold_emg.edf", "sub-01/ses-1/emg/notes.csv",
    ] { try folder.write("x", to: name) }
    return folder
  }

  @Test func aDatasetIsListedInTheOrderOfItsPaths() throws {
    let folder = try dataset()
    let items = try BatchListing(folder: folder.path).items
    #expect(items.map(\.index) == [0, 1, 2])
    #expect(
      items.map(\.name) == [
        "sub-01/ses-1/emg/sub-01_ses-1_task-hold", "sub-01/ses-2/emg/sub-01_ses-2_task-rest",
        "sub-02/emg/sub-02_task-hold",
      ])
  }

  @Test func labelsChooseWithAndWithoutTheirKey() throws {
    let folder = try dataset()
    func count(_ selection: BatchListing.Selection) throws -> Int {
      try BatchListing(folder: folder.path, selection: selection).items.count
    }
    #expect(try count(.init(participants: ["sub-01"])) == 2)
    #expect(try count(.init(participants: ["01"], sessions: ["ses-2"])) == 1)
    #expect(try count(.init(tasks: ["hold"])) == 2)
    #expect(throws: BatchError.self) { try count(.init(participants: ["09"])) }
  }

  @Test func aFolderThatIsNoDatasetIsListedByExtensions() throws {
    let folder = try BatchFolder()
    for name in ["b.wav", "a b.edf", "c/b.csv", "readme.txt", "a.b.edf", "a-b.edf"] {
      try folder.write("x", to: name)
    }
    let items = try BatchListing(folder: folder.path).items
    #expect(items.count == 5)
    #expect(Set(items.map(\.name)).count == 5)
  }

  @Test func aManifestStatesOptionsAndFacts() throws {
    let folder = try BatchFolder()
    try folder.write("x", to: "b.csv")
    try folder.write("x", to: "a.wav")
    try folder.write(
      "path\tfs\tpatient\tdate\nb.csv\t2000\tP01\t2025-01-10\na.wav\t\tP02\t\n", to: "list.tsv")
    let items = try BatchListing(
      manifest: folder.path + "/list.tsv", folder: folder.path, option: { "--" + $0 }
    ).items
    #expect(items.map(\.path) == ["a.wav", "b.csv"])
    #expect(items[1].options == ["--fs", "2000"])
    #expect(items[1].facts == ["patient": "P01", "date": "2025-01-10"])
    try folder.write("path\na.wav\na.wav\n", to: "twice.tsv")
    #expect(throws: BatchError.self) {
      try BatchListing(
        manifest: folder.path + "/twice.tsv", folder: folder.path, option: { "--" + $0 })
    }
  }

  @Test(arguments: [1, 2, 3, 7, 40])
  func packsHoldEveryRecordingOnceAndCostAboutTheSame(count: Int) {
    let items = (0..<200).map { index -> BatchItem in
      var item = BatchItem(index: index, path: "\(index)", name: "\(index)")
      item.predictedSeconds = Double((index * 7919) % 97) + 1
      return item
    }
    let packs = Shards.assignment(items, count: count)
    #expect(packs.allSatisfy((0..<count).contains))
    var loads = [Double](repeating: 0, count: count)
    for (item, pack) in zip(items, packs) { loads[pack] += item.predictedSeconds }
    // No pack exceeds the mean by more than one recording.
    let mean = loads.reduce(0, +) / Double(count)
    #expect((loads.max() ?? 0) <= mean + 98)
    #expect(Shards.assignment(items, count: count) == packs)
  }

  @Test func entitiesAreReadFromNames() {
    let found = BIDSEntities(fileName: "sub-01_ses-02_task-hold_run-1_emg.edf")
    #expect(found?.stem == "sub-01_ses-02_task-hold_run-1")
    #expect(found?.suffix == "emg")
    for wrong in ["emg.edf", "sub-01.edf", "sub-_emg.edf", "ses-1_emg.edf", "sub-01_x_emg.edf"] {
      #expect(BIDSEntities(fileName: wrong) == nil, "\(wrong)")
    }
  }
}
