import Foundation
import Testing

@testable import UnitNumber

struct ScanResidualsTests {
  /// 200 equal units with bell-shaped thresholds; common jitter of the thresholds, and gain that is alike
  /// over 20 responses.
  private func scan(jitter: Double = 0, gain: Double = 0, seed: Int = 1) -> CMAPScan {
    var random = SyntheticScan.Congruential(seed)
    var state = 0.0
    let threshold = (0..<200).map { (index: Int) -> Double in
      let share = (Double(index) + 0.5) / 200
      return 10 * exp(0.05 * log(share / (1 - share)))
    }
    var stimuli = [Double](repeating: 16, count: 60)
    stimuli +=
      (0..<500).map { 14 * exp(-0.0016 * Double($0)) } + [Double](repeating: 5.9, count: 20)
    let responses = stimuli.map { stimulus in
      let shifted = stimulus * (1 + jitter * random.nearlyNormal())
      state = 0.95 * state + 0.31 * random.nearlyNormal()
      let answering = threshold.count {
        random.uniform() < 1 / (1 + exp(-1.702 * (shifted / $0 - 1) / 0.02))
      }
      return 0.05 * Double(answering) * (1 + gain * state) + 0.002 * random.nearlyNormal()
    }
    return CMAPScan(
      stimulusMilliamps: stimuli, responseMillivolts: responses, preScanCount: 60,
      postScanCount: 20)
  }

  private func mean(
    _ value: (ScanResiduals) -> Double, jitter: Double = 0, gain: Double = 0
  ) throws -> Double {
    try (1...12).map { value(try ScanResiduals(scan(jitter: jitter, gain: gain, seed: $0))) }
      .reduce(0, +) / 12
  }

  @Test("units alone leave white residuals whose variance follows the slope")
  func unitsAlone() throws {
    #expect(abs(try mean { $0.colour } - 1) < 0.12)
    #expect(try mean { $0.largestRise } < 2)
    #expect(abs(try mean { $0.plateauCorrelation ?? .nan }) < 0.15)
  }

  @Test("common jitter raises the exponent, slow gain makes the plateau alike")
  func disturbances() throws {
    let quiet = try mean { $0.slopeExponent }
    #expect(try mean({ $0.slopeExponent }, jitter: 0.01) > quiet + 0.3)
    #expect(try mean({ $0.plateauCorrelation ?? .nan }, gain: 0.01) > 0.6)
    #expect(try mean({ $0.largestRise }, gain: 0.05) > 3)
    var spiked = scan()
    #expect(try ScanResiduals(spiked).silentOutliers == 0)
    spiked.responseMillivolts[570] += 0.1
    #expect(try ScanResiduals(spiked).silentOutliers == 1)
  }
}
