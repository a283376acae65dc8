import Foundation
import Signal
import Testing

@testable import Decomposition

@Suite struct TrainDecodingTests {
  private static let rate = 40_000.0
  private static let energy: Float = 300

  /// A matched output of 10 s: a regular train, a third of it under larger potentials, which change its
  /// heights, and other peaks.
  private static func output(
    seed: UInt64
  ) -> (output: [Float], truth: [Int], others: [Int], remainder: [Float]) {
    var random = SeededGenerator(seed: seed, stream: 1)
    var output = [Float](repeating: 0, count: Int(10 * rate))
    func add(_ centre: Int, _ height: Double) {
      for offset in -40...40 {
        let bump = exp(-0.5 * pow(Double(offset) / 12, 2))
        output[centre + offset] += energy * Float(height * bump)
      }
    }
    var truth: [Int] = []
    var remainder = [Float](repeating: 1, count: output.count)
    var time = 0.1
    while time < 9.9 {
      let place = Int(time * rate)
      truth.append(place)
      let isCovered = truth.count % 3 == 0
      add(place, isCovered ? 0.8 + 0.25 * random.normal() : 1 + 0.08 * random.normal())
      if isCovered { for sample in place - 100...place + 100 { remainder[sample] = 20 } }
      time += 0.1 * (1 + 0.12 * random.normal())
    }
    var others: [Int] = []
    for _ in 0..<60 {
      let place = Int((0.1 + 9.7 * random.uniform()) * rate)
      if truth.contains(where: { abs($0 - place) < 400 }) { continue }
      if others.contains(where: { abs($0 - place) < 400 }) { continue }
      others.append(place)
      add(place, 0.2 + 0.6 * random.uniform())
    }
    return (output, truth, others, remainder)
  }

  private static func decoder(
    _ output: [Float], energy: Float, remainder: [Float]
  ) -> TrainDecoder {
    var candidates = FiringCandidates(duration: Double(output.count) / rate)
    for time in FiringCandidates.peaks(
      output, reach: Int(NeedleConfiguration.Decoding().peakDistance * rate))
    {
      let height = Double(output[time] / energy)
      if height < NeedleConfiguration.Decoding().leastHeight { continue }
      candidates.append(
        time: time, height: height, deviation: Double((remainder[time] / energy).squareRoot()))
    }
    return TrainDecoder(candidates, rate: rate, limits: .init())
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func rhythmTellsWeakFiringsFromOtherPeaks(seed: UInt64) {
    let (output, truth, others, remainder) = Self.output(seed: seed)
    let decoder = Self.decoder(output, energy: Self.energy, remainder: remainder)
    // What a threshold finds: the weak firings are missing, the largest other peaks are not.
    let start = (truth + others).filter { output[$0] > 0.65 * Self.energy }.sorted()
    func errors(_ train: [Int]) -> Int {
      let matched = train.count { time in truth.contains { abs($0 - time) <= 20 } }
      return train.count + truth.count - 2 * matched
    }
    let decoded = decoder.decoded(start)
    #expect(decoded == decoded.sorted())
    #expect(errors(start) >= 10)
    #expect(errors(decoded) * 2 < errors(start), "\(errors(decoded)) of \(errors(start))")
    #expect(zip(decoded.dropFirst(), decoded).allSatisfy { $0 - $1 >= Int(0.012 * Self.rate) })
  }

  @Test func fewFiringsStayAsTheyAre() {
    let (output, truth, _, remainder) = Self.output(seed: 9)
    let decoder = Self.decoder(output, energy: Self.energy, remainder: remainder)
    #expect(decoder.decoded(Array(truth.prefix(8))) == Array(truth.prefix(8)))
    #expect(decoder.decoded([]).isEmpty)
  }

  @Test func silenceGivesNothingNew() {
    let count = Int(5 * Self.rate)
    let decoder = Self.decoder(
      [Float](repeating: 0, count: count), energy: 100,
      remainder: [Float](repeating: 1, count: count))
    #expect(decoder.decoded([1_000, 5_000, 9_000]) == [1_000, 5_000, 9_000])
  }

  /// A potential with a side lobe whose height is known better than that of its peak.
  @Test func aSideLobeIsNotTakenForItsPeak() {
    var random = SeededGenerator(seed: 3)
    var candidates = FiringCandidates(duration: 10)
    var truth: [Int] = []
    var lobes = Set<Int>()
    var time = 0.1
    while time < 9.9 {
      let place = Int(time * Self.rate)
      let isCovered = truth.count % 3 == 0
      truth.append(place)
      candidates.append(
        time: place, height: 1 + 0.05 * random.normal(), deviation: isCovered ? 0.2 : 0.06)
      lobes.insert(place + 60)
      candidates.append(
        time: place + 60, height: 0.8 + 0.05 * random.normal(),
        deviation: isCovered ? 0.05 : 0.06)
      time += 0.1 * (1 + 0.12 * random.normal())
    }
    let heights = candidates.heights
    candidates.link(reach: 100) { first, second in first == second ? 100 : 80 }
    let decoded = TrainDecoder(candidates, rate: Self.rate, limits: .init()).decoded(truth)
    #expect(decoded == truth)
    #expect(decoded.allSatisfy { !lobes.contains($0) })
    #expect(candidates.heights == heights)
  }

  /// Three units with their true trains, of which every `nth` firing of the first is left out.
  private func model(withoutEvery nth: Int) -> (model: NeedleModel, truth: [Int]) {
    var model = NeedleTestSignals.trueModel()
    let truth = model.units[0].firings
    model.units[0].firings = truth.enumerated().filter { $0.offset % nth != min(4, nth - 1) }.map(
      \.element)
    return (model, truth)
  }

  @Test func completesATrainThatIsNearlyKnown() {
    var (model, truth) = model(withoutEvery: 12)
    model.decodeTrains()
    let found = model.units[0].firings
    let tolerance = Int(0.000_5 * model.signal.rate)
    #expect(truth.count { time in !found.contains { abs($0 - time) <= tolerance } } <= 1)
    #expect(found.count { time in !truth.contains { abs($0 - time) <= tolerance } } <= 1)
  }

  @Test func makesNoTrainOfAFewFirings() {
    var (model, truth) = model(withoutEvery: 5)
    let start = model.units[0].firings.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    model.units[0].firings = start
    #expect(start.count * 2 < truth.count)
    model.decodeTrains()
    #expect(model.units[0].firings.count == start.count)
  }

  @Test func completesATrainThatLacksAThird() {
    var (model, truth) = model(withoutEvery: 3)
    #expect(Double(model.units[0].firings.count) < 0.7 * Double(truth.count))
    model.decodeTrains()
    let found = model.units[0].firings
    let tolerance = Int(0.000_5 * model.signal.rate)
    #expect(truth.count { time in !found.contains { abs($0 - time) <= tolerance } } <= 2)
  }

  @Test func decidesNothingWhereMuchIsUnexplained() {
    var (model, _) = model(withoutEvery: 12)
    // Without the largest unit most of the spikes' energy is unexplained.
    model.units.remove(at: 0)
    model.units[0].firings.remove(at: 7)
    let others = model.units.map(\.firings)
    model.decodeTrains()
    #expect(model.units.map(\.firings) == others)
  }
}
