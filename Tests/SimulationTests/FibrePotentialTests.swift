import Foundation
import Testing

@testable import Simulation

@Suite struct FibrePotentialTests {
  private func peakToPeak(_ profile: [Float]) -> Double {
    Double((profile.max() ?? 0) - (profile.min() ?? 0))
  }

  @Test func amplitudeFallsWithDistanceAndEverFaster() {
    let radii = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
    let peaks = radii.map { peakToPeak(FibrePotential.shared.profile(at: $0)) }
    #expect(peaks == peaks.sorted(by: >))
    let slopes = zip(zip(radii, radii.dropFirst()), zip(peaks, peaks.dropFirst())).map {
      log($0.1.0 / $0.1.1) / log($0.0.1 / $0.0.0)
    }
    #expect(slopes == slopes.sorted())
    // Single-fibre EMG: of the order of a millivolt close by, some tens of uV at half a mm.
    #expect(peaks[0] > 300 && peaks[0] < 5000)
    #expect(peaks[3] > 5 && peaks[3] < 300)
  }

  @Test func potentialIsTriphasicWithoutNetCharge() {
    let profile = FibrePotential.shared.profile(at: 0.1).map(Double.init)
    let peak = profile.map(abs).max() ?? 0
    let largest = profile.firstIndex { abs($0) == peak } ?? 0
    #expect(profile[largest] < 0)
    #expect((profile[..<largest].max() ?? 0) > 0.05 * peak)
    #expect((profile[largest...].max() ?? 0) > 0.01 * peak)
    #expect(abs(profile[0]) < 0.01 * peak)
  }

  @Test func wavesArriveInTime() {
    let profile = FibrePotential.shared.profile(at: 0.2)
    var early = [Float](repeating: 0, count: 600)
    var late = early
    FibrePotential.add(
      profile: profile, strength: 1, arrival: 4, velocity: 4, perMillisecond: 40, to: &early,
      range: 0..<600)
    FibrePotential.add(
      profile: profile, strength: 1, arrival: 7, velocity: 4, perMillisecond: 40, to: &late,
      range: 0..<600)
    let first = early.indices.min { early[$0] < early[$1] } ?? 0
    let second = late.indices.min { late[$0] < late[$1] } ?? 0
    #expect(second - first == 120)
  }
}
