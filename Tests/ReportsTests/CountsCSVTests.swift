import Testing

@testable import Reports

struct CountsCSVTests {
  @Test func unknownValuesStayEmpty() {
    let figure = ActiveUnitCountFigure(
      series: [
        .init(
          windowSeconds: 2,
          windows: [
            .init(time: 1, count: 3, completeness: 0.5, meanRate: 9.25),
            .init(time: 2, count: 0, completeness: .nan),
          ])
      ], duration: 4)
    #expect(
      figure.countsCSV() == """
        window_s,time_s,identified_units,mean_rate_hz,power_completeness
        2.000,1.0000,3,9.250,0.5000
        2.000,2.0000,0,,

        """)
  }
}
