import Foundation
import TestSupport
import Testing

@testable import Decomposition

/// Artefacts in needle recordings, and potentials that look like them.
@Suite struct NeedleMendingTests {
  private func mend(_ samples: [Float]) -> ArtefactMending.Result {
    ArtefactMending(
      samplingRate: NeedleTestSignals.rate, lowEdge: 300, potentialsAreLocal: true
    ).mend([samples])
  }

  /// Two samples of some height at irregular times, fewer than two a second.
  private func pulses(_ height: Float, count: Int, in samples: [Float]) -> (
    samples: [Float], places: [Int]
  ) {
    var result = samples
    let places = (0..<count).map { index in
      500 + index * (samples.count - 1_000) / count + (index * 977) % 400
    }
    for (index, place) in places.enumerated() {
      for offset in 0..<2 { result[place + offset] += index % 2 == 0 ? height : -height }
    }
    return (result, places)
  }

  @Test func pulsesAreMendedAndPotentialsStay() throws {
    let clean = NeedleTestSignals.record(duration: 5, seed: 61).samples
    #expect(mend(clean).artefacts.isEmpty)
    let height = 12 * (clean.map(abs).max() ?? 0)
    let spoilt = pulses(height, count: 8, in: clean)
    let mended = mend(spoilt.samples)
    #expect(mended.artefacts.count == 8)
    for place in spoilt.places {
      #expect(mended.artefacts.contains { ($0.start..<$0.end).contains(place) })
    }
    let worst = zip(mended.channels[0], clean).map { abs($0 - $1) }.max() ?? 0
    #expect(worst < 0.1 * height)
  }

  /// A unit beside the needle is steep and high too; its rhythm tells it.
  @Test func theTrainOfANearUnitStays() throws {
    var samples = NeedleTestSignals.record(duration: 5, seed: 62).samples
    let height = 12 * (samples.map(abs).max() ?? 0)
    var place = 4_000
    var index = 0
    // Recruited for two seconds only: less often than artefacts may come.
    while place < 24_000 {
      for (offset, value) in [Float(1), 0.6, -0.8, -0.3].enumerated() {
        samples[place + offset] += value * height
      }
      place += 950 + (index * 389) % 240
      index += 1
    }
    #expect(mend(samples).artefacts.isEmpty)
  }

  /// The units of a recording are found under pulses, and it is said what was mended.
  @Test(.enabled(if: TestTier.isLong)) func pulsesCostNoUnits() throws {
    let (clean, trains) = NeedleTestSignals.record(duration: 6, seed: 8)
    let spoilt = pulses(12 * (clean.map(abs).max() ?? 0), count: 11, in: clean)
    var lost = spoilt.samples
    lost[30_000] = .nan
    let result = try NeedleDecomposition.decompose(channels: [lost], samplingRate: 10_000)
    for train in trains {
      let best =
        result.units.map { NeedleTestSignals.agreement(train, $0.train.seconds) }.max() ?? 0
      #expect(best > 0.95)
    }
    #expect(result.units.contains { !$0.isTentative })
    #expect(result.artefacts.count { $0.kind == .pulse } == 11)
    #expect(result.flags.contains { $0.kind == .artefacts })
    #expect(result.mendedChannels?.first?.allSatisfy(\.isFinite) == true)
    var configuration = NeedleConfiguration()
    configuration.mendsArtefacts = false
    let plain = try NeedleDecomposition.decompose(
      channels: [spoilt.samples], samplingRate: 10_000, configuration: configuration)
    #expect(plain.artefacts.isEmpty && plain.units.allSatisfy(\.isTentative))
  }
}
