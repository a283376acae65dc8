import RealModule

/// Gauss-Hermite quadrature for expectations over a standard normal variable.
enum GaussHermite {
  /// Nodes and weights with sum(weight * f(x)) near E f(Z).
  ///
  /// Eigenvalues of the Jacobi matrix of the probabilists' Hermite polynomials (Golub and Welsch 1969).
  static func nodes(_ count: Int) -> [(x: Double, weight: Double)] {
    precondition(count > 0, "at least one node")
    var jacobi = [Double](repeating: 0, count: count * count)
    for i in 1..<max(count, 1) {
      jacobi[i * count + i - 1] = Double(i).squareRoot()
      jacobi[(i - 1) * count + i] = Double(i).squareRoot()
    }
    let (values, vectors) = SymmetricMatrix.eigen(jacobi, count)
    return (0..<count).map { (values[$0], vectors[$0] * vectors[$0]) }
  }
}
