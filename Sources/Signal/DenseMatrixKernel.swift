internal import CLAPACKE
internal import COpenBLAS

/// Dense linear algebra in single precision on row-major arrays, through OpenBLAS and LAPACK.
///
/// OpenBLAS is held to one thread: parallelism is over candidates, bins or recordings.
public enum DenseMatrix {
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// Holds OpenBLAS to one thread of its own; called before every use, idempotent.
  static func prepare() { _ = oneThread }

  /// C (rows x columns) = alpha op(A) op(B) + beta C, all row-major and dense.
  ///
  /// `a` is rows x inner, or inner x rows where `transposeA`; likewise `b`.
  public static func multiply(
    _ a: [Float], transposeA: Bool = false, _ b: [Float], transposeB: Bool = false,
    into c: inout [Float], rows: Int, columns: Int, inner: Int, alpha: Float = 1, beta: Float = 0
  ) {
    precondition(
      a.count >= rows * inner && b.count >= inner * columns && c.count >= rows * columns,
      "matrix sizes do not fit")
    prepare()
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(inner), alpha, a,
      blasint(max(1, transposeA ? rows : inner)), b,
      blasint(max(1, transposeB ? inner : columns)), beta, &c, blasint(max(1, columns)))
  }

  /// The lower Cholesky factor of a symmetric positive definite matrix, in place.
  ///
  /// Only the lower triangle of the row-major order x order matrix is read and written. Returns
  /// false where the matrix is not positive definite to working precision.
  public static func choleskyFactor(_ matrix: inout [Float], order: Int) -> Bool {
    precondition(matrix.count >= order * order, "matrix size does not fit")
    if order == 0 { return true }
    prepare()
    // Row-major lower is column-major upper: no transposition, no copy.
    let info = LAPACKE_spotrf(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(order), &matrix, Int32(order))
    return info == 0
  }

  /// Solves L X = B or L^T X = B in place, L lower triangular (order x order, row-major).
  ///
  /// `b` is order x columns, row-major.
  public static func solveTriangular(
    _ lower: [Float], order: Int, transposed: Bool, _ b: inout [Float], columns: Int
  ) {
    precondition(lower.count >= order * order && b.count >= order * columns, "sizes do not fit")
    if order == 0 || columns == 0 { return }
    prepare()
    cblas_strsm(
      CblasRowMajor, CblasLeft, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit,
      blasint(order), blasint(columns), 1, lower, blasint(order), &b, blasint(columns))
  }

  /// The eigenvalues of a symmetric matrix, ascending.
  ///
  /// Only the lower triangle of the row-major order x order matrix is read. Returns nil where the
  /// iteration does not converge (a matrix that holds a value that is not finite).
  public static func symmetricEigenvalues(_ matrix: [Float], order: Int) -> [Float]? {
    precondition(matrix.count >= order * order, "matrix size does not fit")
    if order == 0 { return [] }
    prepare()
    var work = matrix
    var values = [Float](repeating: 0, count: order)
    let info = LAPACKE_ssyevd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "U")), Int32(order),
      &work, Int32(order), &values)
    return info == 0 ? values : nil
  }

  /// The product L B or L^T B in place, L lower triangular (order x order, row-major).
  ///
  /// `b` is order x columns, row-major.
  public static func multiplyTriangular(
    _ lower: [Float], order: Int, transposed: Bool, _ b: inout [Float], columns: Int
  ) {
    precondition(lower.count >= order * order && b.count >= order * columns, "sizes do not fit")
    if order == 0 || columns == 0 { return }
    prepare()
    cblas_strmm(
      CblasRowMajor, CblasLeft, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit,
      blasint(order), blasint(columns), 1, lower, blasint(order), &b, blasint(columns))
  }

  /// The eigenvalues of a symmetric matrix, ascending, and its eigenvectors.
  ///
  /// Only the lower triangle of the row-major order x order matrix is read; eigenvector k is row k
  /// of `vectors`. Returns nil where the iteration does not converge.
  public static func symmetricEigenvectors(
    _ matrix: [Float], order: Int
  ) -> (values: [Float], vectors: [Float])? {
    precondition(matrix.count >= order * order, "matrix size does not fit")
    if order == 0 { return ([], []) }
    prepare()
    var work = matrix
    var values = [Float](repeating: 0, count: order)
    let info = LAPACKE_ssyevd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), Int32(order),
      &work, Int32(order), &values)
    return info == 0 ? (values, work) : nil
  }
}
