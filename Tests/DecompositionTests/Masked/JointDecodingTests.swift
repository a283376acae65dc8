import Signal
import Testing

@testable import Decomposition

@Suite struct JointDecodingTests {
  private static let rate = 2_000.0
  private static let channelCount = 8
  private static let length = 40
  private static let sampleCount = 16_000

  /// Two trains of about 10 Hz.
  private static let trains: [[Double]] = (0..<2).map { unit in
    var random = SeededGenerator(seed: UInt64(20 + unit))
    var times: [Double] = []
    var time = 150.0 + 61 * Double(unit)
    while time < Double(sampleCount) - 150 {
      times.append(time)
      time += 200 * (1 + 0.1 * random.normal())
    }
    return times
  }

  private static let templates: [[Float]] = {
    var random = SeededGenerator(seed: 6)
    return (0..<2).map { _ in
      let gains = (0..<channelCount).map { _ in Float(random.normal()) }
      return (0..<(length * channelCount)).map { index in
        let x = Float(index / channelCount - length / 2)
        return gains[index % channelCount] * (1 - x * x / 9) * exponential(-x * x / 18)
          + gains[(index + 3) % channelCount] * x / 6 * exponential(-x * x / 50)
      }
    }
  }()

  private static func exponential(_ x: Float) -> Float {
    // A tenth of a thousandth is exact enough for a shape.
    var product: Float = 1
    for _ in 0..<64 { product *= 1 + x / 64 }
    return product
  }

  private static func model(_ trains: [[Double]]) -> ConvolutiveModel {
    ConvolutiveModel(
      length: length, channelCount: channelCount, trains: trains.map { PhasedTrain($0) },
      templates: templates)
  }

  /// Noise with all true potentials.
  private static func signal() -> TimeMajorSignal {
    var random = SeededGenerator(seed: 31)
    var signal = TimeMajorSignal(
      channels: (0..<channelCount).map { _ in
        (0..<sampleCount).map { _ in Float(0.1 * random.normal()) }
      }, padding: 128)
    let model = model(trains)
    signal.add(
      runs: (0..<2).map {
        TimeMajorSignal.RunPlacement(
          phases: model.renderedPhases(of: $0), runLength: model.renderedLength,
          starts: model.trains[$0].samples.map { $0 - model.reachBefore },
          phase: model.trains[$0].phases)
      }, parallelism: .single)
    return signal
  }

  private static func decoding(of residual: TimeMajorSignal) -> JointDecoding {
    let spectra = OverlapSaveSpectra(residual, filterLength: 20, parallelism: .single)
    return JointDecoding(
      covariance: ExtendedCovariance(
        laggedCorrelations: spectra.laggedCorrelations(parallelism: .single),
        channelCount: channelCount, tapCount: 20, sampleCount: sampleCount),
      configuration: ArrayConfiguration(), rate: rate, parallelism: .single)
  }

  @Test func wrongTrainsAreSetRight() {
    // A fifth is missing, and as many are where nothing is.
    let wrong = Self.trains.map { train in
      let kept = train.enumerated().filter { $0.offset % 5 != 2 }.map(\.element)
      let wrong = train.enumerated().filter { $0.offset % 5 == 3 }.map { $0.element + 90 }
      return (kept + wrong).sorted()
    }
    var model = Self.model(wrong)
    var residual = model.residual(of: Self.signal(), parallelism: .single)
    let before = residual.meanSquare
    let decoding = Self.decoding(of: residual)
    let decisions = decoding.decisions(for: &model, residual: &residual)
    #expect(residual.meanSquare < 0.5 * before)
    for (decision, train) in zip(decisions, Self.trains) {
      let times = decision?.times ?? []
      let agreement = TrainAgreement(train, times, tolerance: 1, longestLag: 2)
      #expect(agreement.rate > 0.97)
      #expect(abs(agreement.lag) < 0.5)
    }
  }

  @Test func aTrainOfNothingDissolves() {
    var model = Self.model(Self.trains)
    let signal = Self.signal()
    // The second potential is nowhere in what the first leaves.
    model.trains[1] = PhasedTrain([])
    var residual = model.residual(of: signal, parallelism: .single)
    for (sample, phase) in zip(
      Self.model(Self.trains).trains[1].samples, Self.model(Self.trains).trains[1].phases)
    {
      let full = Self.model(Self.trains)
      residual.subtract(
        runs: [
          TimeMajorSignal.RunPlacement(
            phases: full.renderedPhases(of: 1), runLength: full.renderedLength,
            starts: [sample - full.reachBefore], phase: [phase])
        ], parallelism: .single)
    }
    let decisions = Self.decoding(of: residual).decisions(for: &model, residual: &residual)
    #expect(decisions[0] != nil)
    #expect(decisions[1] == nil)
    #expect(model.trains[1].count == 0)
  }
}
