import Foundation
import Testing

@testable import UnitNumber

struct ScanRepeatabilityTests {
  @Test("linear between nodes, clamped beyond them")
  func interpolation() {
    let table = ScanRepeatability(
      logCounts: [0, 2], logNoises: [-1, 1], logDeviations: [0],
      logCountErrors: [-4, -3, -2, -1], logN50Errors: [-5, -5, -3, -3])
    // Half way in ln N and at noise x N = 1, which lies half way between the noise nodes.
    let middle = table.errors(logCount: 1, noise: exp(-1), deviation: 1)
    #expect(abs(log(middle.count) + 2.5) < 1e-12)
    #expect(abs(log(middle.n50) + 4) < 1e-12)
    let beyond = table.errors(logCount: 9, noise: 1, deviation: 5)
    #expect(abs(log(beyond.count) + 1) < 1e-12)
  }

  @Test("the shipped table: below the error against the truth, and rising with the noise")
  func shipped() throws {
    let weights = try ScanWeights.builtIn()
    let quiet = weights.repeatability.errors(logCount: log(60), noise: 0.0002, deviation: 0.12)
    let loud = weights.repeatability.errors(logCount: log(60), noise: 0.02, deviation: 0.12)
    #expect(quiet.count > 0.02 && quiet.count < 0.15, "\(quiet)")
    #expect(loud.count > quiet.count, "\(quiet), \(loud)")
    let estimate = try CMAPScanEstimator(fewUnits: nil).estimate(SyntheticScan.scan(6))
    #expect(estimate.repeatLogStandardError < estimate.logStandardError)
    #expect(estimate.n50RepeatLogStandardError > 0.01)
  }
}
