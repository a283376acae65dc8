import Signal
import Testing

/// The vector loops beside their definitions, those in C beside their plain twins.
struct VectorKernelTests {
  private func noise(_ count: Int, seed: UInt64) -> [Float] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float(random.normal()) }
  }

  @Test(arguments: [0, 1, 15, 16, 17, 1_000, 1_023])
  func addsScaledVectors(count: Int) {
    let source = noise(count + 5, seed: 1)
    var found = noise(count + 9, seed: 2)
    var expected = found
    VectorKernel.addScaled(source, from: 3, 0.37, into: &found, at: 7, count: count)
    for index in 0..<count { expected[7 + index] += 0.37 * source[3 + index] }
    #expect(found == expected)
  }

  @Test(arguments: [0, 1, 15, 16, 33, 1_000])
  func multipliesVectors(count: Int) {
    let (a, b) = (noise(count, seed: 3), noise(count, seed: 4))
    let exact = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(Double(VectorKernel.dot(a.span, b.span)) - exact) < 1e-3)
  }

  @Test(arguments: [1, 2, 7, 15, 16, 17, 40, 5_000])
  func findsTheMaximaOfCells(cell: Int) {
    // Coarse values, so that ties, zeros and negative runs occur; every length of the last cell.
    for count in [0, 1, 2, 16, 31, 40, 997, 1_000] {
      let source = noise(count, seed: UInt64(count)).map { ($0 * 2).rounded() - 1 }
      let found = VectorKernel.cellMaxima(source.span, cell: cell)
      let expected = PlainKernel.cellMaxima(source.span, cell: cell)
      #expect(found.heights == expected.heights && found.places == expected.places)
    }
  }

  @Test func strangeValuesMakeNoPeaks() {
    var source = noise(200, seed: 5)
    for (place, value) in [(10, Float.nan), (50, -.nan), (90, .infinity), (130, -.infinity)] {
      source[place] = value
    }
    let found = VectorKernel.cellMaxima(source.span, cell: 10)
    #expect(found.heights.allSatisfy { $0 > 0 })
    #expect(!found.places.contains { (10..<20).contains(Int($0)) })
    #expect(found.places.contains(90))
  }
}
