import Foundation
import Testing

@testable import Simulation

@Suite struct CMAPScanSimulationTests {
  private func nerve(_ count: Int) throws -> SimulatedNerve {
    var settings = NerveConfiguration()
    settings.unitCount = count
    return try SimulatedNerve(settings)
  }

  @Test func scanFallsFromTheMaximumToNothing() throws {
    let scan = try simulateCMAPScan(of: nerve(60))
    #expect(scan.stimuliMilliamperes.count == 532 && scan.responsesMillivolts.count == 532)
    #expect(scan.unitCount == 60)
    let pre = scan.responsesMillivolts.prefix(20).reduce(0, +) / 20
    let post = scan.responsesMillivolts.suffix(12).reduce(0, +) / 12
    #expect(abs(pre - scan.maximumMillivolts) < 0.01 * scan.maximumMillivolts)
    #expect(abs(post) < 0.01)
    let stimuli = scan.stimuliMilliamperes
    #expect(zip(stimuli, stimuli.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test func phasesCancel() throws {
    let pool = try nerve(80)
    var settings = CMAPScanConfiguration()
    let cancelled = try simulateCMAPScan(of: pool, settings).maximumMillivolts
    settings.sumsWaveforms = false
    let summed = try simulateCMAPScan(of: pool, settings).maximumMillivolts
    #expect(abs(summed - pool.summedAmplitudeMicrovolts / 1000) < 1e-9)
    #expect(cancelled < summed && cancelled > 0.75 * summed)
  }

  @Test func noiseSplitsIntoAdditiveAndProportional() throws {
    let pool = try nerve(40)
    var settings = CMAPScanConfiguration()
    settings.preCount = 3000
    settings.postCount = 3000
    settings.stimulusCount = 10
    settings.amplitudeVariation = 0
    settings.noiseMicrovolts = 10
    settings.proportionalNoise = 0.005
    let scan = try simulateCMAPScan(of: pool, settings)
    func sd(_ values: ArraySlice<Double>) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return 1000 * (sum / Double(values.count)).squareRoot()
    }
    #expect(abs(sd(scan.responsesMillivolts.suffix(3000)) - 10) < 0.6)
    let top = 1000 * scan.maximumMillivolts * 0.005
    let expected = (100 + top * top).squareRoot()
    #expect(abs(sd(scan.responsesMillivolts.prefix(3000)) - expected) < 0.06 * expected)
  }

  @Test func oneUnitFollowsItsThresholdCurve() throws {
    let pool = try nerve(1)
    let axon = pool.axons[0]
    var settings = CMAPScanConfiguration()
    settings.stimulusCount = 4000
    settings.noiseMicrovolts = 0
    let scan = try simulateCMAPScan(of: pool, settings)
    let half = axon.amplitudeMicrovolts / 2000
    // Share of answers between thresholds -1 and +1 relative spread of the mean: Phi(1) = 0.841.
    func share(_ low: Double, _ high: Double) -> Double {
      let inside = zip(scan.stimuliMilliamperes, scan.responsesMillivolts).filter {
        let z = ($0.0 / axon.threshold - 1) / axon.relativeSpread
        return z > low && z < high
      }
      return Double(inside.count { $0.1 > half }) / Double(inside.count)
    }
    #expect(abs(share(-0.2, 0.2) - 0.5) < 0.1)
    #expect(abs(share(0.8, 1.2) - 0.841) < 0.08)
    #expect(share(3, 3.4) > 0.98)
    #expect(share(-3.4, -3) < 0.02)
  }

  @Test func driftQuantisationAndSeedsAct() throws {
    let pool = try nerve(30)
    var settings = CMAPScanConfiguration()
    settings.gainDrift = 0.1
    settings.quantisationMicrovolts = 4
    let scan = try simulateCMAPScan(of: pool, settings)
    for response in scan.responsesMillivolts {
      let steps = response * 1000 / 4
      #expect(abs(steps - steps.rounded()) < 1e-6)
    }
    #expect(try simulateCMAPScan(of: pool, settings) == scan)
    settings.seed = 2
    #expect(try simulateCMAPScan(of: pool, settings) != scan)
    #expect(scan.table.split(separator: "\n").count == 533)
    settings.stimulusCount = 1
    #expect(throws: SimulationError.self) { try simulateCMAPScan(of: pool, settings) }
  }
}
