import Foundation
import Signal
import Testing

@testable import UnitNumber

struct MUNIXTests {
  static func cmap(area: Double, power: Double, amplitude: Double) -> CMAPMeasures {
    CMAPMeasures(
      amplitudeMillivolts: amplitude, peakToPeakMillivolts: amplitude,
      areaMillivoltMilliseconds: area, powerSquaredMillivoltMilliseconds: power,
      durationMilliseconds: 6, latencyMilliseconds: 3, peakLatencyMilliseconds: 6,
      baselineMicrovolts: 0, noiseMicrovolts: 0)
  }

  /// 24 epochs of rising area whose ideal counts scatter about a power law.
  static func powerLawEpochs() -> [SurfaceInterferencePattern] {
    var random = SyntheticScan.Congruential(7)
    return (0..<24).map { index in
      let area = 12 + Double(index) * 9.5 + 4 * random.uniform()
      let count = 900 * pow(area, -0.72) * exp(0.2 * (random.uniform() - 0.5))
      return SurfaceInterferencePattern(
        areaMillivoltMilliseconds: area,
        powerSquaredMillivoltMilliseconds: 160 * area / (count * 30))
    }
  }

  @Test("equal to the published formula, computed independently with numpy")
  func reference() throws {
    let estimate = try MUNIX().estimate(
      cmap: Self.cmap(area: 30, power: 160, amplitude: 9.5), epochs: Self.powerLawEpochs())
    #expect(estimate.epochsUsed == 22)
    #expect(abs(estimate.alpha - -0.686_718_562_273_291_9) < 1e-9)
    #expect(abs(estimate.coefficient / 772.043_441_607_151_6 - 1) < 1e-9)
    #expect(abs(estimate.munix / 98.673_444_751_556_79 - 1) < 1e-9)
    #expect(abs(estimate.musixMicrovolts / 96.277_169_849_693_69 - 1) < 1e-9)
    #expect(abs(estimate.gaussianLimit / 84.882_636_315_677_52 - 1) < 1e-9)
    #expect(estimate.cmapDominated == false)
    #expect(estimate.interval90[0] < estimate.munix && estimate.munix < estimate.interval90[1])
    #expect(estimate.rejected.map(\.index) == [0, 1])
    #expect(estimate.rejected[0].reason.contains("20.0 needed"))
  }

  @Test("a Gaussian interference pattern is found out: alpha -1, index at the limit, flag set")
  func gaussian() throws {
    var random = SeededGenerator(seed: 3)
    var signal: [Float] = []
    for epoch in 0..<30 {
      let deviation = 60 + 20 * Double(epoch)
      signal += (0..<1000).map { _ in Float(deviation * random.normal()) }
    }
    let epochs = SurfaceInterferencePattern.epochs(
      of: signal, samplingRate: 2000, epochMilliseconds: 500)
    #expect(epochs.count == 30)
    let estimate = try MUNIX().estimate(
      cmap: Self.cmap(area: 28, power: 150, amplitude: 10), epochs: epochs)
    #expect(abs(estimate.alpha + 1) < 0.05)
    #expect(abs(estimate.munix / (15.915 * 150 / 28) - 1) < 0.06)
    #expect(estimate.cmapDominated)
  }

  @Test("the interval of the bootstrap covers the truth of the power law")
  func coverage() throws {
    var random = SeededGenerator(seed: 11)
    var covered = 0
    let trials = 300
    var settings = MUNIX()
    settings.bootstrapSamples = 400
    let truth = 900 * pow(20, -0.72)
    for _ in 0..<trials {
      let epochs = (0..<30).map { index in
        let area = 25 + 8 * Double(index)
        let count = 900 * pow(area, -0.72) * exp(0.1 * random.normal())
        return SurfaceInterferencePattern(
          areaMillivoltMilliseconds: area,
          powerSquaredMillivoltMilliseconds: 160 * area / (count * 20))
      }
      let estimate = try settings.estimate(
        cmap: Self.cmap(area: 20, power: 160, amplitude: 8), epochs: epochs)
      if estimate.interval90[0] <= truth && truth <= estimate.interval90[1] { covered += 1 }
    }
    // Standard error 1.7 %.
    #expect((0.83...0.95).contains(Double(covered) / Double(trials)))
  }

  @Test("a muscle of few units gives a flagged index where no epoch reaches the published area")
  func fewUnits() throws {
    var random = SeededGenerator(seed: 23)
    var epochs = (0..<2).map { _ in
      SurfaceInterferencePattern(
        areaMillivoltMilliseconds: 2, powerSquaredMillivoltMilliseconds: 0.0125)
    }
    epochs += (0..<24).map { index in
      let area = 5 + 0.5 * Double(index)
      let count = 40 * pow(area, -0.8) * exp(0.08 * random.normal())
      return SurfaceInterferencePattern(
        areaMillivoltMilliseconds: area,
        powerSquaredMillivoltMilliseconds: 0.2 * area / (count * 1.6))
    }
    let cmap = Self.cmap(area: 1.6, power: 0.2, amplitude: 0.3)
    let estimate = try MUNIX().estimate(cmap: cmap, epochs: epochs)
    #expect(estimate.epochsUsed == 24 && estimate.rejected.map(\.index) == [0, 1])
    #expect(estimate.flags.contains { $0.hasPrefix("extrapolated") })
    #expect(
      estimate.interval90[0] < 40 * pow(20, -0.8) && 40 * pow(20, -0.8) < estimate.interval90[1])
    // Rest alone, or one force alone, is no pattern to read anything off.
    #expect(throws: UnitNumberError.self) {
      try MUNIX().estimate(cmap: cmap, epochs: Array(epochs[..<2]))
    }
    #expect(throws: UnitNumberError.self) {
      try MUNIX().estimate(
        cmap: cmap,
        epochs: epochs[..<2] + [SurfaceInterferencePattern](repeating: epochs[5], count: 9))
    }
    let strong = try MUNIX().estimate(
      cmap: Self.cmap(area: 30, power: 160, amplitude: 9.5), epochs: Self.powerLawEpochs())
    #expect(!strong.flags.contains { $0.hasPrefix("extrapolated") })
  }

  @Test("JSON carries the agreed field names")
  func fieldNames() throws {
    let estimate = try MUNIX().estimate(
      cmap: Self.cmap(area: 30, power: 160, amplitude: 9.5), epochs: Self.powerLawEpochs())
    let data = try JSONEncoder().encode(estimate)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    for name in ["munix", "musixMicrovolts", "interval90", "alpha", "epochsUsed", "cmapDominated"] {
      #expect(object[name] != nil, "\(name)")
    }
  }

  @Test("too few epochs say why, and area scales with the epoch")
  func errors() {
    let cmap = Self.cmap(area: 30, power: 160, amplitude: 9.5)
    let weak = SurfaceInterferencePattern(
      areaMillivoltMilliseconds: 5, powerSquaredMillivoltMilliseconds: 1)
    #expect {
      try MUNIX().estimate(cmap: cmap, epochs: [weak, weak])
    } throws: { error in
      "\(error)".contains("0 accepted epochs of 2") && "\(error)".contains("SIP area 5.0")
    }
    let one = SurfaceInterferencePattern(
      samplesMicrovolts: [Float](repeating: 100, count: 500) + [Float](repeating: -100, count: 500),
      samplingRate: 2000)
    #expect(abs(one.areaMillivoltMilliseconds - 50) < 1e-9)
    #expect(abs(one.powerSquaredMillivoltMilliseconds - 5) < 1e-9)
  }
}
