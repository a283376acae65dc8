import Testing

@testable import Signal

@Suite struct BandedCholeskyTests {
  private static let order = 40
  private static let bandwidth = 3

  /// A random symmetric matrix with a dominant diagonal, dense and as a lower band.
  private static func matrix(seed: UInt64) -> (dense: [[Double]], band: [Float]) {
    var random = SeededGenerator(seed: seed)
    var dense = [[Double]](repeating: [Double](repeating: 0, count: order), count: order)
    var band = [Float](repeating: 0, count: order * (bandwidth + 1))
    for column in 0..<order {
      for row in column...min(order - 1, column + bandwidth) {
        let value = row == column ? 5 + random.uniform() : random.normal() * 0.5
        dense[row][column] = value
        dense[column][row] = value
        band[column * (bandwidth + 1) + row - column] = Float(value)
      }
    }
    return (dense, band)
  }

  private static func factor(_ band: [Float]) throws -> BandedCholesky {
    try #require(BandedCholesky(lowerBand: band, order: order, bandwidth: bandwidth))
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func solutionSatisfiesTheSystem(seed: UInt64) throws {
    let (dense, band) = Self.matrix(seed: seed)
    let factor = try Self.factor(band)
    var random = SeededGenerator(seed: seed, stream: 2)
    let right = (0..<Self.order).map { _ in Float(random.normal()) }
    var solution = right
    factor.solve(&solution)
    for (row, expected) in zip(dense, right) {
      let value = zip(row, solution).reduce(0) { $0 + $1.0 * Double($1.1) }
      #expect(abs(value - Double(expected)) < 1e-5)
    }
  }

  @Test func productsOfForwardSolutionsAreThoseOfTheInverse() throws {
    let factor = try Self.factor(Self.matrix(seed: 4).band)
    let first: [Float] = [1, -2, 0.5]
    let second: [Float] = [0.3, 1, 1, -1]
    for (a, b) in [(10, 12), (0, 2), (-1, 0), (36, 38), (20, 20)] {
      let v = factor.forward(first, at: a)
      let w = factor.forward(second, at: b)
      var solved = [Float](repeating: 0, count: Self.order)
      for (index, value) in second.enumerated() where (0..<Self.order).contains(b + index) {
        solved[b + index] = value
      }
      factor.solve(&solved)
      var expected: Float = 0
      for (index, value) in first.enumerated() where (0..<Self.order).contains(a + index) {
        expected += value * solved[a + index]
      }
      #expect(abs(v.product(w) - expected) < 1e-4)
      #expect(abs(v.product(w) - w.product(v)) < 1e-6)
    }
  }

  @Test func vectorsOutsideGiveNothing() throws {
    let factor = try Self.factor(Self.matrix(seed: 5).band)
    for start in [-10, 40, 100] {
      let solution = factor.forward([1, 2], at: start)
      #expect(solution.values.isEmpty)
      #expect(solution.product(factor.forward([1], at: 3)) == 0)
    }
  }

  @Test func indefiniteMatricesAreTold() {
    #expect(BandedCholesky(lowerBand: [1, 2, 1, 0], order: 2, bandwidth: 1) == nil)
    #expect(BandedCholesky(lowerBand: [], order: 0, bandwidth: 2)?.order == 0)
  }
}
