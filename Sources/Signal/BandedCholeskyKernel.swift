internal import CLAPACKE

/// The Cholesky factor of a symmetric positive definite banded matrix in single precision.
///
/// Stored as LAPACK stores lower bands: the diagonal and the `bandwidth` elements below it, column
/// after column. Cost grows with order times the squared bandwidth.
public struct BandedCholesky: Sendable {
  /// Rows of the matrix.
  public let order: Int
  /// Elements below the diagonal in each column.
  public let bandwidth: Int
  private var factor: [Float]

  /// Factors a matrix given by its lower band: element (i, j), i >= j, stands at
  /// `j * (bandwidth + 1) + i - j`.
  ///
  /// Nil where the matrix is not positive definite to working precision.
  public init?(lowerBand: [Float], order: Int, bandwidth: Int) {
    precondition(
      order >= 0 && bandwidth >= 0 && lowerBand.count == order * (bandwidth + 1),
      "band size does not fit")
    self.order = order
    self.bandwidth = bandwidth
    factor = lowerBand
    if order == 0 { return }
    DenseMatrix.prepare()
    let info = LAPACKE_spbtrf_work(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), Int32(order), Int32(bandwidth), &factor,
      Int32(bandwidth + 1))
    if info != 0 { return nil }
  }

  /// Solves A x = b in place.
  public func solve(_ vector: inout [Float]) {
    precondition(vector.count == order, "vector size does not fit")
    if order == 0 { return }
    DenseMatrix.prepare()
    _ = LAPACKE_spbtrs_work(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), Int32(order), Int32(bandwidth), 1, factor,
      Int32(bandwidth + 1), &vector, Int32(order))
  }

  /// L^-1 w for a short vector whose first element stands at row `start`; parts outside are cut.
  ///
  /// The solution is followed for two bandwidths beyond the vector, where it has died away.
  public func forward(_ vector: [Float], at start: Int) -> ForwardSolution {
    let low = max(0, -start)
    let high = min(vector.count, order - start)
    if low >= high { return ForwardSolution(first: max(0, min(order, start)), values: []) }
    let first = start + low
    let steps = min(order - first, high - low + 2 * bandwidth)
    var work = [Float](repeating: 0, count: steps + bandwidth)
    for index in low..<high { work[index - low] = vector[index] }
    work.withUnsafeMutableBufferPointer { work in
      factor.withUnsafeBufferPointer { factor in
        guard let work = work.baseAddress, let factor = factor.baseAddress else { return }
        for step in 0..<steps {
          let column = factor + (first + step) * (bandwidth + 1)
          let value = work[step] / column[0]
          work[step] = value
          let next = work + step
          for row in 1..<bandwidth + 1 { next[row] -= value * column[row] }
        }
      }
    }
    work.removeLast(bandwidth)
    return ForwardSolution(first: first, values: work)
  }
}

/// A stretch of L^-1 w; the inner product of two is v' A^-1 w.
public struct ForwardSolution: Sendable {
  /// The row of the first value.
  public let first: Int
  /// The values; beyond them it is zero.
  public let values: [Float]

  /// The inner product with another solution of the same factor.
  public func product(_ other: ForwardSolution) -> Float {
    let low = max(first, other.first)
    let high = min(first + values.count, other.first + other.values.count)
    var sum: Float = 0
    if low >= high { return sum }
    for row in low..<high { sum += values[row - first] * other.values[row - other.first] }
    return sum
  }
}
