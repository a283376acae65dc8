import Signal

/// The strongest principal components of the delay-embedded signal, by block power iteration.
///
/// A source that starts at one instant of white data in D dimensions is shifted at its own
/// discharges by d^2 / sqrt(D) standard deviations, d being how far the unit stands out: few
/// dimensions that hold most of what is left therefore find units that all of them hide. Source:
/// subspace iteration with Rayleigh-Ritz projection (Golub and Van Loan 2013, section 8.2.4).
struct PrincipalComponents: Sendable {
  /// Filters whose outputs have unit variance, `[component][tap][channel]`, strongest first.
  let filters: [Float]
  /// The number of components, at most the number asked for.
  let count: Int

  /// The `count` strongest components of a covariance, whose ridge is taken off again.
  ///
  /// Convergence follows the gap to the spare columns; the components need to span the right space
  /// only, not to be told apart.
  init(
    of covariance: ExtendedCovariance, count wanted: Int,
    settings: ArrayConfiguration.Masked = ArrayConfiguration.Masked(),
    generator: inout SeededGenerator
  ) {
    let order = covariance.order
    let columns = min(order, wanted + settings.spareColumns)
    var basis = (0..<(order * columns)).map { _ in Float(generator.normal()) }
    Self.orthonormalize(&basis, order: order, columns: columns)
    var next = basis
    for _ in 0..<settings.powerIterations {
      next = Self.multiplied(basis, by: covariance, columns: columns)
      basis = next
      Self.orthonormalize(&basis, order: order, columns: columns)
    }
    next = Self.multiplied(basis, by: covariance, columns: columns)
    var inner = [Float](repeating: 0, count: columns * columns)
    DenseMatrix.multiply(
      basis, transposeA: true, next, into: &inner, rows: columns, columns: columns, inner: order)
    guard let (values, vectors) = DenseMatrix.symmetricEigenvectors(inner, order: columns) else {
      filters = []
      count = 0
      return
    }
    // Values ascend; what is no stronger than the ridge holds nothing.
    let kept = (0..<columns).reversed().prefix(min(wanted, columns)).filter {
      values[$0] > settings.leastComponent * covariance.ridge
    }
    var rotation = [Float](repeating: 0, count: kept.count * columns)
    for (row, place) in kept.enumerated() {
      let scale = 1 / (values[place] - covariance.ridge).squareRoot()
      for column in 0..<columns {
        rotation[row * columns + column] = vectors[place * columns + column] * scale
      }
    }
    var filters = [Float](repeating: 0, count: kept.count * order)
    if !kept.isEmpty {
      DenseMatrix.multiply(
        rotation, basis, transposeB: true, into: &filters, rows: kept.count, columns: order,
        inner: columns)
    }
    self.filters = filters
    count = kept.count
  }

  private static func multiplied(
    _ basis: [Float], by covariance: ExtendedCovariance, columns: Int
  ) -> [Float] {
    var product = basis
    DenseMatrix.multiplyTriangular(
      covariance.factor, order: covariance.order, transposed: true, &product, columns: columns)
    DenseMatrix.multiplyTriangular(
      covariance.factor, order: covariance.order, transposed: false, &product, columns: columns)
    return product
  }

  /// Makes the columns orthonormal: B L^-T with the Cholesky factor L of B^T B, twice for rounding.
  private static func orthonormalize(_ basis: inout [Float], order: Int, columns: Int) {
    for _ in 0..<2 {
      var gram = [Float](repeating: 0, count: columns * columns)
      DenseMatrix.multiply(
        basis, transposeA: true, basis, into: &gram, rows: columns, columns: columns, inner: order)
      var loaded = gram
      var loading: Float = 0
      let trace = (0..<columns).reduce(Float(0)) { $0 + gram[$1 * columns + $1] }
      while !DenseMatrix.choleskyFactor(&loaded, order: columns) {
        loading = max(10 * loading, 1e-6 * trace / Float(columns) + 1e-30)
        loaded = gram
        for index in 0..<columns { loaded[index * columns + index] += loading }
      }
      // Rows of the transpose solve L X = B^T.
      var rows = transposed(basis, rows: order, columns: columns)
      DenseMatrix.solveTriangular(loaded, order: columns, transposed: false, &rows, columns: order)
      basis = transposed(rows, rows: columns, columns: order)
    }
  }
}
