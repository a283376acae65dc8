import Testing

@testable import Reports

struct AxisScaleTests {
  @Test func linearAndLogarithmicPositions() {
    let linear = AxisScale(.linear, lower: 0, upper: 10, start: 100, end: 0)
    #expect(linear.position(2.5) == 75)
    let logarithmic = AxisScale(.logarithmic, lower: 1, upper: 100, start: 0, end: 50)
    #expect(abs(logarithmic.position(10) - 25) < 1e-12)
    #expect(logarithmic.position(0).isNaN)
    #expect(logarithmic.position(-1).isNaN)
    #expect(logarithmic.clampedPosition(-1) == 0)
  }

  @Test(arguments: [
    (0.0, 0.0), (5.0, 5.0), (-3.0, -3.0), (Double.nan, Double.nan), (3.0, 1.0),
    (-Double.infinity, Double.infinity),
  ])
  func domainsWithoutExtentAreReplaced(lower: Double, upper: Double) {
    for kind in [AxisScale.Kind.linear, .logarithmic] {
      let scale = AxisScale(kind, lower: lower, upper: upper, start: 0, end: 1)
      #expect(scale.lower < scale.upper)
      #expect(scale.position((scale.lower + scale.upper) / 2).isFinite)
      #expect(!scale.ticks(about: 4).isEmpty)
    }
  }

  @Test func rangesLeaveOutWhatAnAxisCannotShow() {
    #expect(AxisScale.range([3, .nan, -1, .infinity]) == -1...3)
    #expect(AxisScale.range([3, 0, -1, 7], kind: .logarithmic) == 3...7)
    #expect(AxisScale.range([Double.nan]) == nil)
  }
}
