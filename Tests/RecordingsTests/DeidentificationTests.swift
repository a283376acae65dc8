import Foundation
import Testing

@testable import Recordings

@Suite struct DeidentificationTests {
  private func origin() -> OutputOrigin { OutputOrigin(version: "1", command: "deidentify") }

  private func copy(
    _ folder: TemporaryFolder, _ name: String, days: Int? = nil
  ) throws -> [UInt8] {
    let target = folder.path("copy-" + name)
    let place = try OutputPlace(target, command: "deidentify")
    _ = try Deidentification(days: days).copy(folder.path(name), to: place, origin: origin())
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: target)))
  }

  /// A recording with a name, a hospital and an annotation that names a person.
  private func write(_ folder: TemporaryFolder, isBDF: Bool) throws -> String {
    let name = isBDF ? "a.bdf" : "a.edf"
    var recording = Recording(
      signals: [(0..<4000).map { Float($0 % 300) }, (0..<4000).map { Float($0 % 170) }],
      samplingRate: 2000, names: ["EMG 1", "EMG 2"])
    recording.startTime = Date(timeIntervalSince1970: 1_767_225_600)
    recording.annotations = [
      Annotation(onset: 0.5, text: "Frau Mustermann coughs"), Annotation(onset: 1.25, text: "end"),
    ]
    try EDFWriter.write(
      recording, to: folder.path(name), configuration: .init(isBDF: isBDF))
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path(name))))
    bytes.replaceSubrange(
      8..<88,
      with: Array("MCH-0234567 F 02-MAY-1951 Mustermann".utf8.prefix(80))
        + [UInt8](repeating: 32, count: 80 - 36))
    bytes.replaceSubrange(116..<126, with: Array("Mustermann".utf8))
    try folder.write(name, bytes)
    return name
  }

  @Test(arguments: [false, true])
  func nothingPersonalStaysAndTheSignalDoes(_ isBDF: Bool) throws {
    let folder = try TemporaryFolder()
    let name = try write(folder, isBDF: isBDF)
    let bytes = try copy(folder, name)
    for word in ["Mustermann", "0234567", "1951", "coughs", "2026"] {
      #expect(Data(bytes).range(of: Data(word.utf8)) == nil, "\(word)")
    }
    let before = try Recording.open(folder.path(name))
    let after = try Recording.open(folder.path("copy-" + name))
    #expect(after.channels.map(\.name) == before.channels.map(\.name))
    #expect(try after.emgSamples() == before.emgSamples())
    #expect(after.annotations.map(\.onset) == before.annotations.map(\.onset))
    #expect(after.startTime == nil || after.startTime! < Date(timeIntervalSince1970: 5e8))
    #expect(after.remarks.allSatisfy { !$0.contains("Muster") })
  }

  @Test func theDateIsMoved() throws {
    let folder = try TemporaryFolder()
    let name = try write(folder, isBDF: false)
    _ = try copy(folder, name, days: -40)
    let before = try #require(try Recording.open(folder.path(name)).startTime)
    let after = try #require(try Recording.open(folder.path("copy-" + name)).startTime)
    #expect(after.timeIntervalSince(before) == -40 * 86_400)
  }

  @Test func qtracFilesLoseNameOperatorAndComments() throws {
    let folder = try TemporaryFolder()
    let text =
      " Name:\tErika Mustermann\r\n Date:\t5/3/24\r\n Age:\t61\r\n Operator:\tDr X\r\n"
      + " Comments:\tsister of M.\r\n MS.1\t20\t8.1\r\n"
    try folder.write("a.MEM", text)
    let gone = String(decoding: try copy(folder, "a.MEM"), as: UTF8.self)
    #expect(!gone.contains("Muster") && !gone.contains("Dr X") && !gone.contains("sister"))
    #expect(gone.contains("Date:\t 1/1/85") && gone.contains("Age:\t61"))
    #expect(gone.contains(" MS.1\t20\t8.1\r\n"))
    try folder.write("b.MEM", text)
    let moved = String(decoding: try copy(folder, "b.MEM", days: -5), as: UTF8.self)
    #expect(moved.contains("Date:\t 29/2/24"))
  }

  /// A record of two signal files that names its patient wherever it can.
  private func writeRecord(_ folder: TemporaryFolder) throws {
    try folder.write(
      "Mustermann.hea",
      "Mustermann 3 1000 4 10:20:30 05/03/2024\r\n"
        + "Mustermann.dat 16+12 200/mV 12 0 1 16 0 EMG left\r\nMustermann.dat 16+12 200/mV\r\n"
        + "Erika.dat 80 100/mV\r\n# Erika Mustermann, born 1957\r\nsister of M.\r\n")
    let words: [UInt8] = (0..<8).flatMap { [UInt8($0 + 1), 0] }
    try folder.write("Mustermann.dat", Array("Mustermann57".utf8) + words + Array("Erika".utf8))
    try folder.write("Erika.dat", [130, 131, 132, 133])
  }

  @Test(arguments: [nil, -5]) func recordsLoseNamesCommentsAndWhatIsNoSample(_ days: Int?) throws {
    let folder = try TemporaryFolder()
    try writeRecord(folder)
    let before = try Recording.open(folder.path("Mustermann.hea"))
    let place = try OutputPlace(folder.path("P01_1.hea"), command: "deidentify")
    let removed = try Deidentification(days: days).copy(
      folder.path("Mustermann.hea"), to: place, origin: origin())
    let after = try Recording.open(folder.path("P01_1.hea"))
    for name in ["P01_1.hea", "P01_1-1.dat", "P01_1-2.dat"] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
      for word in ["Muster", "Erika", "1957", "sister", "2024"] where days == nil || word != "2024"
      {
        #expect(bytes.range(of: Data(word.utf8)) == nil, "\(name) holds \(word)")
      }
    }
    for channel in before.channels.indices {
      #expect(try after.samples(channel: channel) == before.samples(channel: channel))
    }
    #expect(after.channels == before.channels)
    #expect(after.remarks.isEmpty && before.remarks.count == 1)
    let moved = try days.map { try #require(before.startTime) + Double($0) * 86_400 }
    #expect(after.startTime == moved)
    #expect(removed.contains("12 bytes before the samples"))
    #expect(removed.contains("5 bytes after the samples"))
  }

  @Test func recordsNeverReplaceOtherFiles() throws {
    let folder = try TemporaryFolder()
    try writeRecord(folder)
    try folder.write("P02-1.dat", "precious")
    for name in ["P02.hea", "Mustermann.hea", "P03.dat", "P 4.hea"] {
      #expect(throws: (any Error).self) {
        let place = try OutputPlace(
          folder.path(name), command: "deidentify", inputs: [folder.path("Mustermann.hea")])
        _ = try Deidentification().copy(
          folder.path("Mustermann.hea"), to: place, origin: origin())
      }
    }
    #expect(try String(contentsOfFile: folder.path("P02-1.dat"), encoding: .utf8) == "precious")
    #expect(
      folder.names.sorted() == ["Erika.dat", "Mustermann.dat", "Mustermann.hea", "P02-1.dat"])
  }

  @Test func otherFormatsAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.csv", "a,b\n1,2\n")
    #expect(throws: RecordingError.self) { try copy(folder, "a.csv") }
    #expect(folder.names == ["a.csv"])
  }
}
