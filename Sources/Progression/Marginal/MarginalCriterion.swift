import RealModule

/// The restricted likelihood of a marginal model with exact derivatives by covariance component.
///
/// -2 ln L = sum ln|V_i| + ln|X'V^-1X| + (n - p) ln 2 pi + e'V^-1e. Sums over patients are taken by
/// pattern wherever the patients enter through X_i Phi X_i' and e_i e_i' only.
final class MarginalCriterion {
  let design: MarginalDesign
  let structure: any CovarianceStructure
  private let logTriangle: Double

  init(_ design: MarginalDesign, _ structure: any CovarianceStructure) {
    self.design = design
    self.structure = structure
    logTriangle =
      2 * (0..<design.p).reduce(0) { $0 + Double.log(abs(design.triangle[$1 * design.p + $1])) }
  }

  /// What one vector of components gives.
  struct Evaluation {
    var value: Double
    /// Covariance of the fixed effects in the orthonormal basis.
    var phi: [Double]
    /// Shift of the fixed effects from least squares, in the orthonormal basis.
    var beta: [Double]
    /// Residuals of the rows.
    var residuals: [Double]
    /// V^-1 of each pattern.
    var inverses: [[Double]]
    var matrices: [CovarianceMatrices]
  }

  /// The value with what derivatives need; nil where the components are impossible.
  func evaluate(_ components: [Double], order: Int = 0) -> Evaluation? {
    let (p, n) = (design.p, design.n)
    var inverses: [[Double]] = []
    var matrices: [CovarianceMatrices] = []
    var logDeterminant = 0.0
    for pattern in design.members.indices {
      let size = design.sizes[pattern]
      guard
        let own = structure.matrices(pattern: pattern, components, order: order),
        let factor = SymmetricMatrix.cholesky(own.v, size)
      else { return nil }
      let half = (0..<size).reduce(0.0) { $0 + Double.log(factor[$1 * size + $1]) }
      logDeterminant += 2 * half * Double(design.members[pattern].count)
      inverses.append(SymmetricMatrix.inverse(factor: factor, size))
      matrices.append(own)
    }
    var cross = [Double](repeating: 0, count: p * p)
    var right = [Double](repeating: 0, count: p)
    var total = 0.0
    for (pattern, members) in design.members.enumerated() {
      let (size, w) = (design.sizes[pattern], inverses[pattern])
      for patient in members {
        let start = design.starts[patient]
        addCross(w, size, start, &cross)
        for i in 0..<size {
          var sum = 0.0
          for j in 0..<size { sum += w[i * size + j] * design.residual[start + j] }
          total += sum * design.residual[start + i]
          for a in 0..<p { right[a] += design.orthonormal[(start + i) * p + a] * sum }
        }
      }
    }
    guard let factor = SymmetricMatrix.cholesky(cross, p) else { return nil }
    let beta = SymmetricMatrix.solve(factor: factor, p, right)
    let quadratic = total - zip(beta, right).reduce(0) { $0 + $1.0 * $1.1 }
    let logX = (0..<p).reduce(0.0) { $0 + 2 * Double.log(factor[$1 * p + $1]) }
    let value =
      logDeterminant + logX + logTriangle + Double(n - p) * Double.log(2 * Double.pi) + quadratic
    guard value.isFinite else { return nil }
    var residuals = design.residual
    for row in 0..<n {
      for a in 0..<p { residuals[row] -= design.orthonormal[row * p + a] * beta[a] }
    }
    return Evaluation(
      value: value, phi: SymmetricMatrix.inverse(factor: factor, p), beta: beta,
      residuals: residuals, inverses: inverses, matrices: matrices)
  }

  /// Adds X_i' M X_i.
  func addCross(_ m: [Double], _ size: Int, _ start: Int, _ sum: inout [Double]) {
    let p = design.p
    var half = [Double](repeating: 0, count: size * p)
    for i in 0..<size {
      for j in 0..<size where m[i * size + j] != 0 {
        let factor = m[i * size + j]
        for a in 0..<p { half[i * p + a] += factor * design.orthonormal[(start + j) * p + a] }
      }
    }
    for i in 0..<size {
      for a in 0..<p {
        let x = design.orthonormal[(start + i) * p + a]
        if x == 0 { continue }
        for b in 0..<p { sum[a * p + b] += x * half[i * p + b] }
      }
    }
  }

  /// Everything that tests of the fixed effects need beside the gradient and Hessian.
  struct Sums {
    var gradient: [Double]
    var hessian: [Double]
    /// tr(P V_r P V_s) / 2.
    var information: [Double]
    /// X'V^-1 V_r V^-1 X of every component (the derivative of the information, less its sign).
    var crosses: [[Double]]
    /// V^-1 V_r V^-1 of every pattern and component.
    var weighted: [[[Double]]]
  }

