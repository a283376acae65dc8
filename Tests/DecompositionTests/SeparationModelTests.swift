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

  /// Trains of a long recording: the busiest stretch is read alone, and a unit that is silent there
  /// is not kept.
  @Test func trainsOfALongRecordingGiveTheModelOfTheirBusiestStretch() throws {
    let trained = try ModelTestSignals.trained.get()
    let truth = trained.truth
    // Units that can be told apart; the first of a simulated pool are the smallest.
    let chosen = trained.decomposition.units.sorted {
      $0.quality.silhouette > $1.quality.silhouette
    }
    .prefix(3).map(\.train.times)
    try #require(chosen.count == 3)
    let late = 6.0 * truth.samplingRate
    var trains = chosen.map { $0.filter { $0 >= late } }
    trains.append([100, 900, 1_800])
    var asked: [Range<Int>] = []
    let provenance = SeparationModel.Provenance(software: "test", recording: "first", sha256: "")
    let model = try SeparationModel(
      trains: trains, ids: [4, 7, 9, 11], sampleCount: truth.signals[0].count,
      setUp: ModelTestSignals.setUp, configuration: ModelTestSignals.quick,
      provenance: provenance, excerpt: 6
    ) { range in
      asked.append(range)
      return truth.signals.map { Array($0[range]) }
    }
    let range = try #require(asked.first)
    #expect(asked.count == 1 && range.count == 6_000)
    func held(_ range: Range<Int>) -> Int {
      trains.joined().count { range.contains(Int($0)) }
    }
    #expect(held(range) >= max(held(0..<6_000), held(3_000..<9_000), held(6_000..<12_000)))
    #expect(
      model.provenance.excerptSeconds
        == [range.lowerBound, range.upperBound].map { Double($0) / 1_000 })
    #expect(model.units.map(\.id) == [4, 7, 9])
    #expect(model.units.map(\.dischargeCount) == trains.prefix(3).map(\.count))
    // What it was made from it finds again, in the causal pass over the whole recording.
    let found = ModelTestSignals.stream(truth.signals, through: model, blocks: [500])
    for (id, train) in zip([4, 7, 9], chosen) {
      let rate = TrainAgreement(
        train, found[id] ?? [], tolerance: 1, longestLag: 0.05 * truth.samplingRate
      ).rate
      #expect(rate > 0.8, "unit \(id): \(rate)")
    }
    #expect(throws: DecompositionError.self) {
      try SeparationModel(
        trains: [[100], []], sampleCount: truth.signals[0].count, setUp: ModelTestSignals.setUp,
        configuration: ModelTestSignals.quick, provenance: provenance
      ) { range in truth.signals.map { Array($0[range]) } }
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
