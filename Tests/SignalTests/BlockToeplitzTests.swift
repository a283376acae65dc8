import Testing

@testable import Signal

@Suite struct BlockToeplitzTests {
  @Test(arguments: [1, 2, 9])
  func multipliesLikeTheMatrix(length: Int) {
    var random = SeededGenerator(seed: 12)
    let order = 3
    let columns = 2
    let span = 2 * length - 1
    var generators = (0..<order).map { i in
      (i..<order).map { _ in (0..<span).map { _ in Float(random.normal()) } }
    }
    // A block on the diagonal is symmetric.
    for i in 0..<order {
      for lag in 0..<length {
        generators[i][0][length - 1 - lag] = generators[i][0][length - 1 + lag]
      }
    }
    let vectors = (0..<order).map { _ in
      (0..<(length * columns)).map { _ in Float(random.normal()) }
    }
    let product = BlockToeplitz(
      generators: generators, length: length, parallelism: .single
    ).multiply(vectors, columns: columns, parallelism: Parallelism(threadCount: 2))
    for i in 0..<order {
      for row in 0..<length {
        for column in 0..<columns {
          var sum = 0.0
          for j in 0..<order {
            for other in 0..<length {
              let lag = row - other
              let entry =
                j >= i
                ? generators[i][j - i][lag + length - 1] : generators[j][i - j][-lag + length - 1]
              sum += Double(entry) * Double(vectors[j][other * columns + column])
            }
          }
          #expect(abs(Double(product[i][row * columns + column]) - sum) < 1e-4)
        }
      }
    }
  }
}
