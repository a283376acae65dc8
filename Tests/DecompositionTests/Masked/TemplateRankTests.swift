import Signal
import Testing

@testable import Decomposition

@Suite struct TemplateRankTests {
  /// A template of rank 2, samples x channels.
  private func template(samples: Int, channels: Int) -> [Float] {
    var random = SeededGenerator(seed: 4)
    let waveforms = (0..<2).map { _ in (0..<samples).map { _ in Float(random.normal()) } }
    let gains = (0..<2).map { _ in (0..<channels).map { _ in Float(random.normal()) } }
    return (0..<(samples * channels)).map { index in
      (0..<2).reduce(Float(0)) {
        $0 + waveforms[$1][index / channels] * gains[$1][index % channels]
      }
    }
  }

  @Test(arguments: [(20, 8), (8, 20), (12, 12)])
  func whatHasTheRankStays(samples: Int, channels: Int) {
    let template = template(samples: samples, channels: channels)
    let limited = TemplateRank.limited(template, channelCount: channels, rank: 2)
    for (a, b) in zip(template, limited) { #expect(abs(a - b) < 1e-3) }
  }

  @Test(arguments: [(20, 8), (8, 20)])
  func noiseIsTakenOff(samples: Int, channels: Int) {
    let clean = template(samples: samples, channels: channels)
    var random = SeededGenerator(seed: 8)
    let noisy = clean.map { $0 + Float(0.1 * random.normal()) }
    func error(_ values: [Float]) -> Float {
      zip(values, clean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let limited = TemplateRank.limited(noisy, channelCount: channels, rank: 2)
    #expect(error(limited) < 0.6 * error(noisy))
    #expect(TemplateRank.limited(noisy, channelCount: channels, rank: 8) == noisy)
  }
}
