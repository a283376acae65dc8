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
  /// P(the patient does what the responder rule asks for).
  public let probabilityOfResponse: Double
  /// 95 % interval of the change of slope.
  public let lower: Double
  /// Upper end of that interval.
  public let upper: Double
  /// 95 % interval of the slope before therapy.
  public let slopeLower: Double
  /// Upper end of that interval.
  public let slopeUpper: Double
}

/// The posterior of all patients and of the cohort over a grid of the variance parameters.
public struct IntegratedPosterior: Sendable, Codable, Equatable {
  /// Every patient.
  public let subjects: [IntegratedSlope]
  /// The cohort's fixed effects: mean, SD and 95 % interval, by name.
  public let effects: [Effect]
  /// Points of the grid that carry weight.
  public let points: Int
  /// Which variances are integrated over, in words.
  public let extent: String

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
  /// The posterior of every patient and of the fixed effects, integrated over the variance parameters.
  ///
  /// The density of the variances is explored from its mode on a lattice along the axes of its
  /// curvature (Rue, Martino and Chopin 2009, section 3); given the variances every posterior is
  /// normal. Priors take their scale from the data (`VariancePrior`), so that the result does not
  /// depend on the unit of the values or of time. Above 100 patients only the SD of the change of slope
  /// is integrated over, as the other variances are certain by then.
  /// - `criterion`: what counts as a response.
  /// - Throws: `ProgressionError.notEstimable` for a full-likelihood fit or without therapy times.
  public func integratedPosterior(
    prior: VariancePrior = VariancePrior(),
    criterion: ResponderCriterion = ResponderCriterion()
  ) throws -> IntegratedPosterior {
    let grid = try VarianceGrid(self, prior: prior)
    let extent = VarianceGrid.Extent(patients: subjects.count)
    let points = try grid.explore(extent)
    let inverse = MixedModelFit.inverseTriangle(design)
    let contrasts = try SlopeContrasts(design)
    let kernel = BlockKernel(q: design.q, width: design.p + 1)
    let p = design.p
    var slopeSets: [[SubjectSlopes]] = []
    var effectSets: [[(mean: Double, variance: Double)]] = []
    for point in points {
      let (parameters, scale) = grid.parameters(point.position)
      guard let evaluation = grid.objective.evaluate(parameters) else {
        throw ProgressionError.noConvergence(found: "criterion undefined on the grid")
      }
      let effects = grid.objective.statistics.subjectEffects(
        lambda: grid.objective.lambda(parameters), evaluation: evaluation,
        subjects: subjects.count, kernel: kernel)
      slopeSets.append(
        slopes(effects: effects, evaluation: evaluation, scale: scale, contrasts: contrasts))
      let shift = OrthonormalColumns.back(design.triangle, p, evaluation.beta)
      let covariance = MixedModelFit.transform(
        evaluation.covariance, inverse, p, scale: scale)
      effectSets.append(
        (0..<p).map { (design.olsCoefficients[$0] + shift[$0], covariance[$0][$0]) })
    }
    let weights = points.map(\.weight)
    return IntegratedPosterior(
      subjects: subjects.indices.map { index in
        MixedModelFit.mix(slopeSets.map { $0[index] }, weights, criterion)
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
      points: points.count, extent: extent.description)
  }

  private static func mix(
    _ slopes: [SubjectSlopes], _ weights: [Double], _ criterion: ResponderCriterion
  ) -> IntegratedSlope {
    let change = NormalMixture(
      weights: weights, means: slopes.map(\.change), deviations: slopes.map(\.changeSD))
    let slope = NormalMixture(
      weights: weights, means: slopes.map(\.slope), deviations: slopes.map(\.slopeSD))
    let (slopeMean, changeMean) = (slope.mean, change.mean)
    var covariance = 0.0
    var slowing = 0.0
    var halving = 0.0
    var response = 0.0
    let isHalving = criterion.slope == nil && criterion.share == 0.5
    for (one, weight) in zip(slopes, weights) {
      covariance +=
        weight
        * (one.covariance + (one.slope - slopeMean) * (one.change - changeMean))
      slowing += weight * one.probabilityOfSlowing
      halving += weight * one.probability(ofUndoing: 0.5)
      if !isHalving { response += weight * criterion.probability(one) }
    }
    return IntegratedSlope(
      subject: slopes[0].subject,
      slopes: SubjectSlopes(
        subject: slopes[0].subject, slope: slopeMean, slopeSD: slope.standardDeviation,
        change: changeMean, changeSD: change.standardDeviation, covariance: covariance),
      probabilityOfSlowing: slowing, probabilityOfHalving: halving,
      probabilityOfResponse: isHalving ? halving : response,
      lower: change.quantile(0.025), upper: change.quantile(0.975),
      slopeLower: slope.quantile(0.025), slopeUpper: slope.quantile(0.975))
  }
}

extension VarianceGrid.Extent: CustomStringConvertible {
  var description: String {
    switch self {
    case .lattice: "all variances integrated out"
    case .changeProfile, .changeAlone: "the variance of the change of slope integrated out"
    }
  }
}
