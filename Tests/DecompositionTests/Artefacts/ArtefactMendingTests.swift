import Foundation
import Signal
import Simulation
import Testing

@testable import Decomposition

@Suite struct ArtefactMendingTests {
  private static let rate = 2_000.0

  /// Smooth channels that share some of their activity, as electrodes on a muscle do.
  private static func channels(_ count: Int = 16) -> [[Float]] {
    var random = SeededGenerator(seed: 5)
    let sources = (0..<count + 4).map { _ in (0..<8_000).map { _ in Float(random.normal()) } }
    let filter = ZeroPhaseFilter(samplingRate: rate, lowEdge: 30, highEdge: 250)
    let smooth = filter.apply(sources, parallelism: .single)
    return (0..<count).map { channel in
      (0..<8_000).map { index in
        let activity = (0..<4).reduce(Float(0)) { $0 + smooth[channel + $1][index] }
        return 100 * activity + Float(random.normal())
      }
    }
  }

  private static func mend(_ channels: [[Float]]) -> ArtefactMending.Result {
    ArtefactMending(
      samplingRate: rate, lowEdge: 20, potentialsAreLocal: false, parallelism: .single
    ).mend(channels)
  }

  private static func share(_ a: [[Float]], _ b: [[Float]]) -> Double {
    var difference = 0.0
    var total = 0.0
    for (x, y) in zip(a, b) {
      for (u, v) in zip(x, y) {
        difference += Double((u - v) * (u - v))
        total += Double(v * v)
      }
    }
    return difference / total
  }

  @Test func cleanChannelsStayAsTheyAre() {
    let clean = Self.channels()
    let result = Self.mend(clean)
    #expect(result.artefacts.isEmpty && result.channels == clean)
  }

