import Testing

@testable import Decomposition

/// Units followed over segments whose firings mark different peaks of one potential.
@Suite struct NeedleLinkingTests {
  static let rate = 10_000.0
  static let gridRate = 40_000.0
  static let origin = 600

  /// A potential on the grid whose origin stands `lag` seconds after the discharge's own instant.
  private static func potential(_ shape: Int, lag: Double, amplitude: Double = 200) -> [[Float]] {
    [
      (0...2 * origin).map {
        let time = Double($0 - origin) / gridRate + lag
        return Float(amplitude * NeedleTestSignals.potential(shape, time: time))
      }
    ]
  }

  private static func segment(
    _ range: Range<Int>, units: [(times: [Double], potential: [[Float]])]
  ) -> NeedleSegment {
    let parts = units.map { times, potential in
      NeedleSegment.Unit(
        times: times, amplitudes: times.map { _ in 1 }, doublets: [], potential: potential,
        evidence: TrainEvidence(
          logEnergy: 6, variation: 0.1, completeness: 1, regularity: 2, misfit: 0,
          amplitudeSpread: 0.05, separation: 1, amplitudeOverSignal: 3,
          unexplained: 0.02, spikeRate: 100),
        statistics: TrainStatistics(
          WorkingUnit(template: [], firings: times.map { Int($0 * 4) }), rate: gridRate,
          energy: 400, limits: .init()))
    }
    return NeedleSegment(
      range: range, units: parts, potentialRate: gridRate, origin: origin, noise: [5],
      spikeEnergy: 100, residualSpikeEnergy: 1, spikeCount: 100, discarded: 0)
  }

  /// The firings of a train within a range, marked `lag` seconds later.
  private static func marks(_ train: [Double], _ range: Range<Int>, lag: Double) -> [Double] {
    train.map { ($0 + lag) * rate }.filter { range.contains(Int($0)) }
  }

  private static func assembled(_ segments: [NeedleSegment]) throws -> [NeedleUnit] {
    var result = try NeedleDecomposition.decompose(
      channels: [[Float](repeating: 0, count: 30_000)], samplingRate: rate)
    NeedleDecomposition.assemble(segments, into: &result)
    return result.units
  }

  /// Expects one unit with all discharges of a train (s), marked at one instant of it.
  private static func expectOneSteadyUnit(
    _ segments: [NeedleSegment], _ train: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let units = try assembled(segments)
    #expect(units.count == 1, sourceLocation: sourceLocation)
    let times = try #require(units.first, sourceLocation: sourceLocation).train.times
    #expect(times.count == train.count, sourceLocation: sourceLocation)
    let offsets = zip(times, train).map { $0 - $1 * rate }
    #expect((offsets.max() ?? 0) - (offsets.min() ?? 0) < 1, sourceLocation: sourceLocation)
  }

  /// Before, the train jumped by the distance of the peaks where the largest one changed.
  @Test func firingsKeepTheirInstantWhereAnotherPeakBecomesTheLargest() throws {
    let train = NeedleTestSignals.train(mean: 0.09, variation: 0.1, duration: 30, seed: 4)
    let ranges = [0..<110_000, 95_000..<205_000, 190_000..<300_000]
    let lags = [0.0, 0.001_4, -0.000_7]
    let segments = zip(ranges, lags).map { range, lag in
      Self.segment(
        range, units: [(Self.marks(train, range, lag: lag), Self.potential(0, lag: lag))])
    }
    try Self.expectOneSteadyUnit(segments, train)
  }

  /// A unit that pauses over the cut shares no firing; its potentials tell the lag.
  @Test func potentialsTellTheLagAcrossAPause() throws {
    let train = NeedleTestSignals.train(mean: 0.09, variation: 0.1, duration: 20, seed: 5)
      .filter { $0 < 8 || $0 > 12 }
    let ranges = [0..<105_000, 95_000..<200_000]
    for lag in [0.001_9, -0.003] {
      let segments = zip(ranges, [0, lag]).map { range, lag in
        Self.segment(
          range, units: [(Self.marks(train, range, lag: lag), Self.potential(1, lag: lag))])
      }
      try Self.expectOneSteadyUnit(segments, train)
    }
  }

