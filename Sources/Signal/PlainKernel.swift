/// The loops of `VectorKernel` that stand in C, in plain Swift: what tests compare them to and
/// benchmarks measure them against.
public enum PlainKernel {
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
