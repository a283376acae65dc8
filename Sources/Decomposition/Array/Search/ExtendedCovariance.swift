import Signal

/// The covariance of the delay-embedded signal, regularised and factored.
///
/// The covariance of z(t) = (x(t), x(t - 1), …, x(t - R + 1)) is block Toeplitz: its blocks are the
/// lagged cross-correlations, so neither z nor any matrix of its length is built. Whitening uses
/// the Cholesky factor of C + lambda I; lambda is a multiple of the mean of the lower half of the
/// eigenvalues, with which Negro et al. 2016 whiten: a stronger ridge holds noise down that the
/// sharpest directions would amplify.
public struct ExtendedCovariance: Sendable {
  /// Channels.
  public let channelCount: Int
  /// Taps.
  public let tapCount: Int
  /// Order of the matrix, channels x taps.
  public var order: Int { channelCount * tapCount }
  /// Lower Cholesky factor of C + lambda I, row-major, indexed `[tap][channel]`.
  public let factor: [Float]
  /// The ridge lambda.
  public let ridge: Float

  /// Builds and factors the covariance from lagged correlations `[lag][c][d]` over `sampleCount`.
  ///
  /// `ridgeFactor` is the ridge over the mean of the lower half of the eigenvalues. A `ridge` that is known spares the eigenvalues, which cost more than all the rest: that of
  /// the signal serves its residuals too, whose lower half is the same noise.
  public init(
    laggedCorrelations lags: [Float], channelCount m: Int, tapCount taps: Int, sampleCount: Int,
    ridgeFactor: Float = 5, ridge known: Float? = nil
  ) {
    channelCount = m
    tapCount = taps
    let order = m * taps
    let scale = 1 / Float(sampleCount)
    var matrix = [Float](repeating: 0, count: order * order)
    let source = lags.span
    var target = matrix.mutableSpan
    // Row (r, c), column (s, d), r >= s: E[x_c(t - r) x_d(t - s)] = K(r - s)[c][d].
    for r in 0..<taps {
      for s in 0...r {
        let lag = (r - s) * m * m
        for c in 0..<m {
          let row = (r * m + c) * order + s * m
          for d in 0..<m { target[row + d] = source[lag + c * m + d] * scale }
        }
      }
    }
    var ridge = known ?? ridgeFactor * Self.lowerHalfMean(matrix, order: order)
    var loaded = Self.loaded(matrix, ridge: ridge, order: order)
    while !DenseMatrix.choleskyFactor(&loaded, order: order) {
      // Rounding can leave a rank-deficient residual slightly indefinite.
      ridge = max(ridge * 10, 1e-7)
      loaded = Self.loaded(matrix, ridge: ridge, order: order)
    }
    factor = loaded
    self.ridge = ridge
  }

  private static func loaded(_ matrix: [Float], ridge: Float, order: Int) -> [Float] {
    var result = matrix
    for index in 0..<order { result[index * order + index] += ridge }
    return result
  }

  /// The mean of the lower half of the eigenvalues.
  private static func lowerHalfMean(_ matrix: [Float], order: Int) -> Float {
    guard let values = DenseMatrix.symmetricEigenvalues(matrix, order: order) else { return 1e-6 }
    let half = values.prefix(max(1, order / 2))
    return max(half.reduce(0, +) / Float(half.count), 1e-7)
  }

  /// Whitened vectors L^-1 v in place, `columns` of them, `[order][column]`.
  public func whiten(_ vectors: inout [Float], columns: Int) {
    DenseMatrix.solveTriangular(
      factor, order: order, transposed: false, &vectors, columns: columns)
  }

  /// Filters L^-T w in place, `columns` of them, `[order][column]`.
  public func unwhiten(_ vectors: inout [Float], columns: Int) {
    DenseMatrix.solveTriangular(factor, order: order, transposed: true, &vectors, columns: columns)
  }

  /// The filters C^-1 m of `count` mean observations m, `[filter][tap][channel]` like the means.
  ///
  /// The linear minimum mean square error estimate of a train from the observation around its
  /// discharges (Holobar and Zazula 2007, IEEE Trans. Signal Process. 55, eq. 12).
  func filters(for means: [[Float]]) -> [Float] {
    let count = means.count
    var columns = transposed(means.flatMap { $0 }, rows: count, columns: order)
    whiten(&columns, columns: count)
    unwhiten(&columns, columns: count)
    return transposed(columns, rows: order, columns: count)
  }
}
