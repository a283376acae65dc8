/// The Cholesky factor of a symmetric matrix whose lower triangle is given.
func choleskyFactor(_ matrix: inout [Float], count: Int) {
  for row in 0..<count {
    for column in 0...row {
      var sum = matrix[row * count + column]
      for inner in 0..<column {
        sum -= matrix[row * count + inner] * matrix[column * count + inner]
      }
      matrix[row * count + column] =
        row == column ? max(1e-6, sum).squareRoot() : sum / matrix[column * count + column]
    }
  }
}

/// Solves L x = b in place.
func forwardSolve(_ factor: [Float], _ vector: inout [Float], count: Int) {
  for row in 0..<count {
    var sum = vector[row]
    for inner in 0..<row { sum -= factor[row * count + inner] * vector[inner] }
    vector[row] = sum / factor[row * count + row]
  }
}

/// Solves L L' x = b in place.
func solveCholesky(_ factor: [Float], _ vector: inout [Float], count: Int) {
  forwardSolve(factor, &vector, count: count)
  for row in stride(from: count - 1, through: 0, by: -1) {
    var sum = vector[row]
    for inner in row + 1..<count { sum -= factor[inner * count + row] * vector[inner] }
    vector[row] = sum / factor[row * count + row]
  }
}
