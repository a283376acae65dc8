import Foundation
import Signal
import TestSupport
import Testing

@testable import UnitNumber

struct DecompositionEnhancedAveragingTests {
  static let rate = 2000.0

  struct Muscle {
    var trains: [[Double]]
    var surface: [[Float]]
    var sizes: [Double]
    var cmap: CMAPMeasures
  }

  /// A contraction of `count` units of a pool of 150; two channels, the second at half the size.
  static func muscle(count: Int, seconds: Double, noise: Double, seed: UInt64) -> Muscle {
    var random = SeededGenerator(seed: seed)
    let samples = Int(seconds * rate)
    var surface = [[Float]](repeating: [Float](repeating: 0, count: samples), count: 2)
    var trains: [[Double]] = []
    let sizes = (0..<count).map { _ in 60 * exp(0.5 * random.normal() - 0.125) }
    for size in sizes {
      var train: [Double] = []
      let interval = random.uniform(75, 110) / 1000 * rate
      var time = random.uniform(0, interval)
      while time < Double(samples) {
        train.append(time.rounded())
        time += interval * (1 + 0.15 * random.normal())
      }
      trains.append(train)
      let width = random.uniform(1.6, 2.4)
      for discharge in train {
        for k in -20..<60 {
          let index = Int(discharge) + k
          guard index >= 0 && index < samples else { continue }
          let time = Double(k) * 1000 / rate - 6
          // Negative phase first, in the physical sign; then a smaller positive one.
          let shape =
            -exp(-0.5 * time * time / (width * width))
            + 0.5 * exp(-0.5 * (time - 7) * (time - 7) / (2.2 * width * width))
          surface[0][index] += Float(size * shape)
          surface[1][index] += Float(0.5 * size * shape)
        }
      }
    }
    for channel in 0..<2 {
      for index in 0..<samples { surface[channel][index] += Float(noise * random.normal()) }
    }
    let cmap = MUNIXTests.cmap(area: 40, power: 200, amplitude: 150 * 0.06)
    return Muscle(trains: trains, surface: surface, sizes: sizes, cmap: cmap)
  }

  @Test("joint least squares takes the overlaps out that plain averages keep")
  func jointFit() {
    let muscle = Self.muscle(count: 12, seconds: 20, noise: 5, seed: 2)
    func worst(_ iterations: Int) -> Double {
      let fitted = SurfacePotentials(
        channels: muscle.surface, trains: muscle.trains, before: 30, after: 70,
        iterations: iterations, progress: { _ in })
      return muscle.sizes.indices.map { unit in
        abs(Double(-(fitted.potentials[unit][0].min() ?? 0)) / muscle.sizes[unit] - 1)
      }.max() ?? .infinity
    }
    // One step of the iteration is little more than the plain average.
    #expect(worst(60) < 0.1)
    #expect(worst(1) > 2 * worst(60))
  }

  @Test("number, both definitions, both channels; bad trains set aside")
  func estimate() throws {
    var muscle = Self.muscle(count: 20, seconds: 20, noise: 10, seed: 4)
    var random = SeededGenerator(seed: 8)
    muscle.trains.append((0..<200).map { _ in random.uniform(0, 39_000) }.sorted())
    muscle.trains.append([100, 300])
    var half = muscle.cmap
    half.amplitudeMillivolts /= 2
    let estimate = try DecompositionEnhancedAveraging().estimate(
      trains: muscle.trains, surface: muscle.surface, samplingRate: Self.rate,
      cmaps: [muscle.cmap, half], forcePercent: 25)
    let mean = muscle.sizes.reduce(0, +) / 20
    #expect(abs(estimate.meanUnitMicrovolts / mean - 1) < 0.05)
    #expect(abs(estimate.unitCount / (9000 / mean) - 1) < 0.05)
    #expect(estimate.rejected.map(\.index) == [20, 21])
    #expect(estimate.units.count == 20)
    #expect(estimate.channel == 0)
    #expect(estimate.peakOfMeanUnitMicrovolts < estimate.meanUnitMicrovolts)
    #expect(abs((estimate.medianUnitCountOverChannels ?? 0) / estimate.unitCount - 1) < 0.05)
    #expect(estimate.interval90[0] < 150 && 150 < estimate.interval90[1])
    #expect(estimate.forcePercent == 25 && estimate.flags.isEmpty)
  }

  @Test("many units below the split-half limit raise a flag: the sample is of large units")
  func missingSmallUnits() throws {
    var muscle = Self.muscle(count: 6, seconds: 15, noise: 10, seed: 6)
    var random = SeededGenerator(seed: 9)
    for _ in 0..<4 {
      muscle.trains.append((0..<150).map { _ in random.uniform(0, 29_000) }.sorted())
    }
    let estimate = try DecompositionEnhancedAveraging().estimate(
      trains: muscle.trains, surface: muscle.surface, samplingRate: Self.rate,
      cmaps: [muscle.cmap, muscle.cmap], forcePercent: 25)
    #expect(estimate.rejected.count == 4)
    #expect(estimate.flags.contains { $0.contains("4 of 10 units fail") }, "\(estimate.flags)")
  }

