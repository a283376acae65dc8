import Foundation
import Signal
import Testing

@testable import UnitNumber

struct VisitComparisonTests {
  @Test("the false-alarm rate on stable muscles is nominal")
  func falseAlarms() throws {
    var random = SeededGenerator(seed: 21)
    let trials = 4000
    var alarms = 0
    for _ in 0..<trials {
      let a = 100 * exp(0.1 * random.normal())
      let b = 100 * exp(0.15 * random.normal())
      let result = try VisitComparison(
        first: a, firstLogError: 0.1, second: b, secondLogError: 0.15)
      if result.probabilityExceedsError > 0.95 { alarms += 1 }
    }
    #expect((0.04...0.06).contains(Double(alarms) / Double(trials)))
  }

  @Test("closed form: a change of two standard errors")
  func closedForm() throws {
    let result = try VisitComparison(
      first: 100, firstLogError: 0.06, second: 100 * exp(-0.2), secondLogError: 0.08)
    #expect(abs(result.probabilityExceedsError - 0.954_499_7) < 1e-6)
    #expect(abs(result.probabilityOfDecrease - 0.977_249_9) < 1e-6)
    #expect(abs(result.changePercent - 100 * (exp(-0.2) - 1)) < 1e-9)
    #expect(throws: UnitNumberError.self) {
      try VisitComparison(first: 0, firstLogError: 0.1, second: 1, secondLogError: 0.1)
    }
  }
}
