/// Adds `scale` times one channel of a template at each time to a signal, clipped at its ends.
func addTemplate(
  _ template: [Float], offset: Int, length: Int, at times: [Int], half: Int, scale: Float,
  to signal: inout [Float]
) {
  precondition(offset >= 0 && offset + length <= template.count, "template out of range")
  template.withUnsafeBufferPointer { source in
    signal.withUnsafeMutableBufferPointer { target in
      guard let source = source.baseAddress, let base = target.baseAddress else { return }
      for time in times {
        let low = max(0, time - half)
        let high = min(target.count, time - half + length)
        if low >= high { continue }
        let shift = source + offset - (time - half)
        for index in low..<high { base[index] += scale * shift[index] }
      }
    }
  }
}

/// Copies a stretch of one array into another.
func copyWindow(_ source: [Float], from start: Int, count: Int, to target: inout [Float], at: Int) {
  precondition(
    start >= 0 && start + count <= source.count && at >= 0 && at + count <= target.count,
    "window out of range")
  source.withUnsafeBufferPointer { source in
    target.withUnsafeMutableBufferPointer { target in
      if let from = source.baseAddress, let to = target.baseAddress {
        (to + at).update(from: from + start, count: count)
      }
    }
  }
}

/// The mean of each column after `trim` of its values is cut at either end; 0.5 gives the median.
///
/// `values` holds rows x columns, row by row. All columns are sorted at once by a merge-exchange
/// network over the rows (Batcher 1968; Knuth, vol. 3, algorithm 5.2.2M), which needs no branch.
func columnTrimmedMean(_ values: [Float], rows: Int, trim: Double) -> [Float] {
  precondition(rows > 0 && values.count % rows == 0, "rows do not divide the values")
  let columns = values.count / rows
  let cut = min(Int(trim * Double(rows)), (rows - 1) / 2)
  let block = 32
  var result = [Float](repeating: 0, count: columns)
  var work = [Float](repeating: 0, count: rows * block)
  values.withUnsafeBufferPointer { source in
    work.withUnsafeMutableBufferPointer { work in
      guard let source = source.baseAddress, let work = work.baseAddress else { return }
      var first = 0
      while first < columns {
        let width = min(block, columns - first)
        for row in 0..<rows {
          let from = source + row * columns + first
          let to = work + row * block
          for column in 0..<width { to[column] = from[column] }
        }
        sortColumns(work, rows: rows, block: block)
        for column in 0..<width {
          var sum: Float = 0
          for row in cut..<rows - cut { sum += work[row * block + column] }
          result[first + column] = sum / Float(rows - 2 * cut)
        }
        first += width
      }
    }
  }
  return result
}

private func sortColumns(_ work: UnsafeMutablePointer<Float>, rows: Int, block: Int) {
  if rows < 2 { return }
  var top = 1
  while top * 2 < rows { top *= 2 }
  var p = top
  while p > 0 {
    var q = top
    var r = 0
    var d = p
    while true {
      for i in 0..<(rows - d) where i & p == r {
        exchange(work + i * block, work + (i + d) * block, block)
      }
      if q == p { break }
      d = q - p
      q /= 2
      r = p
    }
    p /= 2
  }
}

/// Puts the smaller of each two values into the first row; `count` is a multiple of 16.
@inline(__always)
private func exchange(
  _ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>, _ count: Int
) {
  let first = UnsafeMutableRawPointer(a)
  let second = UnsafeMutableRawPointer(b)
  for offset in stride(from: 0, to: 4 * count, by: 64) {
    let x = first.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
    let y = second.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
    let isAscending = x .< y
    first.storeBytes(
      of: y.replacing(with: x, where: isAscending), toByteOffset: offset, as: SIMD16<Float>.self)
    second.storeBytes(
      of: x.replacing(with: y, where: isAscending), toByteOffset: offset, as: SIMD16<Float>.self)
  }
}

/// The inner product of two stretches.
func dot(_ a: [Float], from first: Int, _ b: [Float], from second: Int, count: Int) -> Float {
  precondition(
    first >= 0 && second >= 0 && first + count <= a.count && second + count <= b.count,
    "stretch out of range")
  return a.withUnsafeBytes { a in
    b.withUnsafeBytes { b in
      var sum = SIMD16<Float>()
      var index = 0
      while index + 16 <= count {
        let x = a.loadUnaligned(fromByteOffset: 4 * (first + index), as: SIMD16<Float>.self)
        let y = b.loadUnaligned(fromByteOffset: 4 * (second + index), as: SIMD16<Float>.self)
        sum += x * y
        index += 16
      }
      var total = sum.sum()
      while index < count {
        total +=
          a.loadUnaligned(fromByteOffset: 4 * (first + index), as: Float.self)
          * b.loadUnaligned(fromByteOffset: 4 * (second + index), as: Float.self)
        index += 1
      }
      return total
    }
  }
}
