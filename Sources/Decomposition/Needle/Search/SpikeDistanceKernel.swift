/// Keeps in `best` the smaller of itself and the squared distances of rows and columns.
///
/// Distances are |a|^2 + |b|^2 - 2 <a, b> from the products of a block of vectors.
func keepSmallestDistance(
  _ best: inout [Float], products: [Float], rowEnergies: [Float], columnEnergies: [Float]
) {
  let rows = rowEnergies.count
  let columns = columnEnergies.count
  precondition(best.count == rows * columns && products.count == best.count, "sizes do not fit")
  best.withUnsafeMutableBufferPointer { best in
    products.withUnsafeBufferPointer { products in
      columnEnergies.withUnsafeBufferPointer { energies in
        guard let best = best.baseAddress, let products = products.baseAddress,
          let energies = energies.baseAddress
        else { return }
        for row in 0..<rows {
          let own = rowEnergies[row]
          let target = best + row * columns
          let source = products + row * columns
          for column in 0..<columns {
            let distance = own + energies[column] - 2 * source[column]
            target[column] = distance < target[column] ? distance : target[column]
          }
        }
      }
    }
  }
}

/// The squared distance of two stretches.
func squaredDistance(
  _ a: [Float], from first: Int, _ b: [Float], from second: Int, count: Int
) -> Float {
  precondition(
    first >= 0 && second >= 0 && first + count <= a.count && second + count <= b.count,
    "stretch out of range")
  return a.withUnsafeBytes { a in
    b.withUnsafeBytes { b in
      var sum = SIMD16<Float>()
      var index = 0
      while index + 16 <= count {
        let difference =
          a.loadUnaligned(fromByteOffset: 4 * (first + index), as: SIMD16<Float>.self)
          - b.loadUnaligned(fromByteOffset: 4 * (second + index), as: SIMD16<Float>.self)
        sum += difference * difference
        index += 16
      }
      var total = sum.sum()
      while index < count {
        let difference =
          a.loadUnaligned(fromByteOffset: 4 * (first + index), as: Float.self)
          - b.loadUnaligned(fromByteOffset: 4 * (second + index), as: Float.self)
        total += difference * difference
        index += 1
      }
      return total
    }
  }
}
