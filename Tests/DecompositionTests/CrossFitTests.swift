import Signal
import Testing

@testable import Decomposition

@Suite struct CrossFitTests {
  private static let rate = 2_000.0
  private static let taps = 12
  private static let channelCount = 32
  /// A dozen discharges at about 10 Hz in the middle of six seconds.
  private static let discharges = (0..<12).map { 5_000 + $0 * 200 + $0 * $0 % 7 * 4 }

  /// Noise, with potentials at the discharges where `amplitude` is not zero.
  private static func reestimation(amplitude: Double) -> UnitReestimation {
    var random = SeededGenerator(seed: 3)
    var channels = (0..<channelCount).map { _ in
      (0..<12_000).map { _ in Float(random.normal()) }
    }
    let shapes = (0..<channelCount).map { _ in
      (0..<10).map { _ in Float(amplitude * random.normal()) }
    }
    for discharge in discharges {
      for channel in 0..<channelCount {
        for (offset, value) in shapes[channel].enumerated() {
          channels[channel][discharge - 5 + offset] += value
        }
      }
    }
    let signal = TimeMajorSignal(channels: channels, padding: 64)
    let spectra = OverlapSaveSpectra(signal, filterLength: taps, parallelism: .single)
    let covariance = ExtendedCovariance(
      laggedCorrelations: spectra.laggedCorrelations(parallelism: .single),
      channelCount: channelCount, tapCount: taps, sampleCount: signal.sampleCount)
    return UnitReestimation(
      configuration: ArrayConfiguration(), residual: signal, spectra: spectra,
      covariance: covariance, rate: rate, parallelism: .single)
  }

  private static var emptyModel: ConvolutiveModel {
    ConvolutiveModel(length: 40, channelCount: channelCount, trains: [], templates: [])
  }

  @Test func arbitraryInstantsDoNotComeBack() {
    let rates = Self.reestimation(amplitude: 0).crossFitted(
      [Self.discharges], units: [nil], model: Self.emptyModel)
    #expect(rates.count == 1 && rates[0] < 0.2)
  }

  @Test func dischargesOfAUnitComeBack() {
    // The filter's last lag must see the potential: discharges are taken at its end.
    let rates = Self.reestimation(amplitude: 1).crossFitted(
      [Self.discharges.map { $0 + 5 }], units: [nil], model: Self.emptyModel)
    #expect(rates[0] > 0.8)
  }

  @Test func nothingAskedNothingFound() {
    #expect(
      Self.reestimation(amplitude: 0).crossFitted([], units: [], model: Self.emptyModel).isEmpty)
  }
}
