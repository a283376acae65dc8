import Foundation
import Progression
import Testing

@Suite struct M50Tests {
  @Test func anExponentialCourseGivesItsHalfTime() throws {
    let times = [4.0, 9, 13, 20]
    let values = times.map { 191 * exp(-log(2) * $0 / 16) }
    for course in [M50.Course.fromControlValue, .freeLevel] {
      let result = try M50(control: 191, course: course).estimate(
        monthsFromOnset: times, values: values)
      #expect(agree(result.months, 16, relative: 1e-10))
      #expect(!result.isExtrapolated && result.visits == 4 && result.zeros == 0)
      #expect(agree(result.lower ?? 0, 16, relative: 1e-5))
      #expect(agree(result.upper ?? 0, 16, relative: 1e-5))
    }
  }

  @Test func oneVisitGivesAForecastWithoutInterval() throws {
    let result = try M50(control: 200).estimate(monthsFromOnset: [10], values: [200 / sqrt(2)])
    #expect(agree(result.months, 20, relative: 1e-12))
    #expect(result.isExtrapolated && result.slope == nil)
    #expect(result.lower == nil && result.upper == nil)
    #expect(throws: ProgressionError.self) {
      try M50(control: 200, course: .freeLevel).estimate(monthsFromOnset: [10], values: [100])
    }
  }

  /// With a = 0 the ends are -ln 2 over the ends of the slope's t interval.
  @Test func intervalFromTheSlope() throws {
    let times = [5.0, 10, 15]
    let y = [-0.30, -0.42, -0.75]
    let result = try M50(control: 1).estimate(monthsFromOnset: times, values: y.map { exp($0) })
    let b = zip(times, y).reduce(0) { $0 + $1.0 * $1.1 } / 350
    let squares = zip(times, y).reduce(0) { $0 + pow($1.1 - b * $1.0, 2) }
    // t(.975) with 2 degrees of freedom is 4.302653.
    let half = 4.302653 * sqrt(squares / 2 / 350)
    #expect(agree(result.months, -log(2) / b, relative: 1e-10))
    #expect(agree(result.lower ?? 0, -log(2) / (b - half), relative: 1e-6))
    #expect(agree(result.upper ?? 0, -log(2) / (b + half), relative: 1e-6))
    #expect(result.slope?.degreesOfFreedom == 2)
  }

  /// A free line through -.2 - .04 t: half at (ln 2 - .2) / .04, whatever the control's multiple.
  @Test func freeLevel() throws {
    let times = [6.0, 12, 18, 24]
    let noise = [0.02, -0.02, -0.02, 0.02]
    let values = zip(times, noise).map { 150 * exp(-0.2 - 0.04 * $0 + $1) }
    let result = try M50(control: 150, course: .freeLevel).estimate(
      monthsFromOnset: times, values: values)
    #expect(agree(result.months, (log(2) - 0.2) / 0.04, relative: 1e-9))
    let (lower, upper) = (result.lower ?? 0, result.upper ?? 0)
    #expect(lower < result.months && result.months < upper)
    // At the ends the line differs from ln(1/2) by exactly t(.975, 2) standard errors.
    let variance = 4 * 0.0004 / 2
    for end in [lower, upper] {
      let miss = -0.2 - 0.04 * end + log(2)
      let error = sqrt(variance * (0.25 + pow(end - 15, 2) / 180))
      #expect(agree(abs(miss) / error, 4.302653, relative: 1e-5))
    }
  }

  @Test func anUncertainLossHasNoUpperEnd() throws {
    let result = try M50(control: 1).estimate(
      monthsFromOnset: [5, 10, 15], values: [0.7, 1.2, 0.8])
    #expect(result.upper == nil)
    #expect((result.lower ?? 0) > 0 && (result.lower ?? 0) < result.months)
  }

  @Test func zerosAreCountedAndBadInputRefused() throws {
    let m50 = M50(control: 100)
    let result = try m50.estimate(monthsFromOnset: [10, 20], values: [50, 0])
    #expect(result.zeros == 1 && result.visits == 1)
    #expect(agree(result.months, 10, relative: 1e-12))
    func refuses(_ m50: M50, _ times: [Double], _ values: [Double]) {
      #expect(throws: ProgressionError.self) {
        try m50.estimate(monthsFromOnset: times, values: values)
      }
    }
    refuses(m50, [10], [0])
    refuses(m50, [0], [50])
    refuses(m50, [10], [-1])
    refuses(m50, [10], [120])
    refuses(M50(control: 0), [10], [50])
    refuses(M50(control: 100, course: .freeLevel), [10, 20], [40, 36])
    refuses(M50(control: 100, course: .freeLevel), [10, 10], [80, 70])
  }
}