  /// Exact derivatives by component.
  func sums(_ at: Evaluation) -> Sums {
    let (p, count) = (design.p, structure.count)
    var crosses = [[Double]](repeating: [Double](repeating: 0, count: p * p), count: count)
    var projections = [[Double]](repeating: [Double](repeating: 0, count: p), count: count)
    var gradient = [Double](repeating: 0, count: count)
    var traces = [Double](repeating: 0, count: count * count)
    var quadratics = traces
    var bends = traces
    var weighted: [[[Double]]] = []
    for (pattern, members) in design.members.enumerated() {
      let (size, w, own) = (design.sizes[pattern], at.inverses[pattern], at.matrices[pattern])
      let weight = Double(members.count)
      let left = own.first.map { SymmetricMatrix.product(w, $0, size) }
      let both = left.map { SymmetricMatrix.product($0, w, size) }
      weighted.append(both)
      // Sums of X_i Phi X_i' and e_i e_i' over the patients of the pattern.
      var fitted = [Double](repeating: 0, count: size * size)
      var scatter = fitted
      for patient in members {
        let start = design.starts[patient]
        addFitted(at.phi, size, start, &fitted)
        for i in 0..<size {
          for j in 0..<size {
            scatter[i * size + j] += at.residuals[start + i] * at.residuals[start + j]
          }
        }
        for r in 0..<count {
          addCross(both[r], size, start, &crosses[r])
          for i in 0..<size {
            var sum = 0.0
            for j in 0..<size { sum += both[r][i * size + j] * at.residuals[start + j] }
            for a in 0..<p { projections[r][a] += design.orthonormal[(start + i) * p + a] * sum }
          }
        }
      }
      for r in 0..<count {
        gradient[r] +=
          weight * Self.trace(w, own.first[r]) - Self.trace(both[r], fitted)
          - Self.trace(both[r], scatter)
        for s in 0...r {
          let triple = SymmetricMatrix.product(left[r], both[s], size)
          let trace = weight * Self.transposedTrace(left[r], left[s], size)
          traces[r * count + s] += trace - 2 * Self.trace(triple, fitted)
          quadratics[r * count + s] += Self.trace(triple, scatter)
          if let second = own.second[r * count + s] {
            let inner = SymmetricMatrix.product(SymmetricMatrix.product(w, second, size), w, size)
            bends[r * count + s] +=
              weight * Self.trace(w, second) - Self.trace(inner, fitted)
              - Self.trace(inner, scatter)
          }
        }
      }
    }
    var hessian = [Double](repeating: 0, count: count * count)
    var information = hessian
    let mapped = crosses.map { SymmetricMatrix.product(at.phi, $0, p) }
    for r in 0..<count {
      for s in 0...r {
        let at2 = r * count + s
        let trace = traces[at2] + Self.transposedTrace(mapped[r], mapped[s], p)
        let quadratic =
          quadratics[at2] - SymmetricMatrix.form(at.phi, p, projections[r], projections[s])
        information[at2] = 0.5 * trace
        hessian[at2] = -trace + 2 * quadratic + bends[at2]
        information[s * count + r] = information[at2]
        hessian[s * count + r] = hessian[at2]
      }
    }
    return Sums(
      gradient: gradient, hessian: hessian, information: information, crosses: crosses,
      weighted: weighted)
  }

  /// Adds X_i Phi X_i'.
  private func addFitted(_ phi: [Double], _ size: Int, _ start: Int, _ sum: inout [Double]) {
    let p = design.p
    var half = [Double](repeating: 0, count: size * p)
    for i in 0..<size {
      for a in 0..<p {
        let x = design.orthonormal[(start + i) * p + a]
        if x == 0 { continue }
        for b in 0..<p { half[i * p + b] += x * phi[a * p + b] }
      }
    }
    for i in 0..<size {
      for j in 0..<size {
        var value = 0.0
        for a in 0..<p { value += half[i * p + a] * design.orthonormal[(start + j) * p + a] }
        sum[i * size + j] += value
      }
    }
  }

  /// tr(A B') of two matrices, which is tr(A B) where one of them is symmetric.
  static func trace(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for k in a.indices { sum += a[k] * b[k] }
    return sum
  }

  /// tr(A B) of two square matrices.
  static func transposedTrace(_ a: [Double], _ b: [Double], _ n: Int) -> Double {
    var sum = 0.0
    for i in 0..<n {
      for j in 0..<n { sum += a[i * n + j] * b[j * n + i] }
    }
    return sum
  }
}
