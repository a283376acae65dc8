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
