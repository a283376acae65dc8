internal import COpenBLAS

/// The memory and the loops behind `OverlapSaveSpectra`.
///
/// Blocks are kept in groups of at most `largestGroup`; a group holds, for each bin, a real matrix
/// of 2 channels x blocks: the real parts of all channels over the imaginary ones. A product with
/// complex filters is then one real matrix product, with [Re -Im; Im Re] on its left. Groups are
/// interleaved in time (block b belongs to group b modulo the number of groups): each is an even
/// sample of the whole signal.
final class OverlapSaveKernel: @unchecked Sendable {
  /// Most blocks a group; a multiple of `tile`.
  static let largestGroup = 64
  /// Blocks transformed together, so that runs of memory are written when bins are gathered.
  static let tile = 8
  /// Most filters handled together by one thread.
  static let filterBatch = 40

  let layout: BlockLayout
  let channelCount: Int
  let fft: RealFFT
  let bins: Int
  let groupCount: Int
  /// Places for blocks in each group; a multiple of `tile`.
  let groupSize: Int
  private let spectra: AlignedFloats
  let groupStride: Int
  let hop: Int
  let lead: Int
  let transforms: ShortTransforms

  init(signal: TimeMajorSignal, layout: BlockLayout, parallelism: Parallelism) {
    DenseMatrix.prepare()
    self.layout = layout
    channelCount = signal.channelCount
    fft = RealFFT(length: layout.fftLength)
    bins = fft.binCount
    hop = layout.hop
    lead = layout.filterLength - 1
    transforms = ShortTransforms(taps: layout.filterLength, length: layout.fftLength)
    groupCount = (layout.blockCount + Self.largestGroup - 1) / Self.largestGroup
    let filled = (layout.blockCount + groupCount - 1) / groupCount
    groupSize = (filled + Self.tile - 1) / Self.tile * Self.tile
    groupStride = 2 * bins * channelCount * groupSize
    spectra = AlignedFloats(count: groupStride * groupCount)
    precondition(signal.padding >= lead, "the signal is padded less than one filter")
    signal.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      let source = SharedPointer(UnsafeMutablePointer(mutating: base))
      let origin = signal.padding
      parallelism.forEach(groupCount) { group in
        self.transformGroup(group, source: source.base, origin: origin)
      }
    }
  }

  /// A group's matrices, `[bin][part][channel][place]`.
  func pointer(_ group: Int) -> UnsafeMutablePointer<Float> {
    spectra.base + group * groupStride
  }

  func blocks(in group: Int) -> Int {
    (layout.blockCount - group + groupCount - 1) / groupCount
  }

  /// The first new sample of a block of a group.
  func start(of place: Int, in group: Int) -> Int { (place * groupCount + group) * hop }

  /// Transforms every channel of one group of blocks.
  private func transformGroup(_ group: Int, source: UnsafeMutablePointer<Float>, origin: Int) {
    let m = channelCount
    let work = TileWork(self)
    let present = blocks(in: group)
    let target = pointer(group)
    for channel in 0..<m {
      for tileStart in stride(from: 0, to: groupSize, by: Self.tile) {
        for inTile in 0..<Self.tile {
          let place = tileStart + inTile
          let pair = work.times(inTile / 2) + inTile % 2
          var written = 0
          if place < present {
            let first = start(of: place, in: group)
            let end = min(first + hop, layout.sampleCount)
            var from = source + (first - lead + origin) * m + channel
            written = end - first + lead
            for index in 0..<written {
              pair[2 * index] = from.pointee
              from += m
            }
          }
          for index in written..<fft.length { pair[2 * index] = 0 }
        }
        spectraFromTile(work, into: target, rows: m, row: channel, tileStart: tileStart)
      }
    }
  }

  /// Transforms the tile of blocks in `work.times` and puts the spectra in their row.
  ///
  /// `target` is `[bin][part][row][place]` with `rows` rows.
  func spectraFromTile(
    _ work: TileWork, into target: UnsafeMutablePointer<Float>, rows: Int, row: Int, tileStart: Int
  ) {
    let n = fft.length
    let size = groupSize
    let pairs = Self.tile / 2
    for pair in 0..<pairs { fft.forwardPair(work.times(pair), work.parts(pair)) }
    // Of a + i b, the spectrum of a is the part that is Hermitian, that of b the rest.
    for bin in 0..<bins {
      let mirror = bin == 0 ? 0 : n - bin
      let real = target + (2 * bin * rows + row) * size + tileStart
      let imaginary = real + rows * size
      for pair in 0..<pairs {
        let z = work.parts(pair)
        let (ar, ai) = (z[2 * bin], z[2 * bin + 1])
        let (br, bi) = (z[2 * mirror], z[2 * mirror + 1])
        real[2 * pair] = 0.5 * (ar + br)
        imaginary[2 * pair] = 0.5 * (ai - bi)
        real[2 * pair + 1] = 0.5 * (ai + bi)
        imaginary[2 * pair + 1] = 0.5 * (br - ar)
      }
    }
  }

  /// A tile of one row back to time, into `work.times`, times the transform's length.
  func tileFromSpectra(
    _ source: UnsafeMutablePointer<Float>, rows: Int, row: Int, tileStart: Int, work: TileWork
  ) {
    let n = fft.length
    let size = groupSize
    let pairs = Self.tile / 2
    for bin in 0..<bins {
      let real = source + (2 * bin * rows + row) * size + tileStart
      let imaginary = real + rows * size
      let mirror = n - bin
      for pair in 0..<pairs {
        let z = work.parts(pair)
        let (ar, ai) = (real[2 * pair], imaginary[2 * pair])
        let (br, bi) = (real[2 * pair + 1], imaginary[2 * pair + 1])
        z[2 * bin] = ar - bi
        z[2 * bin + 1] = ai + br
        if bin > 0 && mirror > bin {
          z[2 * mirror] = ar + bi
          z[2 * mirror + 1] = br - ai
        }
      }
    }
    for pair in 0..<pairs { fft.inversePair(work.parts(pair), work.times(pair)) }
  }

  /// The spectra of a bank of filters as real matrices, `[bin][part][filter][part][channel]`:
  /// 2 filters x 2 channels with the blocks [Re -Im; Im Re].
  func bankSpectra(_ bank: UnsafePointer<Float>, filters: Int) -> AlignedFloats {
    let m = channelCount
    let result = AlignedFloats(count: 4 * bins * filters * m)
    let parts = AlignedFloats(count: 2 * bins * m)
    for filter in 0..<filters {
      transforms.forward(
        bank + filter * layout.filterLength * m, columns: m, into: parts.base)
      for bin in 0..<bins {
        let real = parts.base + bin * m
        let imaginary = parts.base + (bins + bin) * m
        let upper = result.base + (4 * bin * filters + 2 * filter) * m
        let lower = upper + 2 * filters * m
        for channel in 0..<m {
          upper[channel] = real[channel]
          upper[m + channel] = -imaginary[channel]
          lower[channel] = imaginary[channel]
          lower[m + channel] = real[channel]
        }
      }
    }
    return result
  }

  /// Output spectra of one group for a batch of filters: `[bin][part][filter][place]`.
  func multiplyGroup(
    _ group: Int, bank: AlignedFloats, filters: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let m = channelCount
    let size = groupSize
    let x = pointer(group)
    for bin in 0..<bins {
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(2 * filters), blasint(size),
        blasint(2 * m), 1, bank.base + 4 * bin * filters * m, blasint(2 * m),
        x + 2 * bin * m * size, blasint(size), 0, target + 2 * bin * filters * size, blasint(size))
    }
  }

  /// Filters in batches of nearly equal size, whatever the number of threads.
  func batches(of filterCount: Int) -> [Range<Int>] {
    let count = (filterCount + Self.filterBatch - 1) / Self.filterBatch
    return (0..<count).map { (filterCount * $0 / count)..<(filterCount * ($0 + 1) / count) }
  }

  func filter(bank: [Float], filterCount: Int, parallelism: Parallelism) -> [Float] {
    let total = layout.sampleCount
    let perFilter = layout.filterLength * channelCount
    let batches = batches(of: filterCount)
    return [Float](unsafeUninitializedCapacity: filterCount * total) { output, initialized in
      initialized = filterCount * total
      guard let base = output.baseAddress else { return }
      let out = SharedPointer(base)
      bank.withUnsafeBufferPointer { bankBuffer in
        guard let bankBase = bankBuffer.baseAddress else { return }
        let source = SharedPointer(UnsafeMutablePointer(mutating: bankBase))
        parallelism.forEach(batches.count) { batch in
          let first = batches[batch].lowerBound
          let filters = batches[batch].count
          let spectra = self.bankSpectra(source.base + first * perFilter, filters: filters)
          let outputs = AlignedFloats(count: 2 * self.bins * filters * self.groupSize)
          let work = TileWork(self)
          for group in 0..<self.groupCount {
            self.multiplyGroup(group, bank: spectra, filters: filters, into: outputs.base)
            self.writeGroup(
              group, outputs: outputs, filters: filters, work: work, into: out.base + first * total)
          }
        }
      }
    }
  }

  private func writeGroup(
    _ group: Int, outputs: AlignedFloats, filters: Int, work: TileWork,
    into out: UnsafeMutablePointer<Float>
  ) {
    let present = blocks(in: group)
    let total = layout.sampleCount
    let scale = 1 / Float(fft.length)
    for filter in 0..<filters {
      for tileStart in stride(from: 0, to: present, by: Self.tile) {
        tileFromSpectra(
          outputs.base, rows: filters, row: filter, tileStart: tileStart, work: work)
        for inTile in 0..<min(Self.tile, present - tileStart) {
          let start = self.start(of: tileStart + inTile, in: group)
          let valid = min(hop, total - start)
          let from = work.times(inTile / 2) + 2 * lead + inTile % 2
          let to = out + filter * total + start
          for index in 0..<valid { to[index] = from[2 * index] * scale }
        }
      }
    }
  }
}

/// The scratch memory of one thread: a tile of blocks in pairs, in time and in frequency.
final class TileWork {
  private let timeMemory: AlignedFloats
  private let partMemory: AlignedFloats
  private let stride: Int

  init(_ kernel: OverlapSaveKernel) {
    stride = AlignedFloats.stride(2 * kernel.fft.length)
    timeMemory = AlignedFloats(count: stride * OverlapSaveKernel.tile / 2)
    partMemory = AlignedFloats(count: stride * OverlapSaveKernel.tile / 2)
  }

  /// Two blocks' samples, interleaved.
  func times(_ pair: Int) -> UnsafeMutablePointer<Float> { timeMemory.base + pair * stride }

  /// The spectrum of two blocks.
  func parts(_ pair: Int) -> UnsafeMutablePointer<Float> { partMemory.base + pair * stride }
}
