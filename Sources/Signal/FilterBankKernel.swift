internal import COpenBLAS

/// Filters and correlations of a short stretch of a time-major signal, tap by tap.
///
/// One matrix product for each tap reads the signal where it stands: no extended observation of
/// taps x channels is written, which for short stretches costs as much as the products.
public enum FilterBankKernel {
  /// Outputs `[filter][sample]` of filters `[filter][tap][channel]` over all channels.
  ///
  /// y_f(n) = sum over taps l and channels c of w_f(l, c) x_c(n - l), for the `count` samples from
  /// `from` on; `signal` is `[sample][channel]` and holds at least `taps` - 1 samples before.
  public static func filter(
    _ signal: [Float], channels: Int, from: Int, count: Int, bank: [Float], taps: Int,
    into outputs: inout [Float]
  ) {
    let m = channels
    let filters = m * taps > 0 ? bank.count / (m * taps) : 0
    precondition(
      from - taps + 1 >= 0 && (from + count) * m <= signal.count
        && outputs.count >= filters * count, "matrix sizes do not fit")
    if filters == 0 || count == 0 { return }
    DenseMatrix.prepare()
    let lead = taps - 1
    let length = count + lead
    signal.withUnsafeBufferPointer { samples in
      guard let source = samples.baseAddress else { return }
      // The products run a quarter faster on samples that are contiguous in time.
      withUnsafeTemporaryAllocation(of: Float.self, capacity: length * m) { planes in
        guard let x = planes.baseAddress else { return }
        transpose(source + (from - lead) * m, rows: length, columns: m, into: x)
        for tap in 0..<taps {
          bank.withUnsafeBufferPointer { filterValues in
            guard let w = filterValues.baseAddress else { return }
            cblas_sgemm(
              CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(filters), blasint(count),
              blasint(m), 1, w + tap * m, blasint(m * taps), x + lead - tap, blasint(length),
              tap == 0 ? 0 : 1, &outputs, blasint(count))
          }
        }
      }
    }
  }

  /// Lagged products: `lags[l][c][d]` = keep * `lags[l][c][d]` + sum of x_c(n - l) x_d(n) over the
  /// `count` samples from `from` on.
  public static func correlate(
    _ signal: [Float], channels: Int, from: Int, count: Int, taps: Int, keep: Float,
    into lags: inout [Float]
  ) {
    let m = channels
    precondition(
      from - taps + 1 >= 0 && (from + count) * m <= signal.count && lags.count >= taps * m * m,
      "matrix sizes do not fit")
    if m == 0 || count == 0 { return }
    DenseMatrix.prepare()
    signal.withUnsafeBufferPointer { samples in
      lags.withUnsafeMutableBufferPointer { target in
        guard let x = samples.baseAddress, let c = target.baseAddress else { return }
        for tap in 0..<taps {
          cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, blasint(m), blasint(m), blasint(count), 1,
            x + (from - tap) * m, blasint(m), x + from * m, blasint(m), keep, c + tap * m * m,
            blasint(m))
        }
      }
    }
  }

  /// Rows x columns to columns x rows, in tiles that stay in the nearest cache.
  private static func transpose(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    let tile = 16
    for rowStart in stride(from: 0, to: rows, by: tile) {
      let rowEnd = min(rowStart + tile, rows)
      for column in 0..<columns {
        let to = target + column * rows
        for row in rowStart..<rowEnd { to[row] = source[row * columns + column] }
      }
    }
  }
}