  @Test("units smaller than the noise of their averages are not measured too large")
  func smallUnits() {
    // About 1.5 uV in noise of 10 uV: averages of about 220 discharges carry 0.7 uV of noise.
    var muscle = Self.muscle(count: 20, seconds: 20, noise: 0, seed: 13)
    var random = SeededGenerator(seed: 14)
    for channel in 0..<2 {
      for index in muscle.surface[channel].indices {
        muscle.surface[channel][index] =
          muscle.surface[channel][index] / 40 + Float(10 * random.normal())
      }
    }
    let fitted = SurfacePotentials(
      channels: muscle.surface, trains: muscle.trains, before: 30, after: 70, iterations: 15,
      progress: { _ in })
    let units = muscle.trains.indices.compactMap { unit in
      SurfaceUnit(
        fitted.potentials[unit], halves: fitted.halves[unit], samplingRate: Self.rate, index: unit,
        splitHalf: fitted.splitHalf[unit][0], negativePhase: .negativeSamples, channel: 0)
    }
    #expect(units.count == 20)
    let truth = muscle.sizes.reduce(0, +) / 40
    let measured = units.reduce(0) { $0 + $1.amplitudesMicrovolts[0] }
    let plain = fitted.potentials.reduce(0.0) { $0 - Double($1[0].min() ?? 0) }
    #expect(plain > 1.3 * truth, "\(plain / truth)")
    #expect(abs(measured / truth - 1) < 0.2, "\(measured / truth)")
  }

  @Test("weak efforts move the interval, not the number: the later, larger units are not in it")
  func recruitment() throws {
    let muscle = Self.muscle(count: 20, seconds: 15, noise: 10, seed: 4)
    func estimate(_ force: Double?) throws -> SpikeTriggeredEstimate {
      try DecompositionEnhancedAveraging().estimate(
        trains: muscle.trains, surface: muscle.surface, samplingRate: Self.rate,
        cmaps: [muscle.cmap, muscle.cmap], forcePercent: force)
    }
    let weak = try estimate(10)
    let full = try estimate(100)
    #expect(weak.unitCount == full.unitCount)
    #expect(weak.logStandardError == full.logStandardError)
    #expect(weak.interval90[0] < 0.8 * full.interval90[0])
    #expect(weak.interval90[1] <= full.interval90[1])
    #expect(weak.interval90[1] >= weak.unitCount)
    #expect(full.recruitmentFactor90 == [1, 1] && weak.recruitmentFactor90[1] > 1.3)
    #expect(weak.flags.count == 1 && weak.flags[0].contains("at 10.0 % of maximum"))
    #expect(full.flags.isEmpty)
    #expect(try estimate(nil).flags == ["the force is not stated; the number depends on it"])
  }

  @Test("the interval is never below the units that were found")
  func neverFewer() throws {
    let muscle = Self.muscle(count: 30, seconds: 20, noise: 3, seed: 8)
    var cmap = muscle.cmap
    cmap.amplitudeMillivolts = muscle.sizes.reduce(0, +) / 1000
    // At 10 % of force the units at rest would lower the end far below the 30 that were found.
    let estimate = try DecompositionEnhancedAveraging().estimate(
      trains: muscle.trains, surface: muscle.surface, samplingRate: Self.rate,
      cmaps: [cmap, cmap], forcePercent: 10)
    #expect(estimate.units.count == 30 && estimate.recruitmentFactor90[1] > 2)
    #expect(estimate.interval90[0] > 27, "\(estimate.interval90)")
  }

  @Test("the interval covers over many simulated pools", .enabled(if: TestTier.isLong))
  func coverage() throws {
    var covered = 0
    let trials = 60
    var settings = DecompositionEnhancedAveraging()
    settings.errors.bootstrapSamples = 500
    settings.iterations = 30
    for trial in 0..<trials {
      let muscle = Self.muscle(count: 12, seconds: 8, noise: 5, seed: UInt64(100 + trial))
      let estimate = try settings.estimate(
        trains: muscle.trains, surface: muscle.surface, samplingRate: Self.rate,
        cmaps: [muscle.cmap, muscle.cmap], forcePercent: 20)
      if estimate.interval90[0] <= 150 && 150 <= estimate.interval90[1] { covered += 1 }
    }
    // Standard error 4 %.
    #expect(covered >= 48, "\(covered) of \(trials)")
  }

  @Test("shapes that do not fit are refused")
  func errors() {
    #expect {
      try DecompositionEnhancedAveraging().estimate(
        trains: [], surface: [[0]], samplingRate: 2000, cmaps: [], forcePercent: nil)
    } throws: { "\($0)".contains("1 channels, 0 CMAPs") }
  }
}