  @Test func unitsOfOtherShapeAndFiringsStayApart() throws {
    let ranges = [0..<105_000, 95_000..<200_000]
    let segments = ranges.indices.map { index in
      let train = NeedleTestSignals.train(
        mean: 0.08 + 0.02 * Double(index), variation: 0.1, duration: 20, seed: UInt64(8 + index))
      return Self.segment(
        ranges[index],
        units: [(Self.marks(train, ranges[index], lag: 0), Self.potential(index, lag: 0))])
    }
    #expect(try Self.assembled(segments).count == 2)
  }

  @Test func trainsThatAreMostProbablyNoUnitsAreNotReturned() throws {
    let train = NeedleTestSignals.train(mean: 0.09, variation: 0.1, duration: 10, seed: 4)
    let range = 0..<100_000
    var segment = Self.segment(
      range,
      units: [1, 2].map {
        (Self.marks(train, range, lag: 0.03 * Double($0)), Self.potential($0, lag: 0))
      }
    )
    segment.units[1].evidence.misfit = 1
    segment.units[1].evidence.amplitudeSpread = 0.6
    segment.units[1].evidence.amplitudeOverSignal = 0.5
    segment.units[1].evidence.separation = 0.1
    let accuracy = NeedleAccuracy().estimate(segment.units[1].evidence)
    #expect(accuracy < NeedleAccuracy().acceptance.leastAgreement)
    var result = try NeedleDecomposition.decompose(
      channels: [[Float](repeating: 0, count: 30_000)], samplingRate: Self.rate)
    result.flags = []
    NeedleDecomposition.assemble([segment], into: &result)
    #expect(result.units.count == 1)
    #expect(result.flags.contains { $0.kind == .discardedTrains && $0.message.contains("0.2") })
  }

  /// Marks before the recording's first sample and after its last would be no samples of it.
  @Test func shiftedFiringsStayInsideTheRecording() throws {
    let train = [0.001] + NeedleTestSignals.train(mean: 0.09, variation: 0.1, duration: 20, seed: 6)
    let ranges = [0..<105_000, 95_000..<200_000]
    let segments = zip(ranges, [0, -0.003]).map { range, lag in
      Self.segment(
        range, units: [(Self.marks(train, range, lag: lag), Self.potential(1, lag: lag))])
    }
    for unit in try Self.assembled(segments) {
      #expect(unit.train.times.allSatisfy { $0 >= 0 && $0 < 200_000 })
    }
  }
}

/// Halves of one unit that drifted within a stretch.
@Suite struct FragmentJoiningTests {
  /// A model of units of one shape whose firings are given in seconds.
  private static func model(_ trains: [[Double]]) -> NeedleModel {
    var model = NeedleTestSignals.trueModel()
    let templates = model.units.map(\.template)
    model.units = trains.enumerated().map { index, train in
      WorkingUnit(
        template: templates[0].map { $0 * (index == 0 ? 1 : 1.1) },
        firings: train.map { Int(($0 * model.signal.rate).rounded()) })
    }
    return model
  }

  @Test func earlyAndLateHalvesBecomeOne() {
    let train = NeedleTestSignals.train(mean: 0.08, variation: 0.12, duration: 6, seed: 41)
    // Either half also takes one firing of the other's time.
    let early = train.filter { $0 < 3 } + [train[train.count - 4]]
    let late = [train[3]] + train.filter { $0 >= 3 }
    var model = Self.model([early, late])
    model.joinFragments()
    #expect(model.units.count == 1)
    #expect(abs(model.units[0].firings.count - train.count) <= 1)
  }

  @Test func twoUnitsOfOnePotentialStayTwo() {
    for seed in 1...5 as ClosedRange<UInt64> {
      let trains = (0..<2).map { unit in
        NeedleTestSignals.train(
          mean: 0.09 + 0.01 * Double(unit), variation: 0.12, duration: 6,
          seed: 100 * seed + UInt64(unit))
      }
      var model = Self.model(trains)
      model.joinFragments()
      #expect(model.units.count == 2)
    }
  }
}
