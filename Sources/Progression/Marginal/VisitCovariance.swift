import RealModule

/// Covariance of the planned visits of a trial.
public enum VisitCovariance: String, Codable, Sendable, CaseIterable {
  /// A variance for each visit and a covariance for each pair.
  case unstructured
  /// One variance and one covariance.
  case compoundSymmetry = "compound-symmetry"
  /// One variance; correlations fall by a constant factor from visit to visit.
  case autoregressive = "ar1"
  /// One variance and a covariance for each distance between visits.
  case toeplitz
}

/// The covariance structure of visits, for patterns of those that a patient kept.
struct VisitCovarianceStructure: CovarianceStructure {
  let kind: VisitCovariance
  let visits: Int
  /// The visits of each pattern.
  let patterns: [[Int]]

  var count: Int {
    switch kind {
    case .unstructured: visits * (visits + 1) / 2
    case .compoundSymmetry, .autoregressive: visits > 1 ? 2 : 1
    case .toeplitz: visits
    }
  }

  var names: [String] {
    switch kind {
    case .unstructured:
      (0..<visits).flatMap { a in (0...a).map { "covariance \(a + 1),\($0 + 1)" } }
    case .compoundSymmetry: Array(["variance", "covariance"].prefix(count))
    case .autoregressive: Array(["variance", "correlation"].prefix(count))
    case .toeplitz: (0..<visits).map { $0 == 0 ? "variance" : "covariance \($0) apart" }
    }
  }

  /// The component of a pair of visits in the linear structures.
  private func place(_ a: Int, _ b: Int) -> Int {
    switch kind {
    case .unstructured: max(a, b) * (max(a, b) + 1) / 2 + min(a, b)
    case .compoundSymmetry: a == b ? 0 : 1
    case .autoregressive, .toeplitz: abs(a - b)
    }
  }

  func matrices(pattern: Int, _ components: [Double], order: Int) -> CovarianceMatrices? {
    let own = patterns[pattern]
    let n = own.count
    if kind == .autoregressive && count == 2 {
      return autoregressive(own, components[0], components[1], order: order)
    }
    var result = CovarianceMatrices(v: [Double](repeating: 0, count: n * n))
    if order > 0 {
      result.first = [[Double]](repeating: [Double](repeating: 0, count: n * n), count: count)
    }
    for i in 0..<n {
      for j in 0..<n {
        let k = place(own[i], own[j])
        result.v[i * n + j] = components[k]
        if order > 0 { result.first[k][i * n + j] = 1 }
      }
    }
    return result
  }

  private func autoregressive(
    _ own: [Int], _ variance: Double, _ rho: Double, order: Int
  ) -> CovarianceMatrices? {
    guard abs(rho) < 1, variance > 0 else { return nil }
    let n = own.count
    func matrix(_ value: (Int) -> Double) -> [Double] {
      (0..<n * n).map { value(abs(own[$0 / n] - own[$0 % n])) }
    }
    func power(_ k: Int) -> Double { k < 0 ? 0 : Double.pow(rho, k) }
    var result = CovarianceMatrices(v: matrix { variance * power($0) })
    guard order > 0 else { return result }
    result.first = [matrix { power($0) }, matrix { variance * Double($0) * power($0 - 1) }]
    guard order > 1 else { return result }
    result.second[2] = matrix { Double($0) * power($0 - 1) }
    result.second[3] = matrix { variance * Double($0 * ($0 - 1)) * power($0 - 2) }
    return result
  }

  /// Components near those of residuals, always a possible covariance.
  ///
  /// - Parameter residuals: for each patient its visits with their residuals.
  func start(_ residuals: [[(visit: Int, value: Double)]]) -> [Double] {
    var squares = [Double](repeating: 0, count: visits)
    var counts = squares
    var products = 0.0
    var pairs = 0.0
    for own in residuals {
      for (index, item) in own.enumerated() {
        squares[item.visit] += item.value * item.value
        counts[item.visit] += 1
        for other in own[..<index] {
          products += item.value * other.value
          pairs += 1
        }
      }
    }
    let mean = max(1e-12, squares.reduce(0, +) / max(1, counts.reduce(0, +)))
    let rho = min(0.9, max(0.05, pairs > 0 ? products / pairs / mean : 0))
    let variances = zip(squares, counts).map { $1 > 1 ? max($0 / $1, 0.05 * mean) : mean }
    switch kind {
    case .unstructured:
      return (0..<visits).flatMap { a in
        (0...a).map { b in
          a == b ? variances[a] : rho * (variances[a] * variances[b]).squareRoot()
        }
      }
    case .compoundSymmetry: return Array([mean, rho * mean].prefix(count))
    case .autoregressive: return Array([mean, rho].prefix(count))
    case .toeplitz: return (0..<visits).map { mean * Double.pow(rho, $0) }
    }
  }
}
