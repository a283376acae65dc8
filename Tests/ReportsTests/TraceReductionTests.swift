import Testing

@testable import Reports

struct TraceReductionTests {
  @Test func shortTracesStayAsTheyAre() {
    let points = TraceReduction.envelope([1, .nan, 3], columns: 10)
    #expect(points.map(\.position) == [0, 2])
    #expect(points.map(\.value) == [1, 3])
  }

  @Test func extremesSurviveTheReduction() {
    var values = [Float](repeating: 0, count: 10_000)
    values[1234] = 9
    values[8765] = -7
    let points = TraceReduction.envelope(values, columns: 100)
    #expect(points.count == 200)
    #expect(points.map(\.value).max() == 9)
    #expect(points.map(\.value).min() == -7)
    #expect(points.first { $0.value == 9 }.map { Int($0.position / 100) } == 12)
  }

  @Test func columnsWithoutValuesAreLeftOut() {
    let values = [Float](repeating: .nan, count: 1000)
    #expect(TraceReduction.envelope(values, columns: 10).isEmpty)
  }
}
