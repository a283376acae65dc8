internal import COpenBLAS

/// All lagged cross-correlations of the channels from their block spectra.
extension OverlapSaveKernel {
  func laggedCorrelations(parallelism: Parallelism) -> [Float] {
    let m = channelCount
    let taps = layout.filterLength
    let size = groupSize
    let binChunk = 16
    let chunks = (bins + binChunk - 1) / binChunk
    // [part][bin][d][c]
    let cross = AlignedFloats(count: 2 * bins * m * m)
    cross.base.update(repeating: 0, count: 2 * bins * m * m)
    let padded = AlignedFloats(count: groupStride)
    let shared = SharedPointer(cross.base)
    let sharedPadded = SharedPointer(padded.base)
    for group in 0..<groupCount {
      zeroPaddedGroup(group, into: padded.base, parallelism: parallelism)
      parallelism.forEach(chunks) { chunk in
        let x = self.pointer(group)
        for bin in (chunk * binChunk)..<min(self.bins, (chunk + 1) * binChunk) {
          // Row d (zero-padded, the later sample), column c (the earlier one, conjugated).
          let later = sharedPadded.base + 2 * bin * m * size
          let earlier = x + 2 * bin * m * size
          let real = shared.base + bin * m * m
          let imaginary = real + self.bins * m * m
          let half = m * size
          self.addProduct(later, earlier, 1, into: real)
          self.addProduct(later + half, earlier + half, 1, into: real)
          self.addProduct(later + half, earlier, 1, into: imaginary)
          self.addProduct(later, earlier + half, -1, into: imaginary)
        }
      }
    }
    return [Float](unsafeUninitializedCapacity: taps * m * m) { output, initialized in
      initialized = taps * m * m
      guard let base = output.baseAddress else { return }
      let lags = AlignedFloats(count: taps * m * m)
      transforms.inverse(cross.base, columns: m * m, into: lags.base)
      for tap in 0..<taps {
        for d in 0..<m {
          for c in 0..<m { base[(tap * m + c) * m + d] = lags.base[(tap * m + d) * m + c] }
        }
      }
    }
  }

  /// Adds `sign` a b^T of two channels x blocks matrices.
  private func addProduct(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ sign: Float,
    into target: UnsafeMutablePointer<Float>
  ) {
    let m = blasint(channelCount)
    let size = blasint(groupSize)
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, m, m, size, sign, a, size, b, size, 1, target, m)
  }

  /// The spectra of a group's blocks without their overlap, from the overlapped ones.
  private func zeroPaddedGroup(
    _ group: Int, into target: UnsafeMutablePointer<Float>, parallelism: Parallelism
  ) {
    let m = channelCount
    let scale = 1 / Float(fft.length)
    let shared = SharedPointer(target)
    parallelism.forEach(m) { channel in
      let work = TileWork(self)
      for tileStart in stride(from: 0, to: self.groupSize, by: Self.tile) {
        self.tileFromSpectra(
          self.pointer(group), rows: m, row: channel, tileStart: tileStart, work: work)
        for pair in 0..<(Self.tile / 2) {
          let time = work.times(pair)
          time.update(repeating: 0, count: 2 * self.lead)
          for index in (2 * self.lead)..<(2 * self.fft.length) { time[index] *= scale }
        }
        self.spectraFromTile(
          work, into: shared.base, rows: m, row: channel, tileStart: tileStart)
      }
    }
  }
}
