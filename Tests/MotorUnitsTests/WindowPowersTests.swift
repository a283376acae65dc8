import Decomposition
import MotorUnits
import Testing

@Suite struct WindowPowersTests {
  /// A unit of 10 discharges a second from 2 s on, template of energy 4 x 25 / 2.
  private func unit(_ id: Int, amplitude: Float) -> MotorUnit {
    MotorUnit(
      id: id,
      train: SpikeTrain(times: (0..<40).map { 2_000 + 100 * Double($0) }, samplingRate: 1_000),
      template: MUAPTemplate(
        channels: [[amplitude, -amplitude, 0, 0], [0, 0, 0, 0], []], samplingRate: 1_000,
        origin: 2),
      quality: UnitQuality(
        silhouette: 0.95, pulseToNoise: 30, isiCoV: 0.1, meanRate: 10, round: 1))
  }

  private var trace: PowerTrace {
    PowerTrace(
      binDuration: 0.5, signal: (0..<12).map { $0 < 4 ? 1 : 101 },
      residual: (0..<12).map { $0 < 4 ? 1 : 11 })
  }

  @Test func powersAreRateTimesEnergy() throws {
    let powers = try #require(
      WindowPowers([unit(0, amplitude: 50)], power: trace, from: 3, to: 5))
    let found = try #require(powers.units.first)
    #expect(found.rate == 10)
    // 2 x 2500 over two used electrodes, less 4 samples x 11 / 40 discharges.
    #expect(abs(found.energy - (2_500 - 1.1)) < 1e-9)
    #expect(abs(found.power - 10 * found.energy / 1_000) < 1e-9)
    #expect(powers.noise == 1 && powers.emg == 100 && powers.unexplained == 10)
    #expect(powers.completeness == 0.9 && powers.noiseShare == 0.01)
  }

  @Test func onlyActiveUnitsCount() throws {
    let powers = try #require(
      WindowPowers([unit(0, amplitude: 50)], power: trace, from: 0, to: 2))
    #expect(powers.units.isEmpty)
    #expect(WindowPowers([unit(0, amplitude: 50)], power: trace, from: 9, to: 12) == nil)
    #expect(WindowPowers([unit(0, amplitude: 50)], power: trace, from: 3, to: 3) == nil)
  }

  @Test func theEffectiveNumberUsesThem() throws {
    let powers = try #require(
      WindowPowers(
        [unit(0, amplitude: 50), unit(1, amplitude: 50)], power: trace, from: 3, to: 5))
    let number = try #require(EffectiveUnitNumber(powers))
    #expect(number.lowerBound < number.value && number.value < number.upperBound)
  }
}
