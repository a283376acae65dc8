import Testing

@testable import Signal

@Suite struct OverlapSaveSpectraTests {
  private let channels: [[Float]]
  private let signal: TimeMajorSignal
  private let taps = 7
  private let spectra: OverlapSaveSpectra

  init() {
    var random = SeededGenerator(seed: 3)
    // More than one group of blocks, and a last block that is not full.
    channels = (0..<5).map { _ in (0..<20_011).map { _ in Float(random.normal()) } }
    signal = TimeMajorSignal(channels: channels, padding: 16)
    spectra = OverlapSaveSpectra(signal, filterLength: taps)
  }

  private func bank(_ count: Int) -> [Float] {
    var random = SeededGenerator(seed: 4)
    return (0..<(count * taps * channels.count)).map { _ in Float(random.normal()) * 0.2 }
  }

  /// The definition, sample by sample, in double precision.
  private func direct(_ bank: [Float], filter: Int, at t: Int) -> Double {
    var sum = 0.0
    for tap in 0..<taps where t - tap >= 0 {
      for channel in channels.indices {
        sum +=
          Double(bank[(filter * taps + tap) * channels.count + channel])
          * Double(channels[channel][t - tap])
      }
    }
    return sum
  }

  @Test func filtersLikeTheDefinition() {
    let bank = bank(3)
    let output = spectra.filter(bank: bank, filterCount: 3)
    for filter in 0..<3 {
      for t in [0, 1, 5, 6, 249, 250, 251, 9_999, 20_009, 20_010] {
        let value = Double(output[filter * 20_011 + t])
        #expect(abs(value - direct(bank, filter: filter, at: t)) < 1e-4)
      }
    }
  }

  @Test func subsetsAddUpToTheWhole() {
    let bank = bank(2)
    let whole = spectra.squaredOutputCorrelation(bank: bank, filterCount: 2)
    #expect(spectra.subsetCount > 1)
    var sum = [Float](repeating: 0, count: whole.correlation.count)
    var outputs = [Float](repeating: 0, count: 2)
    var samples = 0
    for subset in 0..<spectra.subsetCount {
      let part = spectra.squaredOutputCorrelation(
        bank: bank, filterCount: 2, subsets: subset..<(subset + 1))
      for index in sum.indices { sum[index] += part.correlation[index] }
      for index in outputs.indices { outputs[index] += part.outputSum[index] }
      samples += spectra.sampleCount(inSubsets: subset..<(subset + 1))
    }
    #expect(samples == 20_011)
    for (a, b) in zip(sum, whole.correlation) { #expect(abs(a - b) < 1e-4 * 20_011) }
    for (a, b) in zip(outputs, whole.outputSum) { #expect(abs(a - b) < 0.05) }
  }

  @Test func correlatesWithItsSquaredOutput() {
    let bank = bank(2)
    let (correlation, sums) = spectra.squaredOutputCorrelation(bank: bank, filterCount: 2)
    let outputs = (0..<20_011).map { direct(bank, filter: 1, at: $0) }
    #expect(abs(Double(sums[1]) - outputs.reduce(0, +)) < 0.05)
    for (tap, channel) in [(0, 0), (3, 4), (6, 2)] {
      var expected = 0.0
      for t in tap..<20_011 {
        expected += outputs[t] * outputs[t] * Double(channels[channel][t - tap])
      }
      let value = Double(correlation[(taps + tap) * channels.count + channel])
      #expect(abs(value - expected) < 2e-4 * 20_011)
    }
  }

  @Test func laggedCorrelationsLikeTheDefinition() {
    let lags = spectra.laggedCorrelations()
    for (lag, c, d) in [(0, 0, 0), (0, 1, 3), (2, 4, 1), (6, 0, 4)] {
      var expected = 0.0
      for t in lag..<20_011 { expected += Double(channels[c][t - lag]) * Double(channels[d][t]) }
      let value = Double(lags[(lag * 5 + c) * 5 + d])
      #expect(abs(value - expected) < 1e-5 * 20_011)
    }
  }

  @Test func threadsChangeNothing() {
    let bank = bank(70)
    let one = OverlapSaveSpectra(signal, filterLength: taps, parallelism: .single)
    let three = OverlapSaveSpectra(
      signal, filterLength: taps, parallelism: Parallelism(threadCount: 3))
    #expect(
      one.filter(bank: bank, filterCount: 70, parallelism: .single)
        == three.filter(bank: bank, filterCount: 70, parallelism: Parallelism(threadCount: 3)))
    let a = one.squaredOutputCorrelation(bank: bank, filterCount: 70, parallelism: .single)
    let b = three.squaredOutputCorrelation(
      bank: bank, filterCount: 70, parallelism: Parallelism(threadCount: 3))
    #expect(a.correlation == b.correlation && a.outputSum == b.outputSum)
    #expect(
      one.laggedCorrelations(parallelism: .single)
        == three.laggedCorrelations(parallelism: Parallelism(threadCount: 3)))
  }
}
