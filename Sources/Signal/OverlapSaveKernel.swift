internal import COpenBLAS

/// The memory and the loops behind `OverlapSaveSpectra`.
///
/// Blocks are kept in groups of `groupSize`; a group holds, for each bin, a channels x blocks
/// matrix of interleaved complex numbers, so each bin is one complex matrix product and a group's
/// working set stays in cache.
final class OverlapSaveKernel: @unchecked Sendable {
  /// Blocks a group; a multiple of `tile`.
  static let groupSize = 64
  /// Blocks transformed together, so that whole cache lines are written when bins are gathered.
  static let tile = 8
  /// Filters handled together by one thread.
  static let filterBatch = 32

  let layout: BlockLayout
  let channelCount: Int
  let fft: RealFFT
  let bins: Int
  let groupCount: Int
  private let spectra: UnsafeMutablePointer<Float>
  let groupStride: Int
  let hop: Int
  let lead: Int

  init(signal: TimeMajorSignal, layout: BlockLayout, parallelism: Parallelism) {
    DenseMatrix.prepare()
    self.layout = layout
    channelCount = signal.channelCount
    fft = RealFFT(length: layout.fftLength)
    bins = fft.binCount
    hop = layout.hop
    lead = layout.filterLength - 1
    groupCount = (layout.blockCount + Self.groupSize - 1) / Self.groupSize
    groupStride = 2 * bins * channelCount * Self.groupSize
    spectra = .allocate(capacity: groupStride * groupCount)
    precondition(signal.padding >= lead, "the signal is padded less than one filter")
    signal.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      let source = SharedPointer(UnsafeMutablePointer(mutating: base))
      let origin = signal.padding
      parallelism.forEach(groupCount) { group in
        self.transformGroup(
          group, source: source.base, origin: origin, into: self.pointer(group))
      }
    }
  }

  deinit { spectra.deallocate() }

  func pointer(_ group: Int) -> UnsafeMutablePointer<Float> {
    spectra + group * groupStride
  }

  func blocks(in group: Int) -> Int {
    min(Self.groupSize, layout.blockCount - group * Self.groupSize)
  }

  /// Transforms every channel of one group of blocks.
  private func transformGroup(
    _ group: Int, source: UnsafeMutablePointer<Float>, origin: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    let m = channelCount
    let n = fft.length
    let tile = Self.tile
    let time = UnsafeMutablePointer<Float>.allocate(capacity: n)
    let parts = UnsafeMutablePointer<Float>.allocate(capacity: 2 * bins * tile)
    defer {
      time.deallocate()
      parts.deallocate()
    }
    let first = group * Self.groupSize
    let present = blocks(in: group)
    let size = Self.groupSize
    for channel in 0..<m {
      for tileStart in stride(from: 0, to: size, by: tile) {
        if tileStart >= present {
          for bin in 0..<bins {
            let row = target + 2 * ((bin * m + channel) * size + tileStart)
            row.update(repeating: 0, count: 2 * tile)
          }
          continue
        }
        for inTile in 0..<tile {
          let block = first + tileStart + inTile
          let parted = parts + 2 * bins * inTile
          if tileStart + inTile >= present {
            parted.update(repeating: 0, count: 2 * bins)
            continue
          }
          time.update(repeating: 0, count: n)
          let start = block * hop
          let end = min(start + hop, layout.sampleCount)
          var place = 0
          for t in (start - lead)..<end {
            time[place] = source[(t + origin) * m + channel]
            place += 1
          }
          fft.forward(time, parted)
        }
        for bin in 0..<bins {
          let row = target + 2 * ((bin * m + channel) * size + tileStart)
          for inTile in 0..<tile {
            let parted = parts + 2 * bins * inTile
            row[2 * inTile] = parted[bin]
            row[2 * inTile + 1] = parted[bins + bin]
          }
        }
      }
    }
  }

  /// The spectra of a bank of filters, `[bin][filter][channel]`, interleaved complex.
  func bankSpectra(_ bank: UnsafePointer<Float>, filters: Int) -> [Float] {
    let m = channelCount
    let taps = layout.filterLength
    var result = [Float](repeating: 0, count: 2 * bins * filters * m)
    let time = UnsafeMutablePointer<Float>.allocate(capacity: fft.length)
    let parts = UnsafeMutablePointer<Float>.allocate(capacity: 2 * bins)
    defer {
      time.deallocate()
      parts.deallocate()
    }
    result.withUnsafeMutableBufferPointer { buffer in
      guard let out = buffer.baseAddress else { return }
      for filter in 0..<filters {
        for channel in 0..<m {
          time.update(repeating: 0, count: fft.length)
          for tap in 0..<taps { time[tap] = bank[(filter * taps + tap) * m + channel] }
          fft.forward(time, parts)
          for bin in 0..<bins {
            let place = 2 * ((bin * filters + filter) * m + channel)
            out[place] = parts[bin]
            out[place + 1] = parts[bins + bin]
          }
        }
      }
    }
    return result
  }

  /// Output spectra of one group for a batch of filters: `[bin][filter][block]`.
  func multiplyGroup(
    _ group: Int, bank: UnsafePointer<Float>, filters: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let m = channelCount
    let size = Self.groupSize
    let x = pointer(group)
    var one: (Float, Float) = (1, 0)
    var zero: (Float, Float) = (0, 0)
    for bin in 0..<bins {
      cblas_cgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(filters), blasint(size), blasint(m),
        &one, bank + 2 * bin * filters * m, blasint(m), x + 2 * bin * m * size, blasint(size),
        &zero, target + 2 * bin * filters * size, blasint(size))
    }
  }

  /// Back to time: the valid samples of each block of one filter, handed to `consume` as
  /// (first sample, count, values).
  func inverseTile(
    _ spectra: UnsafeMutablePointer<Float>, filter: Int, filters: Int, tileStart: Int, count: Int,
    scratch: UnsafeMutablePointer<Float>, times: UnsafeMutablePointer<Float>
  ) {
    let size = Self.groupSize
    let tile = Self.tile
    for bin in 0..<bins {
      let row = spectra + 2 * ((bin * filters + filter) * size + tileStart)
      for inTile in 0..<tile {
        let parted = scratch + 2 * bins * inTile
        parted[bin] = row[2 * inTile]
        parted[bins + bin] = row[2 * inTile + 1]
      }
    }
    for inTile in 0..<count {
      let parted = scratch + 2 * bins * inTile
      fft.inverse(parted, times + fft.length * inTile)
    }
  }

  func filter(bank: [Float], filterCount: Int, parallelism: Parallelism) -> [Float] {
    let total = layout.sampleCount
    let perFilter = layout.filterLength * channelCount
    let batches = (filterCount + Self.filterBatch - 1) / Self.filterBatch
    return [Float](unsafeUninitializedCapacity: filterCount * total) { output, initialized in
      initialized = filterCount * total
      guard let base = output.baseAddress else { return }
      let out = SharedPointer(base)
      bank.withUnsafeBufferPointer { bankBuffer in
        guard let bankBase = bankBuffer.baseAddress else { return }
        let source = SharedPointer(UnsafeMutablePointer(mutating: bankBase))
        parallelism.forEach(batches) { batch in
          let first = batch * Self.filterBatch
          let filters = min(Self.filterBatch, filterCount - first)
          let spectra = self.bankSpectra(source.base + first * perFilter, filters: filters)
          let work = BatchWork(kernel: self, filters: filters)
          for group in 0..<self.groupCount {
            self.multiplyGroup(group, bank: spectra, filters: filters, into: work.spectra)
            self.writeGroup(
              group, filters: filters, work: work, into: out.base + first * total)
          }
        }
      }
    }
  }

  private func writeGroup(
    _ group: Int, filters: Int, work: BatchWork, into out: UnsafeMutablePointer<Float>
  ) {
    let present = blocks(in: group)
    let total = layout.sampleCount
    let scale = 1 / Float(fft.length)
    for filter in 0..<filters {
      for tileStart in stride(from: 0, to: present, by: Self.tile) {
        let count = min(Self.tile, present - tileStart)
        inverseTile(
          work.spectra, filter: filter, filters: filters, tileStart: tileStart, count: count,
          scratch: work.parts, times: work.times)
        for inTile in 0..<count {
          let start = (group * Self.groupSize + tileStart + inTile) * hop
          let valid = min(hop, total - start)
          let from = work.times + fft.length * inTile + lead
          let to = out + filter * total + start
          for index in 0..<valid { to[index] = from[index] * scale }
        }
      }
    }
  }

  /// Turns accumulated cross-spectra `[bin][row][channel]` into lags `[row][tap][channel]`.
  func lagsFromSpectra(
    _ cross: UnsafeMutablePointer<Float>, rows: Int, into out: UnsafeMutablePointer<Float>
  ) {
    let m = channelCount
    let taps = layout.filterLength
    let scale = 1 / Float(fft.length)
    let parts = UnsafeMutablePointer<Float>.allocate(capacity: 2 * bins)
    let time = UnsafeMutablePointer<Float>.allocate(capacity: fft.length)
    defer {
      parts.deallocate()
      time.deallocate()
    }
    for row in 0..<rows {
      for channel in 0..<m {
        for bin in 0..<bins {
          let place = 2 * ((bin * rows + row) * m + channel)
          parts[bin] = cross[place]
          parts[bins + bin] = cross[place + 1]
        }
        fft.inverse(parts, time)
        for tap in 0..<taps { out[(row * taps + tap) * m + channel] = time[tap] * scale }
      }
    }
  }
}

/// The scratch memory of one thread's batch of filters.
final class BatchWork {
  let spectra: UnsafeMutablePointer<Float>
  let parts: UnsafeMutablePointer<Float>
  let times: UnsafeMutablePointer<Float>

  init(kernel: OverlapSaveKernel, filters: Int) {
    let size = OverlapSaveKernel.groupSize
    let tile = OverlapSaveKernel.tile
    spectra = .allocate(capacity: 2 * kernel.bins * filters * size)
    parts = .allocate(capacity: 2 * kernel.bins * tile)
    times = .allocate(capacity: kernel.fft.length * tile)
  }

  deinit {
    spectra.deallocate()
    parts.deallocate()
    times.deallocate()
  }
}
