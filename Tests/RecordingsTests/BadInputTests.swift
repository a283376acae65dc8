import Foundation
import Testing

@testable import Recordings

/// Whatever bytes a file holds, opening it gives a recording or one line, never a crash.
@Suite struct BadInputTests {
  /// A small generator of its own, so that cases repeat.
  private struct Bits: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  /// Opens and reads; nil where that works.
  private func failure(_ path: String) -> RecordingError? {
    thrown {
      let options = RecordingOptions(samplingRate: nil, unit: nil)
      let recording = try Recording.open(path, options: options)
      let count = recording.channels.indices.prefix(3)
      for channel in count {
        let end = min(1000, recording.channels[channel].sampleCount)
        _ = try recording.samples(channels: [channel], range: 0..<end)
      }
      _ = try recording.storedSpikes()
    }
  }

  private func expectOneLine(_ error: RecordingError?) {
    guard let error else { return }
    #expect(!error.description.contains { $0.isNewline })
    #expect(error.description.utf8.count < 1500)
    #expect(error.description.hasPrefix(error.path))
  }

  private func seeds(_ folder: TemporaryFolder) throws -> [String] {
    let original = SyntheticEMG.recording(channels: 3, samples: 400, samplingRate: 1000)
    try EDFWriter.write(original, to: folder.path("a.edf"))
    try EDFWriter.write(original, to: folder.path("a.bdf"), configuration: .init(isBDF: true))
    for format in AudioFormat.allCases {
      try WAVWriter.write(
        original, to: folder.path("a-\(format.hashValue)"), configuration: .init(format: format))
    }
    try TableWriter.write(original, to: folder.path("a.csv"))
    try folder.write("r.dat", [UInt8](repeating: 7, count: 600))
    try folder.write("r.hea", "r 2 1000\nr.dat 212 200/mV\nr.dat 212 200/mV\n# remark\n")
    return folder.names.filter { $0 != "r.dat" }
  }

  @Test func cutFilesNeverCrash() throws {
    let folder = try TemporaryFolder()
    for name in try seeds(folder) {
      let bytes = try FileBytes(path: folder.path(name)).all(limit: 1 << 20)
      for part in [1, 2, 5, 12, 40, 100, 255, 256, 300, bytes.count / 2, bytes.count - 1]
      where part < bytes.count {
        let kind = URL(fileURLWithPath: name).pathExtension
        let error = failure(try folder.write("cut.\(kind)", Array(bytes.prefix(part))))
        expectOneLine(error)
        // A header or table cut at a line is a shorter one; binary formats know their length: what is
        // left of them is read, and it is said.
        if !["csv", "hea"].contains(kind), error == nil {
          let rest = try Recording.open(folder.path("cut.\(kind)"))
          #expect(rest.warnings.contains { $0.contains("ends early") }, "\(name) cut at \(part)")
        }
      }
    }
  }

  @Test func changedBytesNeverCrash() throws {
    let folder = try TemporaryFolder()
    var bits = Bits(state: 0x9E37_79B9_7F4A_7C15)
    for name in try seeds(folder) {
      let bytes = try FileBytes(path: folder.path(name)).all(limit: 1 << 20)
      for _ in 0..<60 {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...6, using: &bits) {
          // Headers are where harm is done.
          let place = Int.random(in: 0..<min(changed.count, 1200), using: &bits)
          changed[place] =
            [0, 255, 32, 45, 57, UInt8.random(in: 0...255, using: &bits)]
            .randomElement(using: &bits) ?? 0
        }
        let kind = URL(fileURLWithPath: name).pathExtension
        expectOneLine(failure(try folder.write("changed.\(kind)", changed)))
      }
    }
  }

  @Test func randomBytesAreErrors() throws {
    let folder = try TemporaryFolder()
    var bits = Bits(state: 42)
    let starts: [[UInt8]] = [
      [], Array("RIFF____WAVE".utf8), Array("fLaC".utf8), Array("0       ".utf8),
      [255] + Array("BIOSEMI".utf8), Array("FORM____AIFF".utf8), Array("caff".utf8),
    ]
    for start in starts {
      for _ in 0..<20 {
        let count = Int.random(in: 0...3000, using: &bits)
        let bytes = start + (0..<count).map { _ in UInt8.random(in: 0...255, using: &bits) }
        let error = failure(try folder.write("random.bin", bytes))
        expectOneLine(error)
        #expect(error != nil)
      }
    }
  }

  @Test(arguments: ["wav", "edf", "bdf", "flac", "mat", "hea"])
  func textUnderAnotherNameSaysWhatItIs(_ kind: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("notes.\(kind)", "Dear colleague,\nplease find no data here.\n")
    let error = failure(path)
    #expect(error?.kind == .unknownFormat)
    #expect(error?.description.contains("can be read: EDF") == true)
  }

  @Test func emptyMissingAndFolder() throws {
    let folder = try TemporaryFolder()
    #expect(failure(try folder.write("a.edf", ""))?.description.contains("is empty") == true)
    #expect(failure(folder.path("none.edf"))?.kind == .cannotOpen)
    #expect(failure(folder.url.path)?.description.contains("is a folder") == true)
  }

  @Test(.timeLimit(.minutes(1))) func pipesAreRefusedAndNotWaitedFor() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path("a.edf")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(failure(pipe)?.description.contains("is not a regular file") == true)
    #expect(throws: OutputError.self) { try OutputPlace(pipe, command: "convert") }
    #expect(throws: OutputError.self) {
      try OutputPlace(pipe, command: "convert", isForced: true)
    }
  }

  @Test(
    arguments: [
      ([0xAC, 0x27, 0x91, 0xD6, 0, 0], "Intan RHS2000"),
      ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "HDF5"),
      ([0x1F, 0x8B, 8, 0], "gzip"), ([1, 0] + Array("(C) CED 87".utf8), "Spike2"),
      ([UInt8](repeating: 0, count: 257) + Array("ustar".utf8), "OTB+"),
    ] as [([UInt8], String)])
  func knownFormatsAreNamed(_ bytes: [UInt8], _ name: String) throws {
    let folder = try TemporaryFolder()
    let error = failure(try folder.write("a.bin", bytes))
    #expect(error?.kind == .unknownFormat)
    #expect(error?.description.contains(name) == true)
  }

  @Test func audioHeadersWithAbsurdNumbersAreErrors() throws {
    let folder = try TemporaryFolder()
    func wave(channels: [UInt8], rate: [UInt8]) -> [UInt8] {
      Array("RIFF".utf8) + [100, 0, 0, 0] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0, 1, 0] + channels
        + rate + [0, 0, 4, 0, 128, 0, 16, 0] + Array("data".utf8) + [8, 0, 0, 0]
        + [UInt8](repeating: 1, count: 8)
    }
    for (channels, rate): ([UInt8], [UInt8]) in [
      ([0, 0], [0, 8, 0, 0]), ([255, 255], [0, 8, 0, 0]), ([1, 0], [0, 0, 0, 0]),
      ([1, 0], [255, 255, 255, 255]),
    ] {
      let error = failure(try folder.write("a.wav", wave(channels: channels, rate: rate)))
      #expect(error != nil, "\(channels) \(rate)")
      expectOneLine(error)
    }
  }
}
