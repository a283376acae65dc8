import Signal
import Testing

@testable import Decomposition

@Suite struct PrincipalComponentsTests {
  private static let channelCount = 12
  private static let taps = 4

  /// Three sources of variance 25, 9 and 4 on directions of their own over noise of 0.01.
  private static func spectra() -> OverlapSaveSpectra {
    var random = SeededGenerator(seed: 5)
    let directions = (0..<3).map { _ in (0..<channelCount).map { _ in Float(random.normal()) } }
    var channels = [[Float]](repeating: [Float](repeating: 0, count: 6_000), count: channelCount)
    for sample in 0..<6_000 {
      let sources = [5, 3, 2].map { Float($0 * random.normal()) }
      for channel in 0..<channelCount {
        channels[channel][sample] = Float(0.1 * random.normal())
        for (source, direction) in zip(sources, directions) {
          channels[channel][sample] += source * direction[channel]
        }
      }
    }
    return OverlapSaveSpectra(
      TimeMajorSignal(channels: channels, padding: 64), filterLength: taps, parallelism: .single)
  }

  private static func covariance(of spectra: OverlapSaveSpectra) -> ExtendedCovariance {
    ExtendedCovariance(
      laggedCorrelations: spectra.laggedCorrelations(parallelism: .single),
      channelCount: channelCount, tapCount: taps, sampleCount: 6_000)
  }

  @Test func outputsAreWhite() {
    let spectra = Self.spectra()
    var generator = SeededGenerator(seed: 1)
    let components = PrincipalComponents(
      of: Self.covariance(of: spectra), count: 12, generator: &generator)
    // Three sources at four lags each.
    #expect(components.count == 12)
    let outputs = spectra.filter(bank: components.filters, filterCount: 12, parallelism: .single)
    for first in 0..<12 {
      for second in 0...first {
        var product: Float = 0
        for sample in 0..<6_000 {
          product += outputs[first * 6_000 + sample] * outputs[second * 6_000 + sample]
        }
        #expect(abs(product / 6_000 - (first == second ? 1 : 0)) < 0.02, "\(first), \(second)")
      }
    }
  }

  @Test func whatIsBelowTheRidgeIsNoComponent() {
    let spectra = Self.spectra()
    var generator = SeededGenerator(seed: 1)
    let components = PrincipalComponents(
      of: Self.covariance(of: spectra), count: 30, generator: &generator)
    #expect(components.count == 12)
  }

  @Test func fixedPointFindsASparseSource() {
    // One source of 150 impulses among gaussian ones of the same variance.
    var random = SeededGenerator(seed: 9)
    var source = [Float](repeating: 0, count: 6_000)
    for discharge in 0..<150 { source[20 + discharge * 39] = 6.3 }
    let mixing = (0..<Self.channelCount).map { _ in (0..<8).map { _ in Float(random.normal()) } }
    var channels = [[Float]](
      repeating: [Float](repeating: 0, count: 6_000), count: Self.channelCount)
    for sample in 0..<6_000 {
      let values = [source[sample]] + (1..<8).map { _ in Float(random.normal()) }
      for channel in 0..<Self.channelCount {
        channels[channel][sample] =
          zip(values, mixing[channel]).reduce(Float(0)) { $0 + $1.0 * $1.1 }
          + Float(0.05 * random.normal())
      }
    }
    let spectra = OverlapSaveSpectra(
      TimeMajorSignal(channels: channels, padding: 64), filterLength: 1, parallelism: .single)
    let covariance = ExtendedCovariance(
      laggedCorrelations: spectra.laggedCorrelations(parallelism: .single),
      channelCount: Self.channelCount, tapCount: 1, sampleCount: 6_000)
    let components = PrincipalComponents(of: covariance, count: 8, generator: &random)
    let signal = ComponentSignal(components, of: spectra, parallelism: .single)
    var weights = signal.weights(at: [20 + 39 * 70])
    let leftOut = [Bool](repeating: false, count: 6_000)
    for turn in 0..<8 {
      weights = signal.step(
        weights, turn: turn, limit: 4, leftOut: leftOut, parallelism: .single)
    }
    let found = signal.sources(weights, parallelism: .single) { output in
      SpikeClustering.discharges(in: output, refractory: 20)?.samples ?? []
    }
    let wanted = Set((0..<150).map { 20 + $0 * 39 })
    #expect(found.count == 1 && wanted.intersection(found[0]).count > 145 && found[0].count < 155)
  }
}
