import Foundation
import Signal
import Testing

@testable import UnitNumber

struct SmallestDetectableChangeTests {
  @Test("5 % of stable people exceed the smallest detectable change, also where few were measured")
  func nominalRate() throws {
    var random = SeededGenerator(seed: 17)
    var calls = 0
    let trials = 4000
    for _ in 0..<trials {
      // The deviation is measured on five people and used on a sixth.
      let squares = (0..<5).reduce(0.0) { sum, _ in
        let difference = 0.26 * (random.normal() - random.normal())
        return sum + difference * difference / 2
      }
      let variation = RetestVariation(
        logStandardDeviation: (squares / 5).squareRoot(), source: "test", subjects: 5)
      let limit = try SmallestDetectableChange(variation)
      if abs(0.26 * (random.normal() - random.normal())) > limit.logChange { calls += 1 }
    }
    // Standard error 0.35 %.
    #expect(abs(Double(calls) / Double(trials) - 0.05) < 0.012, "\(calls)")
  }

  @Test("visits, recordings and patients lower it as far as they average something")
  func averaging() throws {
    let scan = RetestVariation.scanUnitCount
    let one = try SmallestDetectableChange(scan)
    let four = try SmallestDetectableChange(scan, before: 4, after: 4)
    #expect(abs(four.logChange - one.logChange / 2) < 1e-12)
    let many = try SmallestDetectableChange(scan, recordingsPerVisit: 1000)
    let rest = (0.26 * 0.26 - 0.123 * 0.123).squareRoot()
    #expect(abs(many.visitLogDeviation - rest) < 1e-4 && many.logChange < one.logChange)
    let munix = try SmallestDetectableChange(.munix, recordingsPerVisit: 5)
    #expect(munix.visitLogDeviation == 0.14)
    #expect(abs(munix.logChange - 1.96 * 0.14 * 2.0.squareRoot()) < 1e-12)
    let group = try SmallestDetectableChange(.munix, patients: 25)
    #expect(abs((group.groupFallPercent ?? 0) - 100 * (1 - exp(-munix.logChange / 5))) < 1e-9)
    #expect(throws: UnitNumberError.self) { try SmallestDetectableChange(.munix, before: 0) }
  }
}
