/// The normal posterior of one patient's slope before therapy and of its change.
public struct SubjectSlopes: Sendable, Codable, Equatable {
  /// The patient's pseudonym.
  public let subject: String
  /// Mean slope before therapy, units a month.
  public let slope: Double
  /// Its standard deviation.
  public let slopeSD: Double
  /// Mean change of slope d = b2 + u2; positive is a slowing of a decline.
  public let change: Double
  /// Its standard deviation; includes the uncertainty of the fixed effects.
  public let changeSD: Double
  /// Covariance of slope and change.
  public let covariance: Double

  /// P(d > 0).
  public var probabilityOfSlowing: Double {
    changeSD > 0 ? NormalDistribution.cumulative(change / changeSD) : (change > 0 ? 1 : 0)
  }

  /// The probability that the change undoes at least a share of the slope before therapy.
  ///
  /// P(d >= -share * slope) under the joint normal posterior; .5 is "half the pre-slope".
  public func probability(ofUndoing share: Double) -> Double {
    let mean = change + share * slope
    let variance =
      changeSD * changeSD + share * share * slopeSD * slopeSD + 2 * share * covariance
    return variance > 0
      ? NormalDistribution.cumulative(mean / variance.squareRoot()) : (mean > 0 ? 1 : 0)
  }

  /// The interval of the change of slope.
  public func changeInterval(confidenceLevel: Double = 0.95) -> ClosedRange<Double> {
    let half = NormalDistribution.quantile(0.5 + confidenceLevel / 2) * changeSD
    return change - half...change + half
  }
}

/// A conditional mode of one random effect.
public struct RandomEffectMode: Sendable, Codable, Equatable {
  /// The subject.
  public let subject: String
  /// The muscle of a nested effect.
  public let muscle: String?
  /// The effect.
  public let effect: String
  /// The best linear unbiased prediction.
  public let mode: Double
  /// Its standard deviation with the fixed effects taken as known.
  public let conditionalSD: Double
  /// The standard deviation of prediction error, uncertainty of the fixed effects included.
  public let predictionSD: Double
}

extension MixedModelFit {
  /// The empirical-Bayes posterior of every patient's slope and its change.
  ///
  /// Variances are taken at their estimates; with few patients or a boundary fit
  /// `integratedSlopes` is the honest one.
  /// - Throws: `ProgressionError.notEstimable` where the model has no (t - T)+ term.
  public func subjectSlopes() throws -> [SubjectSlopes] {
    try slopes(
      effects: subjectEffects(), evaluation: evaluation, scale: scale,
      inverse: MixedModelFit.inverseTriangle(design))
  }

  /// Best linear unbiased predictions of all random effects.
  public func randomEffects() -> [RandomEffectMode] {
    let effects = subjectEffects()
    let q = design.q
    let p = design.p
    var result: [RandomEffectMode] = []
    for term in design.layout.terms {
      for (copy, positions) in term.copies.enumerated() {
        for (effect, position) in zip(term.effects, positions) {
          for (index, subject) in subjects.enumerated() {
            let unit = design.scales[position]
            let at = (index * q + position) * q + position
            let start = (index * q + position) * p
            let n = Array(effects.projection[start..<start + p])
            let extra = SymmetricMatrix.form(evaluation.covariance, p, n, n)
            let conditional = effects.conditional[at]
            result.append(
              RandomEffectMode(
                subject: subject, muscle: term.copies.count > 1 ? design.muscles[copy] : nil,
                effect: effect, mode: effects.modes[index * q + position] / unit,
                conditionalSD: (scale * conditional).squareRoot() / unit,
                predictionSD: (scale * (conditional + extra)).squareRoot() / unit))
          }
        }
      }
    }
    return result
  }

  func subjectEffects() -> SubjectEffects {
    statistics.subjectEffects(
      lambda: objective.lambda(parameters), evaluation: evaluation, subjects: subjects.count,
      kernel: BlockKernel(q: design.q, width: design.p + 1))
  }

  /// Posterior slopes from the effects at any value of the variance parameters.
  func slopes(
    effects: SubjectEffects, evaluation: BlockEvaluation, scale: Double, inverse: [Double]
  ) throws -> [SubjectSlopes] {
    guard design.hasTherapy else {
      throw ProgressionError.notEstimable(
        effect: "the change of slope", reason: "no row has a therapy time")
    }
    let q = design.q
    let p = design.p
    // Coefficients in the orthonormal basis, the least-squares part included.
    let beta = (0..<p).map { i in
      (i..<p).reduce(evaluation.beta[i]) {
        $0 + design.triangle[i * p + $1] * design.olsCoefficients[$1]
      }
    }
    let hasChange = model.randomEffects != .m1
    func basis(_ contrasts: [Double], _ subject: Int) -> [Double] {
      (0..<p).map { j in
        (0..<p).reduce(0.0) { $0 + inverse[$1 * p + j] * contrasts[subject * p + $1] }
      }
    }
    return subjects.indices.map { subject in
      var slopeVector = basis(design.slopeContrasts, subject)
      var changeVector = basis(design.changeContrasts, subject)
      var slope = zip(slopeVector, beta).reduce(0) { $0 + $1.0 * $1.1 }
      var change = zip(changeVector, beta).reduce(0) { $0 + $1.0 * $1.1 }
      func m(_ i: Int, _ j: Int) -> Double {
        effects.conditional[(subject * q + i) * q + j] / (design.scales[i] * design.scales[j])
      }
      slope += effects.modes[subject * q + 1] / design.scales[1]
      if hasChange { change += effects.modes[subject * q + 2] / design.scales[2] }
      for k in 0..<p {
        slopeVector[k] -= effects.projection[(subject * q + 1) * p + k] / design.scales[1]
        if hasChange {
          changeVector[k] -= effects.projection[(subject * q + 2) * p + k] / design.scales[2]
        }
      }
      let phi = evaluation.covariance
      let slopeVariance = m(1, 1) + SymmetricMatrix.form(phi, p, slopeVector, slopeVector)
      let changeVariance =
        (hasChange ? m(2, 2) : 0) + SymmetricMatrix.form(phi, p, changeVector, changeVector)
      let covariance =
        (hasChange ? m(1, 2) : 0) + SymmetricMatrix.form(phi, p, slopeVector, changeVector)
      return SubjectSlopes(
        subject: subjects[subject], slope: slope, slopeSD: (scale * slopeVariance).squareRoot(),
        change: change, changeSD: (scale * changeVariance).squareRoot(),
        covariance: scale * covariance)
    }
  }
}
