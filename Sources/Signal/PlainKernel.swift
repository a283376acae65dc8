/// The loops of `VectorKernel` that stand in C, in plain Swift: what tests compare them to and
/// benchmarks measure them against.
public enum PlainKernel {
  /// `target[at + k] += scale * source[from + k]` for k in 0..<count.
  public static func addScaled(
    _ source: [Float], from: Int, _ scale: Float, into target: inout [Float], at: Int, count: Int
  ) {
    precondition(
      from >= 0 && at >= 0 && from + count <= source.count && at + count <= target.count,
      "vector range out of bounds")
    let factor = SIMD16<Float>(repeating: scale)
    source.withUnsafeBufferPointer { input in
      target.withUnsafeMutableBufferPointer { output in
        guard let first = input.baseAddress, let sum = output.baseAddress else { return }
        let (x, y) = (first + from, sum + at)
        var index = 0
        while index + 16 <= count {
          let a = UnsafeRawPointer(x + index).loadUnaligned(as: SIMD16<Float>.self)
          let b = UnsafeRawPointer(y + index).loadUnaligned(as: SIMD16<Float>.self)
          UnsafeMutableRawPointer(y + index).storeBytes(of: b + a * factor, as: SIMD16<Float>.self)
          index += 16
        }
        while index < count {
          y[index] += scale * x[index]
          index += 1
        }
      }
    }
  }

  /// The first largest value of each cell of `cell` samples, where it is positive and a local
  /// maximum of the whole; a value that is not a number never is one.
  public static func cellMaxima(_ source: Span<Float>, cell: Int) -> (
    heights: [Float], places: [Int32]
  ) {
    let count = source.count
    var heights: [Float] = []
    var places: [Int32] = []
    heights.reserveCapacity(count / cell + 1)
    places.reserveCapacity(count / cell + 1)
    var start = 0
    while start < count {
      let end = min(start + cell, count)
      var best = start
      var height = source[start]
      for index in start..<end {
        if source[index] > height {
          height = source[index]
          best = index
        }
      }
      let isPeak =
        height > 0 && (best == 0 || source[best - 1] < height)
        && (best == count - 1 || source[best + 1] <= height)
      if isPeak {
        heights.append(height)
        places.append(Int32(best))
      }
      start = end
    }
    return (heights, places)
  }
}