  @Test(arguments: [500, 5_000] as [Float])
  func pulsesOnAllChannelsGo(height: Float) {
    let clean = Self.channels()
    var dirty = clean
    let starts = [1_000, 1_012, 3_000, 5_555]
    for channel in dirty.indices {
      for start in starts {
        dirty[channel][start] += height
        dirty[channel][start + 1] += height
      }
    }
    let result = Self.mend(dirty)
    let common = result.artefacts.filter { $0.kind == .commonPulse && $0.channels.count == 16 }
    for start in starts {
      #expect(common.contains { $0.start <= start && $0.end > start + 1 })
    }
    // What was left of one on a single channel may be mended there; nothing is found elsewhere.
    #expect(
      result.artefacts.allSatisfy { found in
        starts.contains { found.start <= $0 + 12 && found.end > $0 - 12 }
      })
    #expect(Self.share(result.channels, clean) < 0.01)
  }

  @Test func aPulseOnOneChannelGoesThereOnly() {
    let clean = Self.channels()
    var dirty = clean
    dirty[7][4_000] -= 700
    dirty[7][4_001] -= 700
    let result = Self.mend(dirty)
    #expect(result.artefacts.count == 1)
    #expect(result.artefacts.first?.kind == .pulse && result.artefacts.first?.channels == [7])
    #expect(Self.share(result.channels, clean) < 1e-3)
    #expect(result.channels[6] == clean[6])
  }

  /// A jump that decays with a time constant in seconds.
  private static func pop(_ height: Float, _ constant: Double) -> [Float] {
    (0..<Int(8 * constant * rate)).map {
      height * Float(exp(-Double($0) / (rate * constant)))
    }
  }

  @Test(arguments: [10, 40] as [Float])
  func tailsOnOneChannelGo(deviations: Float) throws {
    var configuration = ArraySimulationConfiguration()
    configuration.seed = 8
    configuration.duration = 10
    configuration.electrodes = .grid(rows: 8, columns: 5, spacing: 8)
    configuration.pool.unitCount = 60
    configuration.noise.signalToNoiseDecibels = 20
    let truth = try simulateArray(configuration)
    let clean = truth.signals
    let power = clean.map { $0.reduce(Float(0)) { $0 + $1 * $1 } / Float($0.count) }
    let height = deviations * (power.reduce(0, +) / Float(clean.count)).squareRoot()
    var dirty = clean
    let places = [(4_000, 3), (4_050, 9), (9_000, 3), (12_000, 1), (15_000, 12)]
    for (start, channel) in places {
      for (offset, value) in Self.pop(height, 0.005).enumerated() {
        dirty[channel][start + offset] += value
      }
    }
    let result = ArtefactMending(
      samplingRate: truth.samplingRate, lowEdge: 20, potentialsAreLocal: false,
      parallelism: .single
    ).mend(dirty)
    for (start, channel) in places {
      #expect(
        result.artefacts.contains {
          $0.channels == [channel] && $0.start <= start && $0.end > start
        })
    }
    #expect(Self.share(result.channels, clean) < 0.2 * Self.share(dirty, clean))
  }

  @Test func aRareLargePotentialStays() {
    let clean = Self.channels()
    var dirty = clean
    for start in [1_000, 4_000, 7_000] {
      for offset in 0..<40 {
        let time = (Double(offset) - 20) / 6
        let value = Float(900 * (1 - time * time) * exp(-time * time / 2))
        dirty[7][start + offset] += value
        dirty[8][start + offset] += 0.4 * value
        dirty[6][start + offset] += 0.4 * value
      }
    }
    let result = Self.mend(dirty)
    #expect(result.artefacts.isEmpty && result.channels == dirty)
  }

  @Test func gapsAreBridgedAndTold() {
    let clean = Self.channels()
    var dirty = clean
    for channel in dirty.indices {
      for index in 2_000..<2_060 { dirty[channel][index] = 0 }
    }
    dirty[3][6_000] = .nan
    let result = Self.mend(dirty)
    let lost = result.artefacts.filter { $0.kind == .lostSamples }
    #expect(lost.contains { $0.start == 2_000 && $0.end == 2_060 && $0.channels.count == 16 })
    #expect(lost.contains { $0.start == 6_000 && $0.channels == [3] })
    #expect(result.silent == [2_000..<2_060])
    #expect(result.channels.allSatisfy { $0.allSatisfy(\.isFinite) })
    // No edge is left: no step exceeds those of the clean channel.
    let steps = zip(result.channels[0].dropFirst(), result.channels[0]).map { abs($0 - $1) }
    let usual = zip(clean[0].dropFirst(), clean[0]).map { abs($0 - $1) }.max() ?? 0
    #expect(steps[1_990..<2_070].max() ?? 0 <= usual)
  }

  @Test func cutOffPeaksComeBack() {
    let clean = Self.channels()
    let limit: Float = 230
    let dirty = clean.map { $0.map { min(limit, max(-limit, $0)) } }
    let result = Self.mend(dirty)
    #expect(result.artefacts.map(\.kind) == [.clipping])
    #expect(Self.share(result.channels, clean) < 0.6 * Self.share(dirty, clean))
    for (mended, cut) in zip(result.channels, dirty) {
      for (after, before) in zip(mended, cut) where abs(before) == limit {
        #expect(abs(after) >= limit)
      }
    }
  }

  @Test func swingsOfAnElectrodeGo() {
    let clean = Self.channels()
    var dirty = clean
    for index in 3_000..<4_000 {
      let time = Double(index - 3_000) / Self.rate
      dirty[2][index] += Float(
        3_000 * (0.5 - 0.5 * cos(4 * Double.pi * time)) * sin(2 * Double.pi * 9 * time))
    }
    let result = Self.mend(dirty)
    let filter = ZeroPhaseFilter(samplingRate: Self.rate, lowEdge: 20, highEdge: 500)
    let band = [dirty, result.channels, clean].map { filter.apply([$0[2]], parallelism: .single) }
    #expect(result.artefacts.contains { $0.kind == .movement && $0.channels == [2] })
    #expect(Self.share(band[1], band[2]) < 0.1 * Self.share(band[0], band[2]))
  }

  @Test func settingsDecideWhatAnArtefactIs() {
    var dirty = Self.channels()
    for channel in dirty.indices { dirty[channel][3_000] += 5_000 }
    func found(_ change: (inout ArrayConfiguration) -> Void) -> Int {
      var configuration = ArrayConfiguration()
      change(&configuration)
      return ArtefactMending(
        samplingRate: Self.rate, lowEdge: 20, potentialsAreLocal: false,
        configuration: configuration, parallelism: .single
      ).mend(dirty).artefacts.count
    }
    #expect(found { _ in } > 0)
    #expect(found { $0.artefacts.passes = 0 } == 0)
    #expect(found { $0.artefacts.lowestDeviation = 1_000_000 } == 0)
    #expect(found { $0.artefacts.highestRate = 0 } == 0)
  }
}
