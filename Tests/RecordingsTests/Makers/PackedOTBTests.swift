import Foundation
import Testing

@testable import Recordings

/// OTB archives that were packed once more, by gzip or as a zip archive.
@Suite struct PackedOTBTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Bytes packed by the system's gzip.
  private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let path = try folder.write("plain", bytes)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-nf", path]
    try process.run()
    process.waitUntilExit()
    return Array(try Data(contentsOf: URL(fileURLWithPath: path + ".gz")))
  }

  private func bytes<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
  }

  /// A zip archive with deflated members: what gzip makes, without its header and its end.
  private func zip(_ members: [(name: String, content: [UInt8])]) throws -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let packed = Array(try gzip(content).dropFirst(10).dropLast(8))
      let sizes = bytes([UInt32(packed.count), UInt32(content.count)])
      let start = UInt32(file.count)
      let method: [UInt16] = [20, 0, 8, 0, 0]
      file += bytes([UInt32(0x0403_4B50)]) + bytes(method) + bytes([UInt32(0)]) + sizes
      file += bytes([UInt16(name.utf8.count), 0]) + Array(name.utf8) + packed
      directory += bytes([UInt32(0x0201_4B50)]) + bytes([UInt16(20)]) + bytes(method)
      directory += bytes([UInt32(0)]) + sizes + bytes([UInt16(name.utf8.count), 0, 0, 0, 0])
      directory += bytes([UInt32(0), start]) + Array(name.utf8)
    }
    let start = UInt32(file.count)
    let count = UInt16(members.count)
    return file + directory + bytes([UInt32(0x0605_4B50)]) + bytes([UInt16(0), 0, count, count])
      + bytes([UInt32(directory.count), start]) + bytes([UInt16(0)])
  }

  private func all(_ recording: Recording) throws -> [[Float]] {
    try recording.channels.indices.map { channel in
      try recording.samples(
        channels: [channel], range: 0..<recording.channels[channel].sampleCount)[0]
    }
  }

  @Test(arguments: [OTBExample.plus(), OTBExample.four()])
  func gzippedArchivesAreReadAlike(_ tar: TarBytes) throws {
    let plain = try Recording.open(folder.write("plain.otb", tar.finished))
    let packed = try Recording.open(folder.write("packed.otb+", try gzip(tar.finished)))
    #expect(packed.channels == plain.channels)
    #expect(packed.source.path.hasSuffix("packed.otb+"))
    let (found, expected) = (try all(packed), try all(plain))
    #expect(found == expected)
    // Nothing with a name is left behind.
    #expect(!folder.names.contains { $0.contains("spool") })
  }

  @Test func zippedMembersAreReadAlike() throws {
    let plain = try Recording.open(folder.write("plain.otb", OTBExample.plus().finished))
    let signal = OTBExample.signal(channels: 68, samples: 50)
    let zip = try zip([
      ("session/acq.xml", Array(OTBExample.plusXML().utf8)), ("session/acq.sig", signal),
      ("../outside.sig", [1, 2]),
    ])
    let packed = try Recording.open(folder.write("packed.zip", zip))
    #expect(packed.channels == plain.channels)
    let (found, expected) = (try all(packed), try all(plain))
    #expect(found == expected)
    #expect(packed.warnings.contains { $0.contains("leads out of the archive") })
  }

  @Test func damagedAndSwollenArchivesAreRefused() throws {
    let packed = try gzip(OTBExample.plus(samples: 400).finished)
    let cut = #expect(throws: RecordingError.self) {
      _ = try Recording.open(folder.write("cut.otb+", Array(packed.dropLast(40))))
    }
    #expect(cut?.description.contains("damaged or cut") == true)
    // 80 MB of zeros in 80 KB.
    var tar = OTBExample.plus()
    tar.add("zeros.sip", [UInt8](repeating: 0, count: 80 << 20))
    let swollen = #expect(throws: RecordingError.self) {
      _ = try Recording.open(folder.write("bomb.otb+", try gzip(tar.finished)))
    }
    #expect(swollen?.description.contains("which no recording does") == true)
    let zip = try zip([("a.sig", [UInt8](repeating: 0, count: 80 << 20)), ("a.xml", [60])])
    let second = #expect(throws: RecordingError.self) {
      _ = try Recording.open(folder.write("bomb.zip", zip))
    }
    #expect(second?.description.contains("which no recording does") == true)
  }

  @Test func otherZipArchivesAreNamed() throws {
    let error = #expect(throws: RecordingError.self) {
      _ = try Recording.open(folder.write("office.zip", try zip([("word/a.xml", [60])])))
    }
    #expect(error?.kind == .unknownFormat)
  }
}
