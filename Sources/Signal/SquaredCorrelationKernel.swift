internal import COpenBLAS

/// The fused pass of the fixed point: filter, square and correlate, group by group in cache.
extension OverlapSaveKernel {
  func squaredOutputCorrelation(
    bank: [Float], filterCount: Int, parallelism: Parallelism
  ) -> (correlation: [Float], outputSum: [Float]) {
    let perFilter = layout.filterLength * channelCount
    let batches = (filterCount + Self.filterBatch - 1) / Self.filterBatch
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
          parallelism.forEach(batches) { batch in
            let first = batch * Self.filterBatch
            let filters = min(Self.filterBatch, filterCount - first)
            self.squaredBatch(
              bank: source.base + first * perFilter, filters: filters,
              correlation: out.base + first * perFilter, sums: sumPointer.base + first)
          }
        }
      }
    }
    return (correlation, sums)
  }

  private func squaredBatch(
    bank: UnsafePointer<Float>, filters: Int, correlation: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Float>
  ) {
    let m = channelCount
    let spectra = bankSpectra(bank, filters: filters)
    let work = BatchWork(kernel: self, filters: filters)
    let total = UnsafeMutablePointer<Float>.allocate(capacity: 2 * bins * filters * m)
    defer { total.deallocate() }
    total.update(repeating: 0, count: 2 * bins * filters * m)
    var partial = [Double](repeating: 0, count: filters)
    var one: (Float, Float) = (1, 0)
    for group in 0..<groupCount {
      multiplyGroup(group, bank: spectra, filters: filters, into: work.spectra)
      squareGroup(group, filters: filters, work: work, sums: &partial)
      let x = pointer(group)
      let size = Self.groupSize
      for bin in 0..<bins {
        cblas_cgemm(
          CblasRowMajor, CblasNoTrans, CblasConjTrans, blasint(filters), blasint(m), blasint(size),
          &one, work.spectra + 2 * bin * filters * size, blasint(size), x + 2 * bin * m * size,
          blasint(size), &one, total + 2 * bin * filters * m, blasint(m))
      }
    }
    for filter in 0..<filters { sums[filter] = Float(partial[filter]) }
    lagsFromSpectra(total, rows: filters, into: correlation)
  }

  /// Squares a group's outputs in time and puts the spectra of the zero-padded squares in place.
  private func squareGroup(_ group: Int, filters: Int, work: BatchWork, sums: inout [Double]) {
    let present = blocks(in: group)
    let size = Self.groupSize
    let tile = Self.tile
    let scale = 1 / Float(fft.length)
    for filter in 0..<filters {
      for tileStart in stride(from: 0, to: size, by: tile) {
        let count = max(0, min(tile, present - tileStart))
        if count > 0 {
          inverseTile(
            work.spectra, filter: filter, filters: filters, tileStart: tileStart, count: count,
            scratch: work.parts, times: work.times)
        }
        for inTile in 0..<tile {
          let parted = work.parts + 2 * bins * inTile
          if inTile >= count {
            parted.update(repeating: 0, count: 2 * bins)
            continue
          }
          let time = work.times + fft.length * inTile
          let start = (group * size + tileStart + inTile) * hop
          let valid = min(hop, layout.sampleCount - start)
          time.update(repeating: 0, count: lead)
          var sum: Float = 0
          for index in lead..<(lead + valid) {
            let value = time[index] * scale
            sum += value
            time[index] = value * value
          }
          for index in (lead + valid)..<fft.length { time[index] = 0 }
          sums[filter] += Double(sum)
          fft.forward(time, parted)
        }
        for bin in 0..<bins {
          let row = work.spectra + 2 * ((bin * filters + filter) * size + tileStart)
          for inTile in 0..<tile {
            let parted = work.parts + 2 * bins * inTile
            row[2 * inTile] = parted[bin]
            row[2 * inTile + 1] = parted[bins + bin]
          }
        }
      }
    }
  }
}
