import Foundation
import Signal
import TestSupport
import Testing

@testable import Decomposition

@Suite struct NeedleDecompositionTests {
  private func refusal(_ samples: [Float], rate: Double = 10_000) throws -> String? {
    let result = try NeedleDecomposition.decompose(
      channels: [samples], samplingRate: rate, parallelism: .single)
    #expect(result.units.isEmpty)
    return result.refusal
  }

  @Test func silenceIsRefused() throws {
    #expect(try refusal([Float](repeating: 0, count: 30_000))?.contains("constant") == true)
  }

  @Test func humIsRefused() throws {
    let hum = (0..<30_000).map { Float(200 * sin(2 * .pi * 50 * Double($0) / 10_000)) }
    #expect(try refusal(hum) != nil)
  }

  @Test func noiseIsRefused() throws {
    #expect(try refusal(NeedleTestSignals.noise(5, count: 30_000, seed: 2)) != nil)
  }

  @Test func shortSignalIsRefused() throws {
    #expect(
      try refusal(NeedleTestSignals.noise(5, count: 5_000, seed: 2))?.contains("2 s") == true)
  }

  @Test func invalidSamplesAreRefused() throws {
    var samples = NeedleTestSignals.noise(5, count: 30_000, seed: 2)
    for index in stride(from: 0, to: samples.count, by: 20) { samples[index] = .nan }
    #expect(try refusal(samples)?.contains("usable numbers") == true)
  }

  @Test func saturatedSignalIsRefused() throws {
    let samples = NeedleTestSignals.noise(500, count: 30_000, seed: 2)
      .map { min(300, max(-300, $0)) }
    #expect(try refusal(samples)?.contains("saturated") == true)
  }

  @Test func wrongShapesThrow() {
    let samples = [Float](repeating: 0, count: 100)
    #expect(throws: DecompositionError.self) {
      try NeedleDecomposition.decompose(channels: [], samplingRate: 10_000)
    }
    #expect(throws: DecompositionError.self) {
      try NeedleDecomposition.decompose(
        channels: Array(repeating: samples, count: 5), samplingRate: 10_000)
    }
    #expect(throws: DecompositionError.self) {
      try NeedleDecomposition.decompose(channels: [samples], samplingRate: 1_000)
    }
    #expect(throws: DecompositionError.self) {
      try NeedleDecomposition.decompose(channels: [samples, [0]], samplingRate: 10_000)
    }
  }

  @Test func segmentsCoverTheRecordingAndOverlap() {
    let configuration = NeedleConfiguration()
    for seconds in [3.0, 14, 16, 60, 601.7] {
      let count = Int(seconds * 10_000)
      let ranges = NeedleDecomposition.segmentRanges(
        count, samplingRate: 10_000, configuration: configuration)
      #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == count)
      for (a, b) in zip(ranges.dropFirst(), ranges) {
        #expect(a.lowerBound < b.upperBound - 5_000)
        #expect(a.count == b.count)
      }
    }
  }

  @Test(.enabled(if: TestTier.isLong)) func findsThreeUnitsWhateverTheThreads() throws {
    let (samples, trains) = NeedleTestSignals.record(duration: 8, seed: 5)
    let one = try NeedleDecomposition.decompose(
      channels: [samples], samplingRate: 10_000, parallelism: .single)
    let three = try NeedleDecomposition.decompose(
      channels: [samples], samplingRate: 10_000, parallelism: Parallelism(threadCount: 3))
    #expect(one.units == three.units)
    for train in trains {
      let best = one.units.map { NeedleTestSignals.agreement(train, $0.train.seconds) }.max() ?? 0
      #expect(best > 0.95)
    }
    #expect(one.residualSpikeShare < 0.1)
  }

  @Test(.enabled(if: TestTier.isLong)) func channelsAreSearchedTogether() throws {
    let (samples, trains) = NeedleTestSignals.record(duration: 6, seed: 21)
    // Four surfaces that see the same units at other gains, each with a noise of its own.
    let channels = [1, -0.7, 0.5, 0.3].enumerated().map { index, gain in
      let noise = NeedleTestSignals.noise(8, count: samples.count, seed: 30 + UInt64(index))
      return zip(samples, noise).map { Float(gain) * $0 + $1 }
    }
    let result = try NeedleDecomposition.decompose(channels: channels, samplingRate: 10_000)
    #expect(result.noiseMicrovolts.count == 4)
    for train in trains {
      let best =
        result.units.map { NeedleTestSignals.agreement(train, $0.train.seconds) }.max() ?? 0
      #expect(best > 0.95)
    }
    #expect(result.units.allSatisfy { $0.template.channels.count == 4 })
  }

  @Test(.enabled(if: TestTier.isLong)) func keepsDoublets() throws {
    var (samples, trains) = NeedleTestSignals.record(duration: 8, seed: 15)
    let seconds = stride(from: 5, to: trains[0].count - 2, by: 12).map { trains[0][$0] + 0.009 }
    NeedleTestSignals.add(0, amplitude: 300, at: seconds, to: &samples)
    let result = try NeedleDecomposition.decompose(channels: [samples], samplingRate: 10_000)
    let unit = try #require(
      result.units.max {
        NeedleTestSignals.agreement(trains[0], $0.train.seconds)
          < NeedleTestSignals.agreement(trains[0], $1.train.seconds)
      })
    let found = unit.doublets.map { unit.train.seconds[$0] }
    let kept = seconds.filter { second in found.contains { abs($0 - second) < 0.003 } }
    // Those that overlap potentials of other units are refused: their shape proves nothing.
    #expect(Double(kept.count) >= 0.7 * Double(seconds.count))
    #expect(found.count <= seconds.count + 1)
  }

  @Test(.enabled(if: TestTier.isLong)) func humDoesNotMatter() throws {
    let (samples, trains) = NeedleTestSignals.record(duration: 6, seed: 8)
    let loud = samples.enumerated().map { index, value in
      let phase = 2 * Double.pi * 50 * Double(index) / NeedleTestSignals.rate
      return value + Float(500 * sin(phase) + 200 * sin(3 * phase + 1) + 100 * sin(5 * phase))
    }
    let result = try NeedleDecomposition.decompose(channels: [loud], samplingRate: 10_000)
    #expect(result.lineHarmonics == [50, 150, 250])
    #expect(result.flags.contains { $0.kind == .lineNoise })
    for train in trains {
      let best =
        result.units.map { NeedleTestSignals.agreement(train, $0.train.seconds) }.max() ?? 0
      #expect(best > 0.95)
    }
  }

  @Test(.enabled(if: TestTier.isLong)) func gainAndPolarityDoNotMatter() throws {
    let (samples, _) = NeedleTestSignals.record(duration: 6, seed: 8)
    let one = try NeedleDecomposition.decompose(channels: [samples], samplingRate: 10_000)
    let other = try NeedleDecomposition.decompose(
      channels: [samples.map { -4 * $0 }], samplingRate: 10_000)
    #expect(!one.units.isEmpty && one.units.count == other.units.count)
    for (a, b) in zip(one.units, other.units) {
      #expect(a.train.times.count == b.train.times.count)
      #expect(zip(a.train.times, b.train.times).allSatisfy { abs($0 - $1) < 1e-3 })
    }
  }

  @Test(.enabled(if: TestTier.isLong)) func agreesWithTheExpertOnARealRecording() throws {
    let data = try SharedData.file("data/needle/R00108.dat")
    let annotation = try SharedData.file("data/needle/R00108.eaf")
    let bytes = [UInt8](try Data(contentsOf: data))
    let samples = (0..<bytes.count / 2).map { index -> Float in
      let word = UInt16(bytes[2 * index]) << 8 | UInt16(bytes[2 * index + 1])
      return 2 * Float(Int16(bitPattern: word))
    }
    let result = try NeedleDecomposition.decompose(channels: [samples], samplingRate: 10_000)
    let text = String(decoding: try Data(contentsOf: annotation), as: UTF8.self)
    var truth: [Int: [Double]] = [:]
    let events = text.components(separatedBy: "<emglab_spike_events>").last ?? ""
    for line in events.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: " ")
      if fields.count == 3, let time = Double(fields[0]), let unit = Int(fields[1]) {
        truth[unit, default: []].append(time)
      }
    }
    #expect(truth.count == 8)
    for times in truth.values {
      let best =
        result.units.map { NeedleTestSignals.agreement(times.sorted(), $0.train.seconds) }.max()
        ?? 0
      #expect(best >= 0.95)
    }
  }
}
