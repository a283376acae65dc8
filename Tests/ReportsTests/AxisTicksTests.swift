import Testing

@testable import Reports

struct AxisTicksTests {
  @Test func linearTicksAreRound() {
    #expect(
      AxisTicks.linear(0...60, about: 6).map(\.label) == ["0", "10", "20", "30", "40", "50", "60"])
    #expect(AxisTicks.linear(-0.3...0.3, about: 3).map(\.label) == ["−0.2", "0.0", "0.2"])
    #expect(AxisTicks.linear(0...1e9, about: 2).map(\.label) == ["0", "5×10⁸", "1×10⁹"])
  }

  @Test func monthTicksDivideTheYear() {
    #expect(AxisTicks.months(-6...9, about: 5).map(\.value) == [-6, -3, 0, 3, 6, 9])
    #expect(AxisTicks.months(0...60, about: 5).map(\.value) == [0, 12, 24, 36, 48, 60])
  }

  @Test func logarithmicTicksFollowTheSpan() {
    #expect(AxisTicks.logarithmic(1...10_000, about: 5).map(\.value) == [1, 10, 100, 1000, 10_000])
    #expect(AxisTicks.logarithmic(9...110, about: 4).map(\.value) == [10, 20, 50, 100])
    #expect(AxisTicks.logarithmic(40...60, about: 4).map(\.value) == [40, 45, 50, 55, 60])
  }

  @Test(arguments: [1e-12, 1e-3, 1, 7, 1e6, 1e15])
  func anyExtentGivesAFewTicks(extent: Double) {
    for about in 2...10 {
      let ticks = AxisTicks.linear(0...extent, about: about)
      #expect((2...(2 * about + 2)).contains(ticks.count))
      #expect(Set(ticks.map(\.label)).count == ticks.count)
    }
    #expect(!AxisTicks.logarithmic(extent...(extent * 1e6), about: 4).isEmpty)
  }

  @Test func scaleBarsDoNotExceedTheirRoom() {
    #expect(AxisTicks.floorStep(99) == 50)
    #expect(AxisTicks.floorStep(0.3) == 0.2)
    #expect(AxisTicks.floorStep(.nan) == 1)
  }
}
