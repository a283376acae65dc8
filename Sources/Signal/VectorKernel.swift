internal import CKernels

/// Loops over contiguous single-precision vectors and row-major matrices.
public enum VectorKernel {
  /// `target[at + k] += scale * source[from + k]` for k in 0..<count.
  public static func addScaled(
    _ source: [Float], from: Int, _ scale: Float, into target: inout [Float], at: Int, count: Int
  ) {
    precondition(
      from >= 0 && at >= 0 && from + count <= source.count && at + count <= target.count,
      "vector range out of bounds")
    source.withUnsafeBufferPointer { input in
      target.withUnsafeMutableBufferPointer { output in
        guard let x = input.baseAddress, let y = output.baseAddress else { return }
        Signal.addScaled(x + from, scale, y + at, count)
      }
    }
  }

  /// Row-major matrices with `scales.count` columns: target += source with each column scaled.
  public static func addColumnScaled(
    _ source: [Float], _ scales: [Float], into target: inout [Float]
  ) {
    let columns = scales.count
    precondition(
      source.count == target.count && columns > 0 && source.count % columns == 0,
      "matrix sizes differ")
    let x = source.span
    let factors = scales.span
    var y = target.mutableSpan
    for row in stride(from: 0, to: x.count, by: columns) {
      for column in 0..<columns { y[row + column] += factors[column] * x[row + column] }
    }
  }

  /// Adds to `total` the column-wise products of two row-major matrices.
  public static func addColumnProducts(_ a: [Float], _ b: [Float], into total: inout [Float]) {
    let columns = total.count
    precondition(
      a.count == b.count && columns > 0 && a.count % columns == 0, "matrix sizes differ")
    let x = a.span
    let y = b.span
    var sum = total.mutableSpan
    for row in stride(from: 0, to: x.count, by: columns) {
      for column in 0..<columns { sum[column] += x[row + column] * y[row + column] }
    }
  }

  /// The inner product of two vectors.
  public static func dot(_ a: Span<Float>, _ b: Span<Float>) -> Float {
    precondition(a.count == b.count, "vector lengths differ")
    return a.withUnsafeBufferPointer { first in
      b.withUnsafeBufferPointer { second in
        guard let x = first.baseAddress, let y = second.baseAddress else { return 0 }
        var lanes = SIMD16<Float>(repeating: 0)
        var index = 0
        while index + 16 <= first.count {
          let u = UnsafeRawPointer(x + index).loadUnaligned(as: SIMD16<Float>.self)
          let v = UnsafeRawPointer(y + index).loadUnaligned(as: SIMD16<Float>.self)
          lanes += u * v
          index += 16
        }
        var total = lanes.sum()
        while index < first.count {
          total += x[index] * y[index]
          index += 1
        }
        return total
      }
    }
  }

  /// The first largest value of each cell of `cell` samples (the last one may be shorter), where
  /// it is positive and a local maximum of the whole.
  ///
  /// A value that is not a number never is one. Places ascend.
  public static func cellMaxima(_ source: Span<Float>, cell: Int) -> (
    heights: [Float], places: [Int32]
  ) {
    precondition(cell > 0 && source.count < Int(Int32.max), "cells need a size")
    let room = source.count / cell + 1
    var places: [Int32] = []
    let heights = [Float](unsafeUninitializedCapacity: room) { heights, found in
      places = [Int32](unsafeUninitializedCapacity: room) { places, count in
        count = source.withUnsafeBufferPointer { samples in
          guard let from = samples.baseAddress, let top = heights.baseAddress,
            let place = places.baseAddress
          else { return 0 }
          return motorpool_cell_maxima(from, samples.count, cell, top, place)
        }
        found = count
      }
    }
    return (heights, places)
  }
}
