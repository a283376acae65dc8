import Foundation
import Testing

@testable import UnitNumber

struct RankedStepIndexTests {
  @Test("equal steps: CMAP over step")
  func equalSteps() throws {
    let sizes = [Double](repeating: 0.25, count: 8)
    let result = try RankedStepIndex(StaircaseFitTests.staircase(sizes: sizes, noise: 0.0005))
    #expect(result.index > 4 && result.index < 12, "\(result.index)")
    #expect(abs(result.index * result.stepMicrovolts / 2000 - 1) < 0.02)
  }

  @Test("fewer, larger units give a smaller index")
  func order() throws {
    let few = try RankedStepIndex(SyntheticScan.scan(0)).index
    let many = try RankedStepIndex(SyntheticScan.scan(8)).index
    #expect(many > 2 * few, "\(few), \(many)")
  }
}
