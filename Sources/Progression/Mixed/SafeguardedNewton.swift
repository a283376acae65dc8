/// Newton's method with exact second derivatives, made safe away from the optimum.
///
/// Negative or tiny curvatures are replaced by their absolute value (a step always descends), steps
/// are bounded and halved until the value falls, and a stationary point with a direction of negative
/// curvature is left along it. The variance parameters need no bounds: the criterion is even in every
/// column of lambda, so that a boundary optimum is an ordinary interior one at zero.
struct SafeguardedNewton {
  /// Where the criterion is known: its value, and its derivatives on demand.
  struct Derivatives {
    let gradient: [Double]
    /// Row-major.
    let hessian: [Double]
  }

  struct Result {
    let parameters: [Double]
    let value: Double
    let iterations: Int
    let hessian: [Double]
  }

  /// Newton decrement below which the optimum counts as reached, in units of the criterion.
  var tolerance = 1e-10
  var maximumIterations = 200
  /// Newton decrement that is accepted where rounding errors leave no descent.
  var acceptance = 1e-6

  /// Minimises a criterion that may be undefined (nil) far from its optimum.
  ///
  /// - Throws: `ProgressionError.noConvergence`.
  func minimise(
    from start: [Double], value: ([Double]) -> Double?, derivatives: ([Double]) -> Derivatives?
  ) throws -> Result {
    let n = start.count
    var x = start
    guard var current = value(x) else {
      throw ProgressionError.noConvergence(found: "criterion undefined at the start")
    }
    for iteration in 1...maximumIterations {
      guard let d = derivatives(x) else {
        throw ProgressionError.noConvergence(found: "derivatives undefined")
      }
      let (curvatures, directions) = SymmetricMatrix.eigen(d.hessian, n)
      let largest = max(abs(curvatures[0]), abs(curvatures[n - 1]), 1e-300)
      var step = [Double](repeating: 0, count: n)
      var decrement = 0.0
      for k in 0..<n {
        var slope = 0.0
        for i in 0..<n { slope += directions[i * n + k] * d.gradient[i] }
        let curvature = max(abs(curvatures[k]), 1e-10 * largest)
        // The gradient of a flat direction is rounding noise.
        if abs(curvatures[k]) < 1e-9 * largest && abs(slope) < 1e-7 * largest.squareRoot() {
          continue
        }
        decrement += slope * slope / curvature
        for i in 0..<n { step[i] -= slope / curvature * directions[i * n + k] }
      }
      // A fall below the rounding errors of the criterion cannot be seen, and need not be.
      if 0.5 * decrement < max(tolerance, 16 * current.ulp) {
        if curvatures[0] < -1e-6 * largest,
          let (next, lower) = escape(
            x, current, (0..<n).map { directions[$0 * n] }, value: value)
        {
          x = next
          current = lower
          continue
        }
        // One last full step costs a single evaluation and squares the remaining error.
        let polished = zip(x, step).map(+)
        if let final = value(polished), final <= current + 1e-9 {
          return Result(
            parameters: polished, value: min(final, current), iterations: iteration,
            hessian: d.hessian)
        }
        return Result(
          parameters: x, value: current, iterations: iteration, hessian: d.hessian)
      }
      var bound = 1.0
      for i in 0..<n { bound = max(bound, abs(step[i]) / max(1, 1.5 * abs(x[i]))) }
      var share = 1 / bound
      var accepted = false
      for _ in 0..<60 {
        var next = x
        for i in 0..<n { next[i] += share * step[i] }
        if let candidate = value(next), candidate < current,
          candidate <= current - 1e-4 * share * decrement * 0.5
        {
          x = next
          current = candidate
          accepted = true
          break
        }
        share *= 0.5
      }
      if !accepted {
        // No descent is left above rounding error.
        if decrement < acceptance {
          return Result(
            parameters: x, value: current, iterations: iteration, hessian: d.hessian)
        }
        throw ProgressionError.noConvergence(found: "no descent at a decrement of \(decrement)")
      }
    }
    throw ProgressionError.noConvergence(found: "\(maximumIterations) iterations")
  }

  /// Looks along a direction of negative curvature for a lower value.
  private func escape(
    _ x: [Double], _ current: Double, _ direction: [Double], value: ([Double]) -> Double?
  ) -> ([Double], Double)? {
    var length = 0.5
    for _ in 0..<20 {
      for sign in [1.0, -1.0] {
        let next = zip(x, direction).map { $0 + sign * length * $1 }
        if let candidate = value(next), candidate < current - 1e-9 { return (next, candidate) }
      }
      length *= 0.5
    }
    return nil
  }
}
