import Foundation
import Testing

@testable import Recordings

@Suite struct IntanReaderTests {
  private static func file(_ major: Int, _ minor: Int) -> IntanBytes {
    var file = IntanBytes()
    file.version = (major, minor)
    file.channels = [
      (0, "A-000", "EMG one", 0, true), (0, "A-001", "A-001", 1, true),
      (0, "A-002", "A-002", 2, false), (1, "A-AUX1", "A-AUX1", 0, true),
      (2, "A-VDD1", "A-VDD1", 0, true), (3, "ADC-00", "Force", 0, true),
      (4, "DIN-03", "DIN-03", 3, true), (4, "DIN-01", "DIN-01", 1, true),
      (5, "DOUT-00", "DOUT-00", 0, true),
    ]
    return file
  }

  /// A word that tells channel and sample apart.
  private static func value(_ channel: Int, _ sample: Int) -> Int {
    (channel * 4001 + sample * 37) % 65536
  }

  @Test(arguments: [(1, 0), (1, 1), (1, 2), (1, 3), (1, 5), (2, 0), (3, 0), (3, 3)])
  func allVersionsGiveAllChannels(_ version: (Int, Int)) throws {
    let folder = try TemporaryFolder()
    let file = Self.file(version.0, version.1)
    let path = try folder.write("a.rhd", file.bytes(blocks: 9, Self.value))
    let recording = try Recording.open(path)
    #expect(recording.source.formatName == "Intan RHD \(version.0).\(version.1)")
    #expect(
      recording.channels.map(\.name) == [
        "EMG one", "A-001", "A-AUX1", "A-VDD1", "Force", "DIN-03", "DIN-01", "DOUT-00",
      ])
    #expect(
      recording.channels.map(\.role) == [
        .emg, .emg, .auxiliary, .auxiliary, .force, .trigger, .trigger, .trigger,
      ])
    let perBlock = file.samplesPerBlock
    #expect(
      recording.channels.map(\.sampleCount)
        == [perBlock, perBlock, perBlock / 4, 1, perBlock, perBlock, perBlock, perBlock].map {
          9 * $0
        })
    #expect(recording.channels[2].samplingRate == 5000)
    #expect(recording.channels[3].samplingRate == 20_000 / Double(perBlock))
    // The channel among all, and what a word of it means in microvolts.
    let mode1 = version.0 > 1 || version.1 >= 3
    let meanings: [(index: Int, scale: (Int) -> Double)] = [
      (0, { 0.195 * Double($0 - 32768) }), (1, { 0.195 * Double($0 - 32768) }),
      (3, { 37.4 * Double($0) }), (4, { 74.8 * Double($0) }),
      (5, { mode1 ? 152.59 * Double($0 - 32768) : 50.354 * Double($0) }),
      (6, { Double($0 & 1) }), (7, { Double($0 & 1) }), (8, { Double($0 & 1) }),
    ]
    for (place, meaning) in meanings.enumerated() {
      let count = recording.channels[place].sampleCount
      let found = try recording.samples(channel: place)
      let expected = (0..<count).map { Float(meaning.scale(Self.value(meaning.index, $0))) }
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) })
      // A part that begins and ends inside blocks is that part of the whole.
      let part = count / 3..<count - count / 5
      #expect(try recording.samples(channels: [place], range: part)[0] == Array(found[part]))
    }
    #expect(try recording.samples(channels: [1, 0], range: 5..<200).count == 2)
    #expect(recording.warnings.isEmpty && recording.gaps.isEmpty)
    #expect(recording.remarks.contains("note: first note"))
  }

  @Test func theBoardModeDecidesTheScale() throws {
    let folder = try TemporaryFolder()
    for (mode, expected): (Int, Float) in [(0, 50354), (1, -4_847_479.12), (13, -9_927_500)] {
      var file = Self.file(2, 0)
      file.boardMode = mode
      let path = try folder.write("a.rhd", file.bytes(blocks: 1) { _, _ in 1000 })
      let value = try Recording.open(path).samples(channel: 4)[0]
      #expect(abs(value / expected - 1) < 1e-6, "mode \(mode): \(value)")
    }
  }

  @Test func timeStampsShowWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    let file = Self.file(2, 0)
    let stamps: (Int) -> Int = { $0 * 128 + ($0 >= 3 ? 1000 : 0) + ($0 >= 70 ? 40 : 0) }
    let path = try folder.write("a.rhd", file.bytes(blocks: 100, stamp: stamps, Self.value))
    let gaps = try Recording.open(path).gaps
    #expect(gaps.map(\.position) == [384 / 20e3, 8960 / 20e3])
    #expect(gaps.map(\.duration) == [1000 / 20e3, 40 / 20e3])
    #expect(gaps.map(\.onset) == [384 / 20e3, 9960 / 20e3])

    let back = try folder.write(
      "b.rhd", file.bytes(blocks: 9, stamp: { 1000 - $0 }, Self.value))
    #expect(try Recording.open(back).warnings.contains { $0.contains("run back") })
    let before = try folder.write(
      "c.rhd", file.bytes(blocks: 9, stamp: { $0 * 128 - 300 }, Self.value))
    #expect(try Recording.open(before).warnings.contains { $0.contains("300 samples before") })
  }

  @Test func aCutLastBlockIsLeftOut() throws {
    let folder = try TemporaryFolder()
    let bytes = Self.file(2, 0).bytes(blocks: 3, Self.value)
    let recording = try Recording.open(try folder.write("a.rhd", Array(bytes.dropLast(7))))
    #expect(recording.sampleCount == 256)
    #expect(recording.warnings.contains { $0.contains("ends early, inside block 3") })
  }

  @Test func oneFileForEachKindOfSignal() throws {
    let folder = try TemporaryFolder()
    try folder.write("info.rhd", Self.file(3, 1).header)
    func words(_ count: Int, _ value: (Int) -> [Int]) -> [UInt8] {
      (0..<count).flatMap { value($0).flatMap { IntanBytes.word($0) } }
    }
    try folder.write("amplifier.dat", words(300) { [$0 - 150, 1000 - $0] })
    try folder.write("auxiliary.dat", words(300) { [$0 / 4] })
    try folder.write("digitalin.dat", words(300) { [($0 % 2) << 3 | ($0 % 3 == 0 ? 2 : 0)] })
    let recording = try Recording.open(folder.path("info.rhd"))
    #expect(
      recording.channels.map(\.name) == ["EMG one", "A-001", "A-AUX1", "DIN-03", "DIN-01"])
    #expect(try recording.samples(channel: 1)[299] == Float(0.195 * 701))
    #expect(try recording.samples(channel: 0).first == Float(0.195 * -150))
    #expect(recording.channels[2].samplingRate == 5000)
    #expect(try recording.samples(channel: 2) == (0..<75).map { Float(37.4 * Double($0)) })
    #expect(try recording.samples(channels: [3], range: 4..<8)[0] == [0, 1, 0, 1])
    #expect(try recording.samples(channels: [4], range: 3..<7)[0] == [1, 0, 0, 1])
    #expect(recording.source.files.count == 4)
    #expect(recording.warnings.contains { $0.contains("not beside info.rhd") })
  }

  @Test func oneFileForEachChannel() throws {
    let folder = try TemporaryFolder()
    try folder.write("info.rhd", Self.file(1, 5).header)
    try folder.write("amp-A-000.dat", (0..<100).flatMap { IntanBytes.word($0 - 50) })
    try folder.write("board-DIN-03.dat", (0..<100).flatMap { IntanBytes.word($0 % 2) })
    let recording = try Recording.open(folder.path("info.rhd"))
    #expect(recording.channels.map(\.name) == ["EMG one", "DIN-03"])
    #expect(try recording.samples(channel: 0)[0] == Float(0.195 * -50))
    #expect(try recording.samples(channel: 1)[..<4] == [0, 1, 0, 1])
  }

  @Test func aHeaderAloneIsOneLine() throws {
    let folder = try TemporaryFolder()
    let header = Self.file(2, 0).header
    for (bytes, problem) in [
      (header, "holds no samples"), (Array(header.prefix(100)), "ends inside its header"),
      (header + [1, 2, 3], "one block has"),
    ] {
      let error = thrown { try Recording.open(try folder.write("a.rhd", bytes)) }
      #expect(error?.description.contains(problem) == true, "\(error?.description ?? "opened")")
    }
  }

  @Test func damagedFilesNeverCrash() async throws {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let file = IntanReaderTests.file(2, 0)
      try folder.write("a.rhd", file.bytes(blocks: 4, IntanReaderTests.value))
      try MutatedFiles.open(
        "a.rhd", in: folder, count: 4000, headerCount: file.header.count + 40, seed: 17)
      try folder.write("amplifier.dat", [UInt8](repeating: 3, count: 4000))
      try folder.write("a.rhd", file.header)
      try MutatedFiles.open(
        "a.rhd", in: folder, count: 2000, headerCount: file.header.count, seed: 18)
    }
  }
}
