import Testing

@testable import Decomposition

@Suite struct TrainCompletenessTests {
  /// Forty seconds: strength 1, then 4, then 1, then 4, ten seconds each.
  private let power: PowerTrace = {
    let signal = (0..<160).map { (bin: Int) -> Double in
      let strength = (bin / 40).isMultiple(of: 2) ? 1.0 : 4.0
      return strength + 0.01 * Double(bin * bin * 7 % 31)
    }
    return PowerTrace(
      binDuration: 0.25, signal: signal, residual: [Double](repeating: 0.1, count: 160))
  }()

  private func train(_ stretches: [Range<Int>]) -> SpikeTrain {
    SpikeTrain(
      times: stretches.flatMap { stretch in
        stride(from: Double(stretch.lowerBound), to: Double(stretch.upperBound), by: 0.1)
          .map { $0 * 1_000 }
      }, samplingRate: 1_000)
  }

  @Test func aUnitThatFiresThroughoutIsWhole() {
    #expect(TrainCompleteness(power: power, settings: .init()).share(of: train([0..<40])) == 1)
  }

  @Test func silenceInWeakerStretchesIsNoLoss() {
    #expect(
      TrainCompleteness(power: power, settings: .init()).share(of: train([10..<20, 30..<40])) == 1)
  }

  @Test func silenceInEquallyStrongStretchesIsALoss() {
    // Half of the strong stretch of the other contraction lies above the median of this one.
    let share = TrainCompleteness(power: power, settings: .init()).share(of: train([10..<20]))
    #expect(share > 0.4 && share < 0.65)
    // A unit of the weak stretches that lacks the strong ones lacks more than half.
    let weak = TrainCompleteness(power: power, settings: .init()).share(
      of: train([0..<10, 20..<30]))
    #expect(weak < 0.4)
  }

  @Test func predictionsFallAndAcceptanceFollows() {
    let unit = MotorUnit(
      id: 0, train: train([0..<40]),
      template: MUAPTemplate(channels: [[0, 1]], samplingRate: 1_000, origin: 1),
      quality: UnitQuality(
        silhouette: 0.95, pulseToNoise: 30, isiCoV: 0.1, meanRate: 10,
        predictedAgreement: 0.9, round: 1))
    var piece = unit
    piece.id = 1
    piece.train = train([10..<20])
    let whole = ArrayDecomposition(
      units: [piece, unit], samplingRate: 1_000, sampleCount: 40_000, filterRate: 1_000,
      channels: [0], rejectedChannels: [], notches: [], residualPowerShare: 0.1, power: power,
      roundCount: 1, configuration: ArrayConfiguration(), timings: [])
    let judged = whole.withCompleteness()
    #expect(judged.units.map(\.train) == [unit.train])
    #expect(judged.units.map(\.id) == [0])
    #expect(judged.units[0].quality.predictedAgreement == 0.9)
  }
}
