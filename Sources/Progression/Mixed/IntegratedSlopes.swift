import RealModule

/// The posterior of one patient's change of slope with the variance parameters integrated out.
public struct IntegratedSlope: Sendable, Codable, Equatable {
  /// The patient's pseudonym.
  public let subject: String
  /// Mean and SD of slope and change over the mixture.
  public let slopes: SubjectSlopes
  /// P(d > 0).
  public let probabilityOfSlowing: Double
  /// P(d undoes at least half of the slope before therapy).
  public let probabilityOfHalving: Double
  /// 95 % interval of the change of slope.
  public let lower: Double
  /// Upper end of that interval.
  public let upper: Double
}

/// The posterior of all patients and of the cohort over a grid of the variance parameters.
public struct IntegratedPosterior: Sendable, Codable, Equatable {
  /// Every patient.
  public let subjects: [IntegratedSlope]
  /// The cohort's fixed effects: mean, SD and 95 % interval, by name.
  public let effects: [Effect]
  /// Points of the grid that carry weight.
  public let points: Int

  /// One fixed effect.
  public struct Effect: Sendable, Codable, Equatable {
    /// Its name.
    public let name: String
    /// Posterior mean.
    public let mean: Double
    /// Posterior SD.
    public let standardDeviation: Double
    /// Lower end of the 95 % interval.
    public let lower: Double
    /// Upper end of the 95 % interval.
    public let upper: Double
    /// P(effect > 0).
    public let probabilityPositive: Double
  }
}

extension MixedModelFit {
  /// Integrates the posterior over the variance parameters.
  ///
  /// SDs have Gamma(2) priors, correlations are uniform, ln of the residual SD is normal. The density
  /// is explored from its mode on a lattice along the axes of its curvature (Rue, Martino and Chopin
  /// 2009, section 3); given the variances every posterior is normal. Meant for small cohorts and
  /// boundary fits; not for the fully correlated model nor for known errors.
  /// - Throws: `ProgressionError.notEstimable` for those, or without therapy.
  public func integratedPosterior(prior: VariancePrior = VariancePrior()) throws
    -> IntegratedPosterior
  {
    let grid = try VarianceGrid(self, prior: prior)
    let points = try grid.explore()
    let objective = self.objective
    let inverse = MixedModelFit.inverseTriangle(design)
    let contrasts = try SlopeContrasts(design)
    let kernel = BlockKernel(q: design.q, width: design.p + 1)
    let p = design.p
    var slopeSets: [[SubjectSlopes]] = []
    var effectSets: [[(mean: Double, variance: Double)]] = []
    for point in points {
      let (theta, variance) = grid.parameters(point.position)
      guard let evaluation = objective.evaluate(theta) else {
        throw ProgressionError.noConvergence(found: "criterion undefined on the grid")
      }
      let effects = statistics.subjectEffects(
        lambda: objective.lambda(theta), evaluation: evaluation, subjects: subjects.count,
        kernel: kernel)
      slopeSets.append(
        slopes(effects: effects, evaluation: evaluation, scale: variance, contrasts: contrasts))
      let shift = OrthonormalColumns.back(design.triangle, p, evaluation.beta)
      let covariance = MixedModelFit.transform(
        evaluation.covariance, inverse, p, scale: variance)
      effectSets.append(
        (0..<p).map { (design.olsCoefficients[$0] + shift[$0], covariance[$0][$0]) })
    }
    let weights = points.map(\.weight)
    return IntegratedPosterior(
      subjects: subjects.indices.map { index in
        MixedModelFit.mix(slopeSets.map { $0[index] }, weights)
      },
      effects: effectNames.enumerated().map { index, name in
        let mixture = NormalMixture(
          weights: weights, means: effectSets.map { $0[index].mean },
          deviations: effectSets.map { $0[index].variance.squareRoot() })
        return IntegratedPosterior.Effect(
          name: name, mean: mixture.mean, standardDeviation: mixture.standardDeviation,
          lower: mixture.quantile(0.025), upper: mixture.quantile(0.975),
          probabilityPositive: 1 - mixture.cumulative(0))
      },
      points: points.count)
  }

  private static func mix(_ slopes: [SubjectSlopes], _ weights: [Double]) -> IntegratedSlope {
    let change = NormalMixture(
      weights: weights, means: slopes.map(\.change), deviations: slopes.map(\.changeSD))
    let slope = NormalMixture(
      weights: weights, means: slopes.map(\.slope), deviations: slopes.map(\.slopeSD))
    var covariance = -slope.mean * change.mean
    var slowing = 0.0
    var halving = 0.0
    for (one, weight) in zip(slopes, weights) {
      covariance += weight * (one.covariance + one.slope * one.change)
      slowing += weight * one.probabilityOfSlowing
      halving += weight * one.probability(ofUndoing: 0.5)
    }
    return IntegratedSlope(
      subject: slopes[0].subject,
      slopes: SubjectSlopes(
        subject: slopes[0].subject, slope: slope.mean, slopeSD: slope.standardDeviation,
        change: change.mean, changeSD: change.standardDeviation, covariance: covariance),
      probabilityOfSlowing: slowing, probabilityOfHalving: halving,
      lower: change.quantile(0.025), upper: change.quantile(0.975))
  }
}

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

  func quantile(_ p: Double) -> Double {
    let centre = mean
    let spread = 12 * standardDeviation
    var (lower, upper) = (centre - spread, centre + spread)
    for _ in 0..<80 {
      let middle = 0.5 * (lower + upper)
      if cumulative(middle) < p { lower = middle } else { upper = middle }
    }
    return 0.5 * (lower + upper)
  }
}
