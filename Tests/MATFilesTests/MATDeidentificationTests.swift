import Foundation
import Recordings
import Testing

@testable import MATFiles

@Suite struct MATDeidentificationTests {
  @Test func onlySignalsAreCopied() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (source, target) = (folder.path + "/a.mat", folder.path + "/b.mat")
    let samples = (0..<40).map { Float($0 % 7) - 3 }
    try MATWriter.write(
      [
        ("Data", .single(samples, rows: 20, columns: 2)),
        ("Time", .double((0..<20).map { Double($0) / 2000 }, rows: 20, columns: 1)),
        ("Description", .texts(["EMG 1[uV]", "EMG 2[uV]"])),
        ("SamplingFrequency", .double([2000], rows: 1, columns: 1)),
        ("Patient", .text("Erika Mustermann, 14.03.1957")),
      ], to: source)
    #expect(Deidentification.isMAT(source))
    let recording = try Recording.open(source, readers: [MATReader()])
    let removed = try Deidentification().copyMAT(
      recording, to: try OutputPlace(target, command: "deidentify"),
      origin: OutputOrigin(version: "1", command: "deidentify"))
    #expect(removed.count == 1)
    let names = try MATFile(path: target, worker: nil).variables().map(\.name)
    #expect(names.contains("Data") && !names.contains("Patient"))
    let copy = try Recording.open(target, readers: [MATReader()])
    #expect(copy.channels.map(\.name) == recording.channels.map(\.name))
    #expect(copy.channels.map(\.unit) == recording.channels.map(\.unit))
    #expect(copy.samplingRate == 2000)
    for channel in copy.channels.indices {
      #expect(try copy.samples(channel: channel) == recording.samples(channel: channel))
    }
    // The recording itself is never replaced, whatever name leads to it.
    #expect(throws: OutputError.self) {
      try Deidentification().copyMAT(
        recording, to: try OutputPlace(source, command: "deidentify", isForced: true),
        origin: OutputOrigin(version: "1", command: "deidentify"))
    }
  }
}
