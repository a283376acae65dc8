import Foundation
import Testing

@testable import UnitNumber

struct SlopeVarianceEstimateTests {
  @Test("of the order of the truth where the spread is right, in proportion to the spread assumed")
  func estimate() throws {
    let scan = SyntheticScan.scan(7)
    let right = try SlopeVarianceEstimate(scan, relativeSpread: 0.02)
    let doubled = try SlopeVarianceEstimate(scan, relativeSpread: 0.04)
    #expect(right.unitCount > 25 && right.unitCount < 300, "\(right.unitCount)")
    #expect(doubled.unitCount > 1.6 * right.unitCount && doubled.unitCount < 2.4 * right.unitCount)
  }

  @Test("more units, larger estimate")
  func order() throws {
    let few = try SlopeVarianceEstimate(SyntheticScan.scan(5)).unitCount
    let many = try SlopeVarianceEstimate(SyntheticScan.scan(9)).unitCount
    #expect(many > few, "\(few), \(many)")
  }
}
