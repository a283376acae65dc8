internal import COpenBLAS

/// The fused pass of the fixed point: filter, square and correlate, group by group in cache.
extension OverlapSaveKernel {
  func squaredOutputCorrelation(
    bank: [Float], filterCount: Int, groups: Range<Int>, limit: Float, parallelism: Parallelism
  ) -> (correlation: [Float], outputSum: [Float]) {
    let perFilter = layout.filterLength * channelCount
    let batches = batches(of: filterCount)
    var sums = [Float](repeating: 0, count: filterCount)
    let correlation = [Float](unsafeUninitializedCapacity: filterCount * perFilter) {
      output, initialized in
      initialized = filterCount * perFilter
      guard let base = output.baseAddress else { return }
      let out = SharedPointer(base)
      sums.withUnsafeMutableBufferPointer { sumBuffer in
        bank.withUnsafeBufferPointer { bankBuffer in
          guard let bankBase = bankBuffer.baseAddress, let sumBase = sumBuffer.baseAddress
          else { return }
          let source = SharedPointer(UnsafeMutablePointer(mutating: bankBase))
          let sumPointer = SharedPointer(sumBase)
          parallelism.forEach(batches.count) { batch in
            let first = batches[batch].lowerBound
            let filters = batches[batch].count
            self.squaredBatch(
              bank: source.base + first * perFilter, filters: filters, groups: groups, limit: limit,
              correlation: out.base + first * perFilter, sums: sumPointer.base + first)
          }
        }
      }
    }
    return (correlation, sums)
  }

  private func squaredBatch(
    bank: UnsafePointer<Float>, filters: Int, groups: Range<Int>, limit: Float,
    correlation: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
  ) {
    let m = channelCount
    let size = groupSize
    let spectra = bankSpectra(bank, filters: filters)
    let outputs = AlignedFloats(count: 2 * bins * filters * size)
    let work = TileWork(self)
    // [bin][part of the square][filter][part of the signal][channel]
    let total = AlignedFloats(count: 4 * bins * filters * m)
    total.base.update(repeating: 0, count: 4 * bins * filters * m)
    var partial = [Double](repeating: 0, count: filters)
    for group in groups {
      multiplyGroup(group, bank: spectra, filters: filters, into: outputs.base)
      squareGroup(
        group, outputs: outputs, filters: filters, limit: limit, work: work, sums: &partial)
      let x = pointer(group)
      for bin in 0..<bins {
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, blasint(2 * filters), blasint(2 * m),
          blasint(size), 1, outputs.base + 2 * bin * filters * size, blasint(size),
          x + 2 * bin * m * size, blasint(size), 1, total.base + 4 * bin * filters * m,
          blasint(2 * m))
      }
    }
    for filter in 0..<filters { sums[filter] = Float(partial[filter]) }
    let parts = AlignedFloats(count: 2 * bins * m)
    for filter in 0..<filters {
      for bin in 0..<bins {
        // The square times the conjugate of the signal.
        let upper = total.base + (4 * bin * filters + 2 * filter) * m
        let lower = upper + 2 * filters * m
        let real = parts.base + bin * m
        let imaginary = parts.base + (bins + bin) * m
        for channel in 0..<m {
          real[channel] = upper[channel] + lower[m + channel]
          imaginary[channel] = lower[channel] - upper[m + channel]
        }
      }
      transforms.inverse(
        parts.base, columns: m, into: correlation + filter * layout.filterLength * m)
    }
  }

  /// Squares a group's outputs in time and puts the spectra of the zero-padded squares in place.
  private func squareGroup(
    _ group: Int, outputs: AlignedFloats, filters: Int, limit: Float, work: TileWork,
    sums: inout [Double]
  ) {
    let present = blocks(in: group)
    let scale = 1 / Float(fft.length)
    for filter in 0..<filters {
      for tileStart in stride(from: 0, to: present, by: Self.tile) {
        tileFromSpectra(
          outputs.base, rows: filters, row: filter, tileStart: tileStart, work: work)
        for pair in 0..<(Self.tile / 2) {
          let place = tileStart + 2 * pair
          let valid = (place..<(place + 2)).map {
            $0 < present ? min(hop, layout.sampleCount - start(of: $0, in: group)) : 0
          }
          sums[filter] += Double(
            squarePair(
              work.times(pair), first: valid[0], second: valid[1], scale: scale, limit: limit))
        }
        spectraFromTile(
          work, into: outputs.base, rows: filters, row: filter, tileStart: tileStart)
      }
      // Places without a block hold zeros from the product on.
    }
  }

  /// Squares the new samples of two interleaved blocks, limited in size, zeroes the rest, and
  /// returns their sum.
  private func squarePair(
    _ time: UnsafeMutablePointer<Float>, first: Int, second: Int, scale: Float, limit: Float
  ) -> Float {
    let n = fft.length
    time.update(repeating: 0, count: 2 * lead)
    var total = SIMD8<Float>(repeating: 0)
    let (lowest, highest) = (SIMD8<Float>(repeating: -limit), SIMD8<Float>(repeating: limit))
    var index = 2 * lead
    let both = 2 * (lead + min(first, second))
    while index + 8 <= both {
      let raw = UnsafeMutableRawPointer(time + index)
      let value = pointwiseMin(
        pointwiseMax(raw.loadUnaligned(as: SIMD8<Float>.self) * scale, lowest), highest)
      total += value
      raw.storeBytes(of: value * value, as: SIMD8<Float>.self)
      index += 8
    }
    var sum = total.sum()
    let (endOfFirst, endOfSecond) = (2 * (lead + first), 2 * (lead + second) + 1)
    while index < 2 * n {
      let isValid = index % 2 == 0 ? index < endOfFirst : index < endOfSecond
      let value = isValid ? min(limit, max(-limit, time[index] * scale)) : 0
      sum += value
      time[index] = value * value
      index += 1
    }
    return sum
  }
}
