import Foundation
import Testing

@testable import Recordings

@Suite struct C3DReaderTests {
  private static func file() -> C3DBytes {
    var file = C3DBytes()
    file.parameters = [
      ("ANALOG", "LABELS", .text(["EMG TA", "EMG SOL", "Fz1"])),
      ("ANALOG", "UNITS", .text(["V", "mV", "N"])),
      ("ANALOG", "SCALE", .float([0.5, 2, 4])), ("ANALOG", "OFFSET", .int16([10, -20, 0])),
      ("ANALOG", "GEN_SCALE", .float([0.001])),
    ]
    return file
  }

  private static func value(_ channel: Int, _ sample: Int) -> Float {
    Float((channel * 1000 + sample * 7) % 4000 - 2000)
  }

  @Test(arguments: [ByteCursor.Order.little, .vax, .big], [false, true])
  func allProcessorsAndKindsOfNumber(_ order: ByteCursor.Order, _ isFloat: Bool) throws {
    let folder = try TemporaryFolder()
    var file = Self.file()
    (file.order, file.isFloat) = (order, isFloat)
    let recording = try Recording.open(try folder.write("a.c3d", file.bytes(Self.value)))
    #expect(recording.channels.map(\.name) == ["EMG TA", "EMG SOL", "Fz1"])
    #expect(recording.channels.map(\.role) == [.emg, .emg, .force])
    #expect(recording.channels.map(\.unit) == [.microvolt, .microvolt, .newton])
    #expect(recording.channels.allSatisfy { $0.samplingRate == 1000 && $0.sampleCount == 200 })
    #expect(recording.warnings.isEmpty)
    #expect(recording.remarks == ["2 points at 100.0 Hz are not read"])
    let scales: [(Double, Double)] = [(10, 0.5e-3 * 1e6), (-20, 2e-3 * 1e3), (0, 4e-3)]
    for (channel, (offset, scale)) in scales.enumerated() {
      let found = try recording.samples(channel: channel)
      for sample in 0..<200 {
        let expected = (Double(Self.value(channel, sample)) - offset) * scale
        #expect(abs(Double(found[sample]) - expected) <= 1e-6 * max(1, abs(expected)))
      }
      #expect(
        try recording.samples(channels: [channel], range: 13..<78)[0] == Array(found[13..<78]))
    }
  }

  @Test func unsignedSamplesAreUnsigned() throws {
    let folder = try TemporaryFolder()
    var file = Self.file()
    file.parameters.append(("ANALOG", "FORMAT", .text(["UNSIGNED"])))
    file.parameters[3].value = .int16([-32768, 0, 0])
    let path = try folder.write("a.c3d", file.bytes { channel, _ in channel == 0 ? 40000 : 65535 })
    let recording = try Recording.open(path)
    #expect(abs(try recording.samples(channel: 0)[0] / (7232 * 500) - 1) < 1e-6)
    #expect(abs(try recording.samples(channel: 2)[0] / 262.14 - 1) < 1e-6)
  }

  @Test func eventsOfBothPlacesBecomeAnnotations() throws {
    let folder = try TemporaryFolder()
    var file = Self.file()
    file.firstFrame = 51
    file.headerEvents = [(0.75, "RHS "), (0.625, "LTO ")]
    var recording = try Recording.open(try folder.write("a.c3d", file.bytes(Self.value)))
    #expect(recording.annotations.map(\.text) == ["LTO", "RHS"])
    #expect(recording.annotations.map(\.onset) == [0.125, 0.25])
    file.parameters += [
      ("EVENT", "USED", .int16([1])), ("EVENT", "TIMES", .float([1, 2.5])),
      ("EVENT", "LABELS", .text(["Foot Strike"])), ("EVENT", "CONTEXTS", .text(["Right"])),
    ]
    recording = try Recording.open(try folder.write("b.c3d", file.bytes(Self.value)))
    #expect(recording.annotations == [Annotation(onset: 62, text: "Right Foot Strike")])
  }

  @Test func longFilesStateTheirFramesElsewhere() throws {
    let folder = try TemporaryFolder()
    var file = Self.file()
    (file.points, file.channelCount, file.samplesPerFrame) = (0, 1, 1)
    (file.frames, file.lastFrame) = (70_000, 65535)
    file.parameters += [
      ("TRIAL", "ACTUAL_START_FIELD", .int16([1, 0])),
      ("TRIAL", "ACTUAL_END_FIELD", .int16([70_000 % 65536, 1])),
    ]
    let recording = try Recording.open(try folder.write("a.c3d", file.bytes { Float($1 % 1000) }))
    #expect(recording.sampleCount == 70_000)
    #expect(recording.samplingRate == 100)
    let last = try recording.samples(channels: [0], range: 69_999..<70_000)[0][0]
    #expect(abs(last / ((999 - 10) * 500) - 1) < 1e-6)
  }

  @Test func moreThan255ChannelsGoOnInFurtherParameters() throws {
    let folder = try TemporaryFolder()
    var file = C3DBytes()
    (file.points, file.channelCount, file.samplesPerFrame, file.frames) = (0, 300, 2, 3)
    file.parameters = [
      ("ANALOG", "LABELS", .text((1...255).map { "EMG\($0)" })),
      ("ANALOG", "LABELS2", .text((256...300).map { "EMG\($0)" })),
      ("ANALOG", "UNITS", .text([String](repeating: "mV", count: 255))),
      ("ANALOG", "UNITS2", .text([String](repeating: "mV", count: 45))),
      ("ANALOG", "SCALE", .float([Float](repeating: 1, count: 255))),
      ("ANALOG", "SCALE2", .float([Float](repeating: 2, count: 45))),
      ("ANALOG", "OFFSET", .int16([Int](repeating: 0, count: 255))),
      ("ANALOG", "OFFSET2", .int16([Int](repeating: 1, count: 45))),
    ]
    let recording = try Recording.open(
      try folder.write("a.c3d", file.bytes { channel, _ in Float(channel) }))
    #expect(recording.channels[299].name == "EMG300")
    #expect(try recording.samples(channel: 299)[5] == 298 * 2 * 1000)
    #expect(recording.warnings.isEmpty)
  }

  @Test func platesAreNoEMG() throws {
    let folder = try TemporaryFolder()
    var file = Self.file()
    file.parameters[1].value = .text(["V", "V", "V"])
    file.parameters.append(("FORCE_PLATFORM", "CHANNEL", .int16([3])))
    let recording = try Recording.open(try folder.write("a.c3d", file.bytes(Self.value)))
    #expect(recording.channels.map(\.role) == [.emg, .emg, .auxiliary])
  }

  @Test func cutAndEmptyFilesAreSaid() throws {
    let folder = try TemporaryFolder()
    var file = Self.file()
    (file.points, file.frames) = (0, 500)
    let bytes = file.bytes(Self.value)
    let cut = try Recording.open(try folder.write("a.c3d", Array(bytes.dropLast(6000))))
    #expect(cut.warnings.contains { $0.contains("ends early") })
    #expect(cut.sampleCount < 5000 && cut.sampleCount > 3900)
    var none = Self.file()
    (none.channelCount, none.samplesPerFrame) = (0, 0)
    none.parameters = []
    let error = thrown { try Recording.open(try folder.write("b.c3d", none.bytes(Self.value))) }
    #expect(error?.description.contains("no analog channel") == true)
  }

  @Test func damagedFilesNeverCrash() async throws {
    await #expect(processExitsWith: .success) {
      for (order, isFloat) in [(ByteCursor.Order.little, false), (.big, true), (.vax, true)] {
        let folder = try TemporaryFolder()
        var file = C3DReaderTests.file()
        (file.order, file.isFloat) = (order, isFloat)
        file.headerEvents = [(0.1, "RHS ")]
        try folder.write("a.c3d", file.bytes(C3DReaderTests.value))
        try MutatedFiles.open("a.c3d", in: folder, count: 2500, headerCount: 1100, seed: 23)
      }
    }
  }
}
