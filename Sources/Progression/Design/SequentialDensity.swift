import RealModule

/// The density of a test statistic that went on past its earlier looks.
///
/// Recursive numerical integration (Armitage, McPherson and Rowe 1969; Jennison and Turnbull 2000, ch. 19): the
/// statistic z at information t is normal about drift * sqrt(t) with variance one and independent
/// increments of z sqrt(t).
struct SequentialDensity {
  private let drift: Double
  private let information: Double
  private let points: [Double]
  private let masses: [Double]

  /// Before the first look.
  init(drift: Double) {
    self.drift = drift
    information = 0
    points = [0]
    masses = [1]
  }

  private init(drift: Double, information: Double, points: [Double], masses: [Double]) {
    self.drift = drift
    self.information = information
    self.points = points
    self.masses = masses
  }

  /// The probability of going on to information `t` and being above `bound` there.
  func above(_ bound: Double, at t: Double) -> Double {
    let step = t - information
    return zip(points, masses).reduce(0) { sum, own in
      let rest =
        own.0 * information.squareRoot() + drift * step - bound * t.squareRoot()
      return sum + own.1 * NormalDistribution.cumulative(rest / step.squareRoot())
    }
  }

  /// The probability of going on to information `t` and being below `bound` there.
  func below(_ bound: Double, at t: Double) -> Double {
    let step = t - information
    return zip(points, masses).reduce(0) { sum, own in
      let rest =
        bound * t.squareRoot() - own.0 * information.squareRoot() - drift * step
      return sum + own.1 * NormalDistribution.cumulative(rest / step.squareRoot())
    }
  }

  /// The density between two bounds at information `t`.
  func between(_ lower: Double, _ upper: Double, at t: Double) -> SequentialDensity {
    let step = t - information
    let centre = drift * t.squareRoot()
    let (low, high) = (max(lower, centre - 8.5), min(upper, centre + 8.5))
    guard high > low else {
      return SequentialDensity(drift: drift, information: t, points: [], masses: [])
    }
    let panels = max(4, Int(((high - low) * 1.5 / min(1, (step / t).squareRoot())).rounded(.up)))
    let width = (high - low) / Double(panels)
    var points: [Double] = []
    var masses: [Double] = []
    for panel in 0..<panels {
      for (x, weight) in Self.nodes {
        let z = low + width * (Double(panel) + 0.5 * (x + 1))
        var density = 0.0
        for (before, mass) in zip(self.points, self.masses) {
          let rest =
            z * t.squareRoot() - before * information.squareRoot() - drift * step
          density += mass * Double.exp(-0.5 * rest * rest / step)
        }
        points.append(z)
        masses.append(
          0.5 * width * weight * density * (t / (2 * Double.pi * step)).squareRoot())
      }
    }
    return SequentialDensity(drift: drift, information: t, points: points, masses: masses)
  }

  /// Nodes and weights of Gauss and Legendre on -1 to 1 (Golub and Welsch 1969).
  private static let nodes: [(Double, Double)] = {
    let count = 6
    var jacobi = [Double](repeating: 0, count: count * count)
    for i in 1..<count {
      let k = Double(i)
      jacobi[i * count + i - 1] = k / (4 * k * k - 1).squareRoot()
      jacobi[(i - 1) * count + i] = jacobi[i * count + i - 1]
    }
    let (values, vectors) = SymmetricMatrix.eigen(jacobi, count)
    return (0..<count).map { (values[$0], 2 * vectors[$0] * vectors[$0]) }
  }()
}
