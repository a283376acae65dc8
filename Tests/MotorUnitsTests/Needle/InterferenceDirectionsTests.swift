import Foundation
import TestSupport
import Testing

@testable import MotorUnits

/// Three real recordings of tibialis anterior: healthy, L5 radiculopathy, polymyositis.
@Suite struct InterferenceDirectionsTests {
  private struct Pattern {
    var turnAmplitude: Double
    var ratio: Double
    var envelope: Double
  }

  /// Medians over the epochs in which the muscle works; 0.1 uV for each step of the converter.
  private func pattern(_ name: String) throws -> Pattern {
    let url = try SharedData.file("data/needle/emg_\(name).dat")
    let bytes = [UInt8](try Data(contentsOf: url))
    let samples = (0..<bytes.count / 2).map { index -> Float in
      let word = UInt16(bytes[2 * index + 1]) << 8 | UInt16(bytes[2 * index])
      return 0.1 * Float(Int16(bitPattern: word))
    }
    let epochs = interferencePattern(samples, samplingRate: 4_000).filter { $0.activity > 0.3 }
    func median(_ values: [Double]) -> Double {
      values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }
    return Pattern(
      turnAmplitude: median(epochs.compactMap(\.meanTurnAmplitudeMicrovolts)),
      ratio: median(epochs.compactMap(\.turnsAmplitudeRatio)),
      envelope: median(epochs.map(\.envelopeMicrovolts)))
  }

  @Test func neuropathyAndMyopathyLieOnEitherSideOfHealth() throws {
    let healthy = try pattern("healthy")
    let neuropathy = try pattern("neuropathy")
    let myopathy = try pattern("myopathy")
    // Reinnervated units are large: higher turns, a higher envelope, fewer turns for the amplitude
    // (Fuglsang-Frederiksen and Mansson 1975).
    #expect(neuropathy.turnAmplitude > healthy.turnAmplitude)
    #expect(neuropathy.envelope > healthy.envelope)
    #expect(neuropathy.ratio < healthy.ratio)
    // Units that lost fibres are small and short: more turns for the amplitude.
    #expect(myopathy.ratio > healthy.ratio)
    #expect(myopathy.turnAmplitude < neuropathy.turnAmplitude)
  }
}
