import RealModule

/// A finite mixture of normal distributions; weights sum to one.
struct NormalMixture {
  let weights: [Double]
  let means: [Double]
  let deviations: [Double]

  var mean: Double { zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 } }

  var standardDeviation: Double {
    let centre = mean
    var variance = 0.0
    for k in weights.indices {
      let d = means[k] - centre
      variance += weights[k] * (deviations[k] * deviations[k] + d * d)
    }
    return variance.squareRoot()
  }

  func cumulative(_ x: Double) -> Double {
    var sum = 0.0
    for k in weights.indices {
      sum += weights[k] * NormalDistribution.cumulative((x - means[k]) / deviations[k])
    }
    return sum
  }

  private func density(_ x: Double) -> Double {
    var sum = 0.0
    for k in weights.indices {
      let z = (x - means[k]) / deviations[k]
      sum += weights[k] / deviations[k] * Double.exp(-0.5 * z * z)
    }
    return sum / (2 * Double.pi).squareRoot()
  }

  /// Newton's method, kept inside a bracket that is halved where a step would leave it.
  func quantile(_ p: Double) -> Double {
    let centre = mean
    let spread = standardDeviation
    var (lower, upper) = (centre - 40 * spread, centre + 40 * spread)
    var x = centre + NormalDistribution.quantile(p) * spread
    for _ in 0..<80 {
      let difference = cumulative(x) - p
      if difference < 0 { lower = x } else { upper = x }
      let slope = density(x)
      var next = slope > 0 ? x - difference / slope : .nan
      if !(next > lower && next < upper) { next = 0.5 * (lower + upper) }
      if abs(next - x) <= 1e-11 * spread { return next }
      x = next
    }
    return x
  }
}
