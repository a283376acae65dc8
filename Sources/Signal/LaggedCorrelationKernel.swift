internal import COpenBLAS

/// All lagged cross-correlations of the channels from their block spectra.
extension OverlapSaveKernel {
  func laggedCorrelations(parallelism: Parallelism) -> [Float] {
    let m = channelCount
    let taps = layout.filterLength
    let size = Self.groupSize
    let binChunk = 16
    let chunks = (bins + binChunk - 1) / binChunk
    let cross = UnsafeMutablePointer<Float>.allocate(capacity: 2 * bins * m * m)
    cross.update(repeating: 0, count: 2 * bins * m * m)
    defer { cross.deallocate() }
    let padded = UnsafeMutablePointer<Float>.allocate(capacity: groupStride)
    defer { padded.deallocate() }
    let shared = SharedPointer(cross)
    let sharedPadded = SharedPointer(padded)
    for group in 0..<groupCount {
      zeroPaddedGroup(group, into: padded, parallelism: parallelism)
      parallelism.forEach(chunks) { chunk in
        var one: (Float, Float) = (1, 0)
        let x = self.pointer(group)
        for bin in (chunk * binChunk)..<min(self.bins, (chunk + 1) * binChunk) {
          // Row d (zero-padded, the later sample), column c (the earlier one, conjugated).
          cblas_cgemm(
            CblasRowMajor, CblasNoTrans, CblasConjTrans, blasint(m), blasint(m), blasint(size),
            &one, sharedPadded.base + 2 * bin * m * size, blasint(size), x + 2 * bin * m * size,
            blasint(size), &one, shared.base + 2 * bin * m * m, blasint(m))
        }
      }
    }
    return [Float](unsafeUninitializedCapacity: taps * m * m) { output, initialized in
      initialized = taps * m * m
      guard let base = output.baseAddress else { return }
      let lags = UnsafeMutablePointer<Float>.allocate(capacity: m * taps * m)
      defer { lags.deallocate() }
      lagsFromSpectra(cross, rows: m, into: lags)
      for d in 0..<m {
        for tap in 0..<taps {
          for c in 0..<m { base[(tap * m + c) * m + d] = lags[(d * taps + tap) * m + c] }
        }
      }
    }
  }

  /// The spectra of a group's blocks without their overlap, from the overlapped ones.
  private func zeroPaddedGroup(
    _ group: Int, into target: UnsafeMutablePointer<Float>, parallelism: Parallelism
  ) {
    let m = channelCount
    let size = Self.groupSize
    let tile = Self.tile
    let scale = 1 / Float(fft.length)
    let shared = SharedPointer(target)
    parallelism.forEach(m) { channel in
      let parts = UnsafeMutablePointer<Float>.allocate(capacity: 2 * self.bins * tile)
      let times = UnsafeMutablePointer<Float>.allocate(capacity: self.fft.length * tile)
      defer {
        parts.deallocate()
        times.deallocate()
      }
      for tileStart in stride(from: 0, to: size, by: tile) {
        self.inverseTile(
          self.pointer(group), filter: channel, filters: m, tileStart: tileStart, count: tile,
          scratch: parts, times: times)
        for inTile in 0..<tile {
          let time = times + self.fft.length * inTile
          time.update(repeating: 0, count: self.lead)
          for index in self.lead..<self.fft.length { time[index] *= scale }
          let parted = parts + 2 * self.bins * inTile
          self.fft.forward(time, parted)
        }
        for bin in 0..<self.bins {
          let row = shared.base + 2 * ((bin * m + channel) * size + tileStart)
          for inTile in 0..<tile {
            let parted = parts + 2 * self.bins * inTile
            row[2 * inTile] = parted[bin]
            row[2 * inTile + 1] = parted[self.bins + bin]
          }
        }
      }
    }
  }
}
