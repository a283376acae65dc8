import Foundation
import Testing

@testable import UnitNumber

struct CombinedScanEstimateTests {
  private static let one = Result { () throws -> CMAPScanEstimate in
    try CMAPScanEstimator(fewUnits: nil).estimate(SyntheticScan.scan(6))
  }

  private func scan(_ factor: Double) throws -> CMAPScanEstimate {
    var scan = try Self.one.get()
    scan.unitCount *= factor
    scan.interval90 = scan.interval90.map { $0 * factor }
    return scan
  }

  @Test("the mean of scans that agree: the repeat error falls, what they have in common stays")
  func mean() throws {
    let single = try scan(1)
    let alone = try CombinedScanEstimate([single])
    #expect(abs(alone.unitCount.value / single.unitCount - 1) < 1e-9)
    #expect(abs(alone.unitCount.logStandardError / single.logStandardError - 1) < 1e-9)
    #expect(abs(alone.unitCount.interval90[1] / single.interval90[1] - 1) < 1e-9)
    let four = try CombinedScanEstimate([scan(0.98), scan(1.02), scan(1), scan(1)])
    #expect(abs(four.unitCount.value / single.unitCount - 1) < 0.001 && four.flags.isEmpty)
    #expect(
      abs(four.unitCount.repeatLogStandardError / single.repeatLogStandardError - 0.5) < 1e-6)
    #expect(four.unitCount.logStandardError < single.logStandardError)
    let common =
      single.logStandardError * single.logStandardError
      - single.repeatLogStandardError * single.repeatLogStandardError
    #expect(four.unitCount.logStandardError >= max(common, 0).squareRoot())
  }

  @Test(
    "scans that differ by more than their error widen it and are told; refused ones are left out")
  func scatter() throws {
    let apart = try CombinedScanEstimate([scan(0.6), scan(1.7)])
    let single = try scan(1)
    #expect(apart.unitCount.scatter > 4 && apart.flags.count == 1)
    #expect(apart.unitCount.repeatLogStandardError > single.repeatLogStandardError)
    var refused = single
    refused.noEstimateReason = "no plateau"
    let rest = try CombinedScanEstimate([single, refused])
    #expect(rest.scanCount == 1 && rest.refusedCount == 1 && rest.flags.count == 1)
    #expect(throws: UnitNumberError.self) { try CombinedScanEstimate([refused]) }
  }
}
