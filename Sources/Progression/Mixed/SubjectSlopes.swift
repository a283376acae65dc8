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

  /// The probability that the slope after therapy is at least a value.
  public func probability(ofSlopeFrom value: Double) -> Double {
    let mean = slope + change - value
    let variance = changeSD * changeSD + slopeSD * slopeSD + 2 * covariance
    return variance > 0
      ? NormalDistribution.cumulative(mean / variance.squareRoot()) : (mean >= 0 ? 1 : 0)
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
    slopes(
      effects: subjectEffects(), evaluation: evaluation, scale: scale,
      contrasts: try SlopeContrasts(design))
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
    effects: SubjectEffects, evaluation: BlockEvaluation, scale: Double,
    contrasts: SlopeContrasts
  ) -> [SubjectSlopes] {
    let q = design.q
    let p = design.p
    let phi = evaluation.covariance
    let hasChange = model.randomEffects != .m1
    let slopeUnit = design.scales[1]
    let changeUnit = hasChange ? design.scales[2] : 1
    // Coefficients in the orthonormal basis, the least-squares part included.
    let beta = zip(contrasts.leastSquares, evaluation.beta).map(+)
    var slopeVector = [Double](repeating: 0, count: p)
    var changeVector = slopeVector
    return subjects.indices.map { subject in
      let at = subject * q
      var slope = effects.modes[at + 1] / slopeUnit
      var change = hasChange ? effects.modes[at + 2] / changeUnit : 0
      for k in 0..<p {
        slopeVector[k] = contrasts.slope[subject * p + k]
        changeVector[k] = contrasts.change[subject * p + k]
        slope += slopeVector[k] * beta[k]
        change += changeVector[k] * beta[k]
        slopeVector[k] -= effects.projection[(at + 1) * p + k] / slopeUnit
        if hasChange { changeVector[k] -= effects.projection[(at + 2) * p + k] / changeUnit }
      }
      var slopeVariance = effects.conditional[(at + 1) * q + 1] / (slopeUnit * slopeUnit)
      slopeVariance += SymmetricMatrix.form(phi, p, slopeVector, slopeVector)
      var changeVariance = SymmetricMatrix.form(phi, p, changeVector, changeVector)
      var covariance = SymmetricMatrix.form(phi, p, slopeVector, changeVector)
      if hasChange {
        changeVariance += effects.conditional[(at + 2) * q + 2] / (changeUnit * changeUnit)
        covariance += effects.conditional[(at + 1) * q + 2] / (slopeUnit * changeUnit)
      }
      return SubjectSlopes(
        subject: subjects[subject], slope: slope, slopeSD: (scale * slopeVariance).squareRoot(),
        change: change, changeSD: (scale * changeVariance).squareRoot(),
        covariance: scale * covariance)
    }
  }
}

/// The weights of the fixed effects in each patient's slopes, in the orthonormal basis.
struct SlopeContrasts {
  /// Patients by effects: the slope before therapy.
  let slope: [Double]
  /// Patients by effects: the change of slope.
  let change: [Double]
  /// The least-squares coefficients.
  let leastSquares: [Double]

  /// - Throws: `ProgressionError.notEstimable` without a (t - T)+ term.
  init(_ design: MixedModelDesign) throws {
    guard design.hasTherapy else {
      throw ProgressionError.notEstimable(
        effect: "the change of slope", reason: "no row has a therapy time")
    }
    let p = design.p
    let inverse = MixedModelFit.inverseTriangle(design)
    func basis(_ contrasts: [Double]) -> [Double] {
      var result = [Double](repeating: 0, count: contrasts.count)
      for subject in design.subjects.indices {
        for i in 0..<p where contrasts[subject * p + i] != 0 {
          for j in 0..<p {
            result[subject * p + j] += inverse[i * p + j] * contrasts[subject * p + i]
          }
        }
      }
      return result
    }
    slope = basis(design.slopeContrasts)
    change = basis(design.changeContrasts)
    leastSquares = (0..<p).map { i in
      (i..<p).reduce(0.0) { $0 + design.triangle[i * p + $1] * design.olsCoefficients[$1] }
    }
  }
}
