import Testing

@testable import Signal

@Suite struct FilterBankKernelTests {
  private static func noise(_ count: Int, seed: UInt64) -> [Float] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float(random.normal()) }
  }

  @Test(arguments: [(3, 4, 5, 1), (5, 1, 2, 40), (17, 8, 3, 33)])
  func filtersAsDefined(channels m: Int, taps: Int, filters: Int, count: Int) {
    let from = taps + 2
    let signal = Self.noise((from + count + 3) * m, seed: 1)
    let bank = Self.noise(filters * taps * m, seed: 2)
    // What stood there before must not matter.
    var outputs = [Float](repeating: 7, count: filters * count)
    FilterBankKernel.filter(
      signal, channels: m, from: from, count: count, bank: bank, taps: taps, into: &outputs)
    for filter in 0..<filters {
      for sample in 0..<count {
        var expected = 0.0
        for tap in 0..<taps {
          for channel in 0..<m {
            expected +=
              Double(bank[(filter * taps + tap) * m + channel])
              * Double(signal[(from + sample - tap) * m + channel])
          }
        }
        #expect(abs(Double(outputs[filter * count + sample]) - expected) < 1e-4)
      }
    }
  }

  @Test func correlatesAsDefined() {
    let (m, taps, count, from) = (4, 3, 20, 5)
    let signal = Self.noise((from + count) * m, seed: 3)
    let before = Self.noise(taps * m * m, seed: 4)
    var lags = before
    FilterBankKernel.correlate(
      signal, channels: m, from: from, count: count, taps: taps, keep: 0.5, into: &lags)
    for lag in 0..<taps {
      for c in 0..<m {
        for d in 0..<m {
          let place = (lag * m + c) * m + d
          var expected = 0.5 * Double(before[place])
          for sample in from..<(from + count) {
            expected += Double(signal[(sample - lag) * m + c]) * Double(signal[sample * m + d])
          }
          #expect(abs(Double(lags[place]) - expected) < 1e-4)
        }
      }
    }
  }

  @Test func noFiltersGiveNothing() {
    var outputs: [Float] = []
    FilterBankKernel.filter(
      [1, 2, 3], channels: 1, from: 1, count: 2, bank: [], taps: 1, into: &outputs)
    #expect(outputs.isEmpty)
  }
}
