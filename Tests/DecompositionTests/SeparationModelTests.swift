import Foundation
import Signal
import Testing

@testable import Decomposition

@Suite struct SeparationModelTests {
  @Test func checkValueIsThatOfTheStandard() {
    #expect(CyclicRedundancyCheck.value(Array("123456789".utf8)) == 0xCBF4_3926)
  }

  @Test func fileGivesTheSameModelBack() throws {
    let model = try ModelTestSignals.trained.get().model
    let back = try SeparationModel(decoding: try model.encoded())
    #expect(back == model)
    #expect(back.units.count >= 3)
    #expect(back.units.allSatisfy { $0.quality.predictedAgreement != nil })
  }

  /// A file that knows nothing of `analysisRate` and was made without reduction at 2,048 Hz.
  @Test func filtersOfAnotherRateAreUsedAtTheirs() throws {
    let truth = try ModelTestSignals.recording(seed: 3, samplingRate: 2_048)
    var configuration = ArrayConfiguration()
    configuration.analysisRate = 2_048
    let setUp = ChannelSetUp(channelCount: 16, samplingRate: 2_048)
    var model = try SeparationModel(
      trains: truth.units.map(\.spikeTimes).filter { $0.count >= 40 }, samples: truth.signals,
      setUp: setUp, configuration: configuration,
      provenance: .init(software: "test", recording: "first", sha256: ""))
    #expect(model.filterRate == 2_048)
    let expected = ModelTestSignals.stream(truth.signals, through: model, blocks: [500])
    model.configuration.analysisRate = nil
    let back = try SeparationModel(decoding: try model.encoded())
    #expect(back.configuration.analysisRate == 2_048)
    #expect(ModelTestSignals.stream(truth.signals, through: back, blocks: [500]) == expected)
    // A rate that this recording cannot be brought to is refused, not used wrongly.
    model.filterRate = 1_900
    #expect(throws: DecompositionError.self) {
      try SeparationModel(decoding: try model.encoded())
    }
  }

  @Test func damagedFilesAreRefused() throws {
    let data = try ModelTestSignals.trained.get().model.encoded()
    #expect(throws: DecompositionError.self) { try SeparationModel(decoding: Data("RIFF".utf8)) }
    #expect(throws: DecompositionError.self) {
      try SeparationModel(decoding: data.prefix(data.count / 2))
    }
    for place in [9, 17, 30, data.count / 2, data.count - 1] {
      var damaged = data
      damaged[place] ^= 0x10
      #expect(throws: DecompositionError.self) { try SeparationModel(decoding: damaged) }
    }
  }

  /// Numbers that nothing can be computed from, in a file whose checksum fits.
  @Test(arguments: [
    ("channelCount", "-1"), ("channelCount", "9000000000000000000"), ("filterRate", "1e-300"),
    ("filterRate", "1e300"), ("filterDuration", "1e300"),
  ]) func impossibleNumbersAreRefused(_ name: String, _ value: String) throws {
    let file = [UInt8](try ModelTestSignals.trained.get().model.encoded())
    let count = (0..<8).reduce(0) { $0 | Int(file[16 + $1]) << (8 * $1) }
    let header = String(decoding: file[24..<24 + count], as: UTF8.self)
    let field = try Regex("\"\(name)\" *: *[-+.0-9eE]+")
    let changed = header.replacing(field, with: "\"\(name)\":\(value)")
    #expect(changed != header)
    let length = withUnsafeBytes(of: UInt64(changed.utf8.count).littleEndian) { Array($0) }
    let body = length + Array(changed.utf8) + file[(24 + count)...]
    let check = withUnsafeBytes(of: CyclicRedundancyCheck.value(body).littleEndian) { Array($0) }
    #expect(throws: DecompositionError.self) {
      try SeparationModel(decoding: Data(file[..<12] + check + body))
    }
  }

  @Test func newerFormsAreNamed() throws {
    var data = try ModelTestSignals.trained.get().model.encoded()
    data[8] = 2
    let error = #expect(throws: DecompositionError.self) { try SeparationModel(decoding: data) }
    #expect(error?.description.contains("version 2") == true)
  }

  @Test func otherElectrodesAreRefused() throws {
    let setUp = ChannelSetUp(
      channelCount: 4, samplingRate: 1_000, positions: [[0, 0], [0, 1], [1, 0], [1, 1]],
      spacingMillimetres: 8)
    try setUp.require(ChannelSetUp(channelCount: 4, samplingRate: 1_000))
    for (other, word) in [
      (ChannelSetUp(channelCount: 5, samplingRate: 1_000), "5"),
      (ChannelSetUp(channelCount: 4, samplingRate: 2_000), "2000"),
      (
        ChannelSetUp(
          channelCount: 4, samplingRate: 1_000, positions: [[0, 0], [1, 0], [0, 1], [1, 1]]),
        "channel 2"
      ),
      (ChannelSetUp(channelCount: 4, samplingRate: 1_000, spacingMillimetres: 10), "10"),
    ] {
      let error = #expect(throws: DecompositionError.self) { try setUp.require(other) }
      #expect(error?.description.contains(word) == true)
    }
  }

  @Test func ownRecordingGivesTheSameTrains() throws {
    let trained = try ModelTestSignals.trained.get()
    let applied = try ModelApplication(
      trained.model, to: trained.truth.signals, setUp: ModelTestSignals.setUp)
    #expect(applied.missing.isEmpty)
    for unit in applied.decomposition.units {
      let before = trained.decomposition.units[unit.id]
      let agreement = TrainAgreement(
        before.train.times, unit.train.times, tolerance: 1, longestLag: 5)
      #expect(agreement.rate >= 0.9, "unit \(unit.id)")
    }
  }

  @Test func laterContractionIsDecomposed() throws {
    let trained = try ModelTestSignals.trained.get()
    let later = try ModelTestSignals.recording(seed: 4, sine: true)
    let applied = try ModelApplication(
      trained.model, to: later.signals, setUp: ModelTestSignals.setUp)
    let found = applied.decomposition.units.map {
      ModelTestSignals.agreement($0.train.times, later)
    }
    #expect(applied.missing.count <= 1)
    #expect(found.filter { $0 >= 0.9 }.count >= 3)
    #expect(found.allSatisfy { $0 >= 0.3 })
  }

  @Test func pureNoiseHoldsNoUnitOfTheModel() throws {
    let trained = try ModelTestSignals.trained.get()
    var random = SeededGenerator(seed: 8)
    let noise = (0..<16).map { _ in (0..<8_000).map { _ in Float(10 * random.normal()) } }
    let applied = try ModelApplication(trained.model, to: noise, setUp: ModelTestSignals.setUp)
    #expect(applied.decomposition.units.isEmpty)
    #expect(applied.missing.count == trained.model.units.count)
  }
}
