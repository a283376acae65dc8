import Signal
import Testing

@testable import Decomposition

@Suite struct DischargeDecodingTests {
  /// A source whose discharge peaks have normal heights among other peaks of a lower class.
  private struct Source {
    var values: [Float]
    var truth: [Int] = []

    init(
      seed: UInt64, deviation: Double, others: Int, highest: Double = 2, pause: Range<Int>? = nil
    ) {
      var random = SeededGenerator(seed: seed)
      values = (0..<40_000).map { _ in Float(0.05 * random.normal()) }
      var time = 60.0
      while time < 39_900 {
        let sample = Int(time)
        if pause.map({ !$0.contains(sample) }) ?? true {
          truth.append(sample)
          values[sample] = Float(1 + deviation * random.normal())
        }
        time += 90 * (1 + 0.12 * random.normal())
      }
      for _ in 0..<others {
        let sample = 30 + random.index(below: 39_900)
        if truth.allSatisfy({ abs($0 - sample) > 8 }) {
          values[sample] = Float(min(highest, 0.3 - 0.12 * Double.log(1 - random.uniform())))
        }
      }
    }

    /// What the two classes of heights say.
    var byHeight: [Int] {
      SpikeClustering.discharges(in: values.span, refractory: 20)?.samples ?? []
    }

    var decoded: [Int] {
      DischargeDecoding(rate: 1_000, refractory: 20, settings: .init()).decoded(
        byHeight, in: values.span)
    }

    func agreement(_ found: [Int]) -> Double {
      TrainAgreement(truth.map(Double.init), found.map(Double.init), tolerance: 0, longestLag: 0)
        .rate
    }
  }

  @Test func clearTrainsStayAsTheyAre() {
    let source = Source(seed: 1, deviation: 0.05, others: 100, highest: 0.4)
    #expect(source.byHeight == source.truth)
    #expect(source.decoded == source.truth)
  }

  @Test(arguments: 2...6)
  func theRhythmTellsWhatTheHeightDoesNot(seed: UInt64) {
    let source = Source(seed: seed, deviation: 0.22, others: 500)
    let byHeight = source.agreement(source.byHeight)
    let decoded = source.agreement(source.decoded)
    #expect(byHeight < 0.95)
    #expect(decoded > byHeight + 0.02)
    #expect(decoded > 0.9)
  }

  @Test func nothingIsPutIntoAPause() {
    let source = Source(seed: 7, deviation: 0.15, others: 200, pause: 10_000..<20_000)
    let decoded = source.decoded
    #expect(source.agreement(decoded) > 0.95)
    #expect(decoded.filter { (10_200..<19_800).contains($0) }.count <= 2)
  }

  @Test func intervalsAreNeverShorterThanRefractory() {
    let source = Source(seed: 8, deviation: 0.3, others: 2_000)
    let decoded = source.decoded
    #expect(zip(decoded.dropFirst(), decoded).allSatisfy { $0 - $1 >= 20 })
    #expect(decoded == decoded.sorted())
  }

  @Test func fewDischargesAreLeftAlone() {
    let values = [Float](repeating: 0, count: 1_000)
    let few = [100, 200, 300]
    #expect(
      DischargeDecoding(rate: 1_000, refractory: 20, settings: .init()).decoded(
        few, in: values.span) == few)
    let many = stride(from: 20, to: 980, by: 40).map { $0 }
    // Without one peak above the lowest height there is nothing to decide upon.
    #expect(
      DischargeDecoding(rate: 1_000, refractory: 20, settings: .init()).decoded(
        many, in: values.span) == many)
  }

  @Test(arguments: [1, 5, 21, 200])
  func theSlidingMedianIsThatOfEachWindow(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let values = (0..<count).map { _ in Double(random.index(below: 50)) }
    let expected = values.indices.map { index in
      let window = values[max(0, index - 10)...min(count - 1, index + 10)].sorted()
      return window[(window.count - 1) / 2]
    }
    #expect(DischargeDecoding.slidingMedian(values, neighbours: 10) == expected)
  }
}
