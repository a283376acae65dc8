internal import COpenBLAS

extension TimeMajorSignal {
  /// Filters by one filter: y(t) = sum over taps r and channels c of h(r, c) x_c(t - r).
  ///
  /// `filter` is `[tap][channel]`. A signal that changes between filters is served in this way
  /// without its spectra: a product of all samples with all taps, summed along its diagonals.
  public func filtered(by filter: [Float], taps: Int, parallelism: Parallelism) -> [Float] {
    let m = channelCount
    precondition(taps > 0 && filter.count == taps * m, "filter size differs")
    precondition(taps <= padding + 1, "the signal is padded less than the filter")
    DenseMatrix.prepare()
    let total = sampleCount
    let length = 2_048
    let chunks = (total + length - 1) / length
    let first = padding
    return [Float](unsafeUninitializedCapacity: total) { output, initialized in
      initialized = total
      guard let target = output.baseAddress else { return }
      let out = SharedPointer(target)
      values.withUnsafeBufferPointer { samples in
        filter.withUnsafeBufferPointer { coefficients in
          guard let source = samples.baseAddress, let h = coefficients.baseAddress else { return }
          let x = SharedPointer(UnsafeMutablePointer(mutating: source))
          let w = SharedPointer(UnsafeMutablePointer(mutating: h))
          parallelism.forEach(chunks) { chunk in
            let start = chunk * length
            let count = min(length, total - start)
            let columns = count + taps - 1
            let products = AlignedFloats(count: taps * columns)
            cblas_sgemm(
              CblasRowMajor, CblasNoTrans, CblasTrans, blasint(taps), blasint(columns), blasint(m),
              1, w.base, blasint(m), x.base + (first + start - taps + 1) * m, blasint(m), 0,
              products.base, blasint(columns))
            let y = out.base + start
            for index in 0..<count { y[index] = 0 }
            for tap in 0..<taps {
              addScaled(products.base + tap * columns + taps - 1 - tap, 1, y, count)
            }
          }
        }
      }
    }
  }
}
