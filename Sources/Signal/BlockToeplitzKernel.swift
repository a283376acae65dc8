internal import COpenBLAS

/// A symmetric matrix of Toeplitz blocks, kept as the spectra of its blocks' generators.
///
/// Block (i, j), length x length, has the entry g_ij(l - l') at (l, l'). Embedded in circulants
/// of at least 2 length - 1 samples, a product with all blocks is one small complex matrix
/// product for each frequency bin (Golub and Van Loan 2013, section 4.8).
public final class BlockToeplitz: @unchecked Sendable {
  /// The number of blocks in a row.
  public let order: Int
  /// The order of one block.
  public let length: Int
  private let fft: RealFFT
  private let bins: Int
  /// `[bin][i][j]`, interleaved complex.
  private let spectra: UnsafeMutablePointer<Float>

  /// Takes the generators g_ij for j >= i, `generators[i][j - i][d + length - 1]` at lag d; the
  /// others are their mirror images.
  public init(generators: [[[Float]]], length: Int, parallelism: Parallelism) {
    DenseMatrix.prepare()
    order = generators.count
    self.length = length
    fft = RealFFT(length: RealFFT.efficientLength(atLeast: max(2, 2 * length - 1)))
    bins = fft.binCount
    spectra = .allocate(capacity: max(1, 2 * bins * order * order))
    let shared = SharedPointer(spectra)
    let order = self.order
    let transform = fft
    parallelism.forEach(order) { i in
      let scratch = Scratch(transform)
      for j in i..<order {
        let generator = generators[i][j - i]
        precondition(generator.count == 2 * length - 1, "generator length differs")
        scratch.time.update(repeating: 0, count: transform.length)
        for lag in (1 - length)..<length {
          let place = lag < 0 ? lag + transform.length : lag
          scratch.time[place] = generator[lag + length - 1]
        }
        transform.forward(scratch.time, scratch.parts)
        for bin in 0..<transform.binCount {
          let real = scratch.parts[2 * bin]
          let imaginary = scratch.parts[2 * bin + 1]
          let upper = shared.base + 2 * ((bin * order + i) * order + j)
          upper[0] = real
          upper[1] = imaginary
          if i == j { continue }
          let lower = shared.base + 2 * ((bin * order + j) * order + i)
          lower[0] = real
          lower[1] = -imaginary
        }
      }
    }
  }

  deinit { spectra.deallocate() }

  /// The product with `order` matrices of `length` x `columns`, each row-major.
  public func multiply(
    _ vectors: [[Float]], columns: Int, parallelism: Parallelism
  ) -> [[Float]] {
    precondition(
      vectors.count == order && vectors.allSatisfy { $0.count == length * columns },
      "vector sizes differ")
    if order == 0 || columns == 0 { return vectors }
    let size = 2 * bins * order * columns
    let input = UnsafeMutablePointer<Float>.allocate(capacity: size)
    let output = UnsafeMutablePointer<Float>.allocate(capacity: size)
    defer {
      input.deallocate()
      output.deallocate()
    }
    let from = SharedPointer(input)
    let to = SharedPointer(output)
    parallelism.forEach(order) { block in
      self.transform(vectors[block], block: block, columns: columns, into: from.base)
    }
    let chunk = 16
    parallelism.forEach((bins + chunk - 1) / chunk) { part in
      var one: (Float, Float) = (1, 0)
      var zero: (Float, Float) = (0, 0)
      for bin in (part * chunk)..<min(self.bins, (part + 1) * chunk) {
        let offset = 2 * bin * self.order * columns
        cblas_cgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(self.order), blasint(columns),
          blasint(self.order), &one, self.spectra + 2 * bin * self.order * self.order,
          blasint(self.order), from.base + offset, blasint(columns), &zero, to.base + offset,
          blasint(columns))
      }
    }
    return parallelism.map(order) { self.inverse(to.base, block: $0, columns: columns) }
  }

  /// Spectra of one matrix's columns into `[bin][block][column]`.
  private func transform(
    _ vector: [Float], block: Int, columns: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let scratch = Scratch(fft)
    scratch.time.update(repeating: 0, count: fft.length)
    for column in 0..<columns {
      for row in 0..<length { scratch.time[row] = vector[row * columns + column] }
      fft.forward(scratch.time, scratch.parts)
      for bin in 0..<bins {
        let place = target + 2 * ((bin * order + block) * columns + column)
        place[0] = scratch.parts[2 * bin]
        place[1] = scratch.parts[2 * bin + 1]
      }
    }
  }

  private func inverse(
    _ source: UnsafeMutablePointer<Float>, block: Int, columns: Int
  ) -> [Float] {
    let scratch = Scratch(fft)
    let scale = 1 / Float(fft.length)
    var result = [Float](repeating: 0, count: length * columns)
    for column in 0..<columns {
      for bin in 0..<bins {
        let place = source + 2 * ((bin * order + block) * columns + column)
        scratch.parts[2 * bin] = place[0]
        scratch.parts[2 * bin + 1] = place[1]
      }
      fft.inverse(scratch.parts, scratch.time)
      for row in 0..<length { result[row * columns + column] = scratch.time[row] * scale }
    }
    return result
  }

  /// One thread's transform memory.
  private final class Scratch {
    private let timeMemory: AlignedFloats
    private let partMemory: AlignedFloats
    var time: UnsafeMutablePointer<Float> { timeMemory.base }
    var parts: UnsafeMutablePointer<Float> { partMemory.base }

    init(_ fft: RealFFT) {
      timeMemory = AlignedFloats(count: fft.length)
      partMemory = AlignedFloats(count: 2 * fft.binCount)
    }
  }
}
