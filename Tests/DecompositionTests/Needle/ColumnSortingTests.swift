import Signal
import Testing

@testable import Decomposition

@Suite struct ColumnSortingTests {
  @Test(arguments: [1, 2, 3, 7, 16, 33, 100]) func medianOfEachColumn(rows: Int) {
    var generator = SeededGenerator(seed: UInt64(rows))
    let columns = 45
    let values = (0..<rows * columns).map { _ in Float(generator.normal()) }
    let medians = columnTrimmedMean(values, rows: rows, trim: 0.5)
    let means = columnTrimmedMean(values, rows: rows, trim: 0)
    for column in 0..<columns {
      let sorted = (0..<rows).map { values[$0 * columns + column] }.sorted()
      let expected = (sorted[(rows - 1) / 2] + sorted[rows / 2]) / 2
      #expect(abs(medians[column] - expected) < 1e-5)
      #expect(abs(means[column] - sorted.reduce(0, +) / Float(rows)) < 1e-4)
    }
  }
}
