import Foundation
import Testing

@testable import UnitNumber

struct UnequalSizesTests {
  @Test("where few units make half of the CMAP the intervals widen as far as that goes, and say so")
  func widening() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    var estimate = try estimator.uncleanedEstimate(SyntheticScan.scan(8))
    let (interval, flags) = (estimate.interval90, estimate.flags.count)
    estimate.n50 = 0.30 * estimate.unitCount
    let usual = estimate
    estimator.widenUnequalSizes(&estimate)
    #expect(estimate == usual, "sizes as in training")

    estimate.n50 = 0.15 * estimate.unitCount
    let half = estimate.n50Interval90
    estimator.widenUnequalSizes(&estimate)
    let excess = log(0.19 / 0.15)
    #expect(estimate.interval90[0] == interval[0] && estimate.unitCount == usual.unitCount)
    #expect(abs(log(estimate.interval90[1] / interval[1]) - 0.8 * excess) < 1e-9)
    #expect(abs(log(half[0] / estimate.n50Interval90[0]) - 0.5 * excess) < 1e-9)
    #expect(abs(log(estimate.n50Interval90[1] / half[1]) - 0.5 * excess) < 1e-9)
    #expect(estimate.logStandardError > usual.logStandardError)
    #expect(estimate.flags.count == flags + 1 && estimate.flags.last?.kind == .enlargedUnits)

    var giants = usual
    giants.n50 = 0.02 * giants.unitCount
    estimator.widenUnequalSizes(&giants)
    #expect(abs(log(giants.interval90[1] / interval[1]) - 0.25) < 1e-9, "no more than that")
  }

  @Test("below the fewest units and with the limit at 0 nothing changes")
  func limits() throws {
    var configuration = ScanConfiguration()
    configuration.enlarged.leastHalfShare = 0
    let off = try CMAPScanEstimator(configuration: configuration)
    var estimate = try off.uncleanedEstimate(SyntheticScan.scan(8))
    estimate.n50 = 0.02 * estimate.unitCount
    let before = estimate
    off.widenUnequalSizes(&estimate)
    #expect(estimate == before)
    estimate.unitCount = 9
    estimate.n50 = 1
    let few = estimate
    try CMAPScanEstimator(fewUnits: nil).widenUnequalSizes(&estimate)
    #expect(estimate == few)
  }
}
