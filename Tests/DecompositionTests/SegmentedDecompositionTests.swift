import Signal
import Simulation
import TestSupport
import Testing

@testable import Decomposition

@Suite struct SegmentedDecompositionTests {
  /// Contractions of one muscle under electrodes that move on from one to the next.
  private struct Dynamic {
    var signals: [[Float]] = []
    var truth: [Int: [Double]] = [:]

    init(levels: [Double], seconds: Double, drift: Double, rate: Double = 1_000) throws {
      for (index, level) in levels.enumerated() {
        var configuration = ArraySimulationConfiguration()
        configuration.muscleSeed = 5
        configuration.seed = UInt64(100 + index)
        configuration.samplingRate = rate
        configuration.duration = seconds
        configuration.electrodes = .grid(rows: 4, columns: 4, spacing: 10)
        configuration.pool.unitCount = 40
        configuration.drive.levelPercentMVC = level
        let share = drift / Double(levels.count)
        configuration.electrodes.shiftAlong += share * Double(index)
        configuration.electrodes.shiftAcross += share * Double(index) / 2
        configuration.templateDriftMillimetres = share
        let piece = try simulateArray(configuration)
        let offset = Double(signals.first?.count ?? 0)
        for unit in piece.units where !unit.spikeTimes.isEmpty {
          truth[unit.id, default: []] += unit.spikeTimes.map { $0 + offset }
        }
        signals =
          signals.isEmpty ? piece.signals : zip(signals, piece.signals).map { $0 + $1 }
      }
    }

    func agreement(_ times: [Double]) -> Double {
      truth.values.map { TrainAgreement($0, times, tolerance: 1, longestLag: 50).rate }.max() ?? 0
    }
  }

  @Test func oneSegmentIsThePlainDecomposition() throws {
    let truth = try ModelTestSignals.trained.get()
    let decomposer = ArrayDecomposer(configuration: ModelTestSignals.quick)
    let segmented = try SegmentedDecomposition(
      sampleCount: 12_000, samplingRate: 1_000, decomposer: decomposer
    ) { range in truth.truth.signals.map { Array($0[range]) } }
    #expect(segmented.segments == [[0, 12]])
    #expect(
      segmented.decomposition.units.map(\.train) == truth.decomposition.units.map(\.train))
    #expect(segmented.drift.allSatisfy { $0.points.count == 1 && $0.points[0].similarity > 0.999 })
  }

  @Test func unitsAreLinkedOverSegments() throws {
    let dynamic = try Dynamic(levels: [25, 25], seconds: 12, drift: 0)
    var segmentation = SegmentConfiguration()
    segmentation.length = 14
    segmentation.overlap = 4
    let result = try SegmentedDecomposition(
      sampleCount: dynamic.signals[0].count, samplingRate: 1_000,
      decomposer: ArrayDecomposer(configuration: ModelTestSignals.quick),
      segmentation: segmentation
    ) { range in dynamic.signals.map { Array($0[range]) } }
    #expect(result.segments.count == 2)
    let good = result.decomposition.units.filter { dynamic.agreement($0.train.times) >= 0.9 }
    #expect(good.count >= 3)
    #expect(result.drift.filter { $0.points.count == 2 }.count >= 3)
    #expect(result.decomposition.power.signal.count == 96)
    #expect(result.decomposition.sampleCount == 24_000)
  }

  @Test func failuresOfTheReaderArePassedOn() {
    struct Unreadable: Error {}
    #expect(throws: Unreadable.self) {
      _ = try SegmentedDecomposition(
        sampleCount: 200_000, samplingRate: 1_000, decomposer: ArrayDecomposer()
      ) { _ in throw Unreadable() }
    }
  }

  @Test(.enabled(if: TestTier.isLong)) func aMissingStretchDoesNotEndTheRun() throws {
    let piece = try ModelTestSignals.trained.get().truth.signals
    let silence = [Float](repeating: 0, count: 12_000)
    let signals = piece.map { silence + $0 }
    var segmentation = SegmentConfiguration()
    segmentation.length = 12
    segmentation.overlap = 2
    let result = try SegmentedDecomposition(
      sampleCount: 24_000, samplingRate: 1_000,
      decomposer: ArrayDecomposer(configuration: ModelTestSignals.quick),
      segmentation: segmentation
    ) { range in signals.map { Array($0[range]) } }
    #expect(!result.decomposition.units.isEmpty)
    #expect(result.decomposition.units.allSatisfy { ($0.train.times.first ?? 0) >= 11_900 })
  }

  @Test(.enabled(if: TestTier.isLong))
  func driftAndRecruitmentAreFollowed() throws {
    let dynamic = try Dynamic(levels: [30, 20, 35, 30], seconds: 40, drift: 4)
    let decomposer = ArrayDecomposer()
    let result = try SegmentedDecomposition(
      sampleCount: dynamic.signals[0].count, samplingRate: 1_000, decomposer: decomposer
    ) { range in dynamic.signals.map { Array($0[range]) } }
    let good = result.decomposition.units.filter { dynamic.agreement($0.train.times) >= 0.9 }
    #expect(good.count >= 10)
    // One filter for all of it fits potentials that moved less well.
    let whole = try decomposer.decompose(dynamic.signals, samplingRate: 1_000)
    let wholeGood = whole.units.filter { dynamic.agreement($0.train.times) >= 0.9 }
    #expect(good.count >= wholeGood.count)
    let moved = result.drift.compactMap { $0.points.last?.similarity }.min() ?? 1
    #expect(moved < 0.95)
  }
}
