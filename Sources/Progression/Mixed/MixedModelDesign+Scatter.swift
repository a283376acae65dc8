import RealModule

extension MixedModelDesign {
  /// Share of the sum of squares that the random effects of the patients leave unexplained.
  ///
  /// Where it is zero, so is the residual variance, the criterion has no minimum, and a fit has to say
  /// so rather than that it did not converge.
  var residualScatter: Double {
    var rest = 0.0
    var total = 0.0
    for subject in subjects.indices {
      let rows = starts[subject]..<starts[subject + 1]
      var values = Array(residual[rows])
      total += values.reduce(0) { $0 + $1 * $1 }
      var basis: [[Double]] = []
      for column in 0..<q {
        var own = rows.map { random[$0 * q + column] }
        let before = Self.product(own, own)
        // Twice, as one pass leaves rounding errors of the size that is looked for.
        for _ in 0..<2 {
          for known in basis { Self.subtract(Self.product(known, own), known, from: &own) }
        }
        let length = Self.product(own, own).squareRoot()
        guard before > 0, length > 1e-9 * before.squareRoot() else { continue }
        basis.append(own.map { $0 / length })
      }
      for _ in 0..<2 {
        for known in basis { Self.subtract(Self.product(known, values), known, from: &values) }
      }
      rest += values.reduce(0) { $0 + $1 * $1 }
    }
    return total > 0 ? rest / total : 0
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func subtract(_ share: Double, _ column: [Double], from rest: inout [Double]) {
    for i in rest.indices { rest[i] -= share * column[i] }
  }
}
