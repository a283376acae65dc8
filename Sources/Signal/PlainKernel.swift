/// The loops of `VectorKernel` that stand in C, in plain Swift: what tests compare them to and
/// benchmarks measure them against.
public enum PlainKernel {
  /// `target[at + k] += scale * source[from + k]` for k in 0..<count.
  public static func addScaled(
    _ source: [Float], from: Int, _ scale: Float, into target: inout [Float], at: Int, count: Int
  ) {
    let input = source.span.extracting(from..<(from + count))
    var output = target.mutableSpan
    var sum = output.extracting(at..<(at + count))
    for index in 0..<count { sum[index] += scale * input[index] }
  }

  /// The inner product of two vectors, in 16 partial sums that are added in order.
  public static func dot(_ a: Span<Float>, _ b: Span<Float>) -> Float {
    precondition(a.count == b.count, "vector lengths differ")
    var lanes = SIMD16<Float>(repeating: 0)
    var index = 0
    while index + 16 <= a.count {
      var (u, v) = (SIMD16<Float>(), SIMD16<Float>())
      for lane in 0..<16 {
        u[lane] = a[index + lane]
        v[lane] = b[index + lane]
      }
      lanes += u * v
      index += 16
    }
    var total: Float = 0
    for lane in 0..<16 { total += lanes[lane] }
    while index < a.count {
      total += a[index] * b[index]
      index += 1
    }
    return total
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
