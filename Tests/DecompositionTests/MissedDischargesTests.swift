import Signal
import Testing

@testable import Decomposition

@Suite struct MissedDischargesTests {
  /// Pulses every 100 samples, one of them at a height, over noise.
  private func source(height: Float, at weak: Int = 5_000) -> [Float] {
    var random = SeededGenerator(seed: 4)
    var samples = (0..<10_000).map { _ in 0.05 * Float(random.normal()) }
    for place in stride(from: 100, to: 10_000, by: 100) { samples[place] += 1 }
    samples[weak] += height - 1
    return samples
  }

  private let regular = Array(stride(from: 100, to: 10_000, by: 100)).filter { $0 != 5_000 }

  @Test func recoversAWeakDischargeInTime() {
    let recovered = MissedDischarges.recovered(
      regular, in: source(height: 0.55).span, refractory: 40, settings: .init())
    #expect(recovered == (regular + [5_000]).sorted())
  }

  @Test func inventsNothingInNoise() {
    let recovered = MissedDischarges.recovered(
      regular, in: source(height: 0).span, refractory: 40, settings: .init())
    #expect(recovered == regular)
  }

  @Test func pausesStayPauses() {
    let paused = regular.filter { $0 < 3_000 || $0 > 4_000 }
    let recovered = MissedDischarges.recovered(
      paused, in: source(height: 0).span, refractory: 40, settings: .init())
    #expect(recovered == paused)
    #expect(
      MissedDischarges.recovered(
        [1, 2], in: source(height: 1).span, refractory: 4, settings: .init()) == [1, 2])
  }

  @Test func settingsDecide() {
    func recovered(_ change: (inout ArrayConfiguration.Missed) -> Void) -> [Int] {
      var settings = ArrayConfiguration.Missed()
      change(&settings)
      return MissedDischarges.recovered(
        regular, in: source(height: 0.55).span, refractory: 40, settings: settings)
    }
    #expect(recovered { _ in } != regular)
    #expect(recovered { $0.lowestHeight = 0.6 } == regular)
    #expect(recovered { $0.mostMissing = 0 } == regular)
    #expect(recovered { $0.fewestDischarges = 1_000 } == regular)
  }
}
