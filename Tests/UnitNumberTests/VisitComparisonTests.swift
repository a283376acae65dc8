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

  @Test("an error measured on five people keeps the nominal rate on others; a normal one does not")
  func predictive() throws {
    var random = SeededGenerator(seed: 22)
    let trials = 6000
    var (alarms, known) = (0, 0)
    for _ in 0..<trials {
      // Five pairs of visits tell the deviation, a sixth person is judged by it.
      let square = (0..<5).reduce(0.0) { sum, _ in
        let difference = 0.3 * random.normal()
        return sum + difference * difference
      }
      let measured = (square / 5).squareRoot()
      let (a, b) = (100 * exp(0.3 * random.normal()), 100 * exp(0.3 * random.normal()))
      func probability(_ degreesOfFreedom: Int?) throws -> Double {
        try VisitComparison(
          first: a, firstLogError: measured, second: b, secondLogError: measured,
          degreesOfFreedom: degreesOfFreedom
        ).probabilityExceedsError
      }
      if try probability(5) > 0.95 { alarms += 1 }
      if try probability(nil) > 0.95 { known += 1 }
    }
    #expect((0.042...0.058).contains(Double(alarms) / Double(trials)))
    #expect(Double(known) / Double(trials) > 0.09)
  }

  @Test("errors that a few responses tell keep the nominal rate; a normal limit does not")
  func repetitions() throws {
    var random = SeededGenerator(seed: 23)
    for (n, m) in [(3, 3), (3, 12), (5, 4)] {
      let trials = 6000
      var (alarms, known) = (0, 0)
      for _ in 0..<trials {
        func visit(_ count: Int) -> (value: Double, error: Double) {
          let own = (0..<count).map { _ in 0.05 * random.normal() }
          let mean = own.reduce(0, +) / Double(count)
          let square = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
          return (100 * exp(mean), (square / Double(count)).squareRoot())
        }
        let (a, b) = (visit(n), visit(m))
        func probability(_ repetitions: (first: Int?, second: Int?)) throws -> Double {
          try VisitComparison(
            first: a.value, firstLogError: a.error, second: b.value, secondLogError: b.error,
            repetitions: repetitions
          ).probabilityExceedsError
        }
        if try probability((n, m)) > 0.95 { alarms += 1 }
        if try probability((nil, nil)) > 0.95 { known += 1 }
      }
      #expect((0.025...0.055).contains(Double(alarms) / Double(trials)), "\(n) \(m) \(alarms)")
      #expect(Double(known) / Double(trials) > 0.075, "\(n) \(m) \(known)")
    }
  }
}
