import Testing

@testable import Signal

@Suite struct DenseMatrixTests {
  private func positiveDefinite(_ order: Int) -> [Float] {
    var random = SeededGenerator(seed: 7)
    let a = (0..<(order * order)).map { _ in Float(random.normal()) }
    var product = [Float](repeating: 0, count: order * order)
    DenseMatrix.multiply(
      a, a, transposeB: true, into: &product, rows: order, columns: order, inner: order)
    for index in 0..<order { product[index * order + index] += 1 }
    return product
  }

  @Test func choleskySolvesASystem() {
    let order = 37
    let matrix = positiveDefinite(order)
    var factor = matrix
    #expect(DenseMatrix.choleskyFactor(&factor, order: order))
    var random = SeededGenerator(seed: 8)
    let solution = (0..<(order * 3)).map { _ in Float(random.normal()) }
    var right = [Float](repeating: 0, count: order * 3)
    DenseMatrix.multiply(matrix, solution, into: &right, rows: order, columns: 3, inner: order)
    DenseMatrix.solveTriangular(factor, order: order, transposed: false, &right, columns: 3)
    DenseMatrix.solveTriangular(factor, order: order, transposed: true, &right, columns: 3)
    for (a, b) in zip(right, solution) { #expect(abs(a - b) < 2e-2) }
  }

  @Test func indefiniteMatricesAreRefused() {
    var matrix: [Float] = [1, 0, 0, -1]
    #expect(!DenseMatrix.choleskyFactor(&matrix, order: 2))
  }

  @Test func eigenvaluesOfAKnownMatrix() throws {
    // The lower triangle of [[2, 1], [1, 2]]: eigenvalues 1 and 3.
    let values = try #require(DenseMatrix.symmetricEigenvalues([2, 0, 1, 2], order: 2))
    #expect(abs(values[0] - 1) < 1e-6 && abs(values[1] - 3) < 1e-6)
  }

  @Test func eigenvectorsRebuildTheMatrix() throws {
    let matrix: [Float] = [4, 1, -2, 1, 3, 0.5, -2, 0.5, 6]
    let (values, vectors) = try #require(DenseMatrix.symmetricEigenvectors(matrix, order: 3))
    #expect(values[0] < values[1] && values[1] < values[2])
    for row in 0..<3 {
      for column in 0..<3 {
        let sum = (0..<3).reduce(Float(0)) {
          $0 + values[$1] * vectors[$1 * 3 + row] * vectors[$1 * 3 + column]
        }
        #expect(abs(sum - matrix[row * 3 + column]) < 1e-4)
      }
    }
  }

  @Test func triangularProductUndoesTheSolution() {
    let lower: [Float] = [2, 9, 9, 1, 3, 9, -1, 0.5, 1.5]
    let start: [Float] = [1, 2, 3, 4, 5, 6]
    for isTransposed in [false, true] {
      var vectors = start
      DenseMatrix.multiplyTriangular(
        lower, order: 3, transposed: isTransposed, &vectors, columns: 2)
      #expect(vectors != start)
      DenseMatrix.solveTriangular(
        lower, order: 3, transposed: isTransposed, &vectors, columns: 2)
      for (a, b) in zip(vectors, start) { #expect(abs(a - b) < 1e-5) }
    }
  }
}
