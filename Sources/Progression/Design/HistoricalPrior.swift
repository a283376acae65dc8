import RealModule

/// What earlier trials say of the mean of a control arm: a robust meta-analytic-predictive prior.
///
/// Trial h found y_h with standard error s_h; its true mean is N(mu, tau^2), mu has a flat prior. For a new
/// trial's mean that gives, at one tau, the normal distribution with mean sum(y_h w_h) / sum(w_h), where
/// w_h = 1 / (s_h^2 + tau^2), and variance tau^2 + 1 / sum(w_h) (Neuenschwander et al. 2010, Clin Trials 7).
/// Where tau is not known but half-normal, the predictive distribution is the mixture of these over the
/// posterior of tau. A vague component of weight w, one control patient's worth of information about the same
/// mean, lets the trial's own controls overrule a history that they contradict (Schmidli et al. 2014,
/// Biometrics 70).
public struct HistoricalPrior: Sendable, Codable, Equatable {
  /// The control arm of an earlier trial.
  public struct Trial: Sendable, Codable, Equatable {
    /// Its mean.
    public let mean: Double
    /// The standard error of the mean.
    public let standardError: Double

    /// A control arm; the standard error is above zero.
    public init(mean: Double, standardError: Double) {
      self.mean = mean
      self.standardError = standardError
    }
  }

  /// What is known of the SD of the true means between trials.
  public enum BetweenTrials: Sendable, Codable, Equatable {
    /// The SD itself.
    case known(Double)
    /// A half-normal prior of the SD, by the SD of the normal distribution that it is half of.
    case halfNormal(scale: Double)
  }

  /// A normal component.
  public struct Component: Sendable, Codable, Equatable {
    /// Its share.
    public let weight: Double
    /// Its mean.
    public let mean: Double
    /// Its SD.
    public let standardDeviation: Double
  }

  /// The components, the vague one last where it has a weight.
  public let components: [Component]
  /// Mean of the predictive distribution without the vague component.
  public let mean: Double
  /// Its SD.
  public let standardDeviation: Double
  /// Weight of the vague component.
  public let robustWeight: Double
  /// SD that one control patient's information stands for; also the SD of the vague component.
  public let unitDeviation: Double

  /// Points of the posterior of the SD between trials.
  private static let points = 40

  /// Makes the prior.
  ///
  /// - Parameters:
  ///   - trials: control arms of earlier trials.
  ///   - between: how much trials differ, as known or with a prior.
  ///   - robustWeight: weight of the vague component, from 0 to less than 1.
  ///   - unitDeviation: standard error of the new control arm's mean times the root of its patients.
  /// - Throws: `ProgressionError.invalidTable` for no trial and for numbers outside their range.
  public init(
    _ trials: [Trial], between: BetweenTrials, robustWeight: Double, unitDeviation: Double
  ) throws {
    let spread: Double
    switch between {
    case .known(let value), .halfNormal(let value): spread = value
    }
    let isValid =
      trials.allSatisfy {
        $0.mean.isFinite && $0.standardError > 0 && $0.standardError.isFinite
      } && spread.isFinite && spread >= 0 && robustWeight >= 0 && robustWeight < 1
      && unitDeviation > 0 && unitDeviation.isFinite
    guard !trials.isEmpty, isValid else {
      throw ProgressionError.invalidTable(
        found:
          "\(trials.count) earlier trials, SD between trials \(spread), weight \(robustWeight)",
        expected: "means with errors above 0, an SD of 0 or more and a weight from 0 to less than 1"
      )
    }
    var informative: [Component] = []
    switch between {
    case .known(let tau): informative = [Self.predictive(trials, tau: tau, weight: 1)]
    case .halfNormal(let scale):
      let taus = (0..<Self.points).map { k in
        scale
          * NormalDistribution.quantile(0.5 + 0.5 * (Double(k) + 0.5) / Double(Self.points))
      }
      let logs = taus.map { Self.logLikelihood(trials, tau: $0) }
      let highest = logs.max() ?? 0
      let weights = logs.map { Double.exp($0 - highest) }
      let total = weights.reduce(0, +)
      informative = zip(taus, weights).map {
        Self.predictive(trials, tau: $0, weight: $1 / total)
      }
    }
    let centre = informative.reduce(0) { $0 + $1.weight * $1.mean }
    mean = centre
    standardDeviation = informative.reduce(0) { sum, own in
      let d = own.mean - centre
      return sum + own.weight * (own.standardDeviation * own.standardDeviation + d * d)
    }.squareRoot()
    self.robustWeight = robustWeight
    self.unitDeviation = unitDeviation
    let share = 1 - robustWeight
    components =
      informative.map {
        Component(
          weight: share * $0.weight, mean: $0.mean, standardDeviation: $0.standardDeviation)
      }
      + (robustWeight > 0
        ? [Component(weight: robustWeight, mean: centre, standardDeviation: unitDeviation)] : [])
  }

  private static func predictive(_ trials: [Trial], tau: Double, weight: Double) -> Component {
    let weights = trials.map { 1 / ($0.standardError * $0.standardError + tau * tau) }
    let total = weights.reduce(0, +)
    return Component(
      weight: weight, mean: zip(trials, weights).reduce(0) { $0 + $1.0.mean * $1.1 } / total,
      standardDeviation: (tau * tau + 1 / total).squareRoot())
  }

  /// ln of the likelihood of tau with mu integrated out, but for a constant.
  private static func logLikelihood(_ trials: [Trial], tau: Double) -> Double {
    let weights = trials.map { 1 / ($0.standardError * $0.standardError + tau * tau) }
    let total = weights.reduce(0, +)
    let mean = zip(trials, weights).reduce(0) { $0 + $1.0.mean * $1.1 } / total
    return zip(trials, weights).reduce(-0.5 * Double.log(total)) { sum, own in
      let d = own.0.mean - mean
      return sum + 0.5 * Double.log(own.1) - 0.5 * own.1 * d * d
    }
  }

  // MARK: - Effective sample size

  /// Control patients that the prior is worth: the expected local-information-ratio.
  ///
  /// The expectation over the prior p of -(ln p)'' divided by the information of one patient, which for a normal
  /// mean is the variance of one patient times the integral of p'^2 / p (Neuenschwander et al. 2020, Biometrics
  /// 76). Its expectation after N patients is that of before plus N.
  public var effectiveSampleSize: Double {
    unitDeviation * unitDeviation * information
  }

  /// Control patients whose mean would vary as much as the prior does; below the other where tails are heavy.
  public var momentSampleSize: Double {
    let mixture = mixture
    let spread = mixture.standardDeviation
    return unitDeviation * unitDeviation / (spread * spread)
  }

  var mixture: NormalMixture {
    NormalMixture(
      weights: components.map(\.weight), means: components.map(\.mean),
      deviations: components.map(\.standardDeviation))
  }

  /// The integral of p'^2 / p by the trapezoid rule on points that are dense wherever a component is.
  private var information: Double {
    let scales = components.map(\.standardDeviation).sorted()
    var points: [Double] = []
    for scale in Set([scales[0], scales[scales.count / 2], scales[scales.count - 1]]) {
      for own in components where own.standardDeviation >= 0.5 * scale {
        guard own.standardDeviation <= 2 * scale else { continue }
        points += stride(from: -9.0, through: 9, by: 0.04).map {
          own.mean + $0 * own.standardDeviation
        }
      }
    }
    points.sort()
    let values = points.map { x -> Double in
      var density = 0.0
      var slope = 0.0
      for own in components {
        let z = (x - own.mean) / own.standardDeviation
        let value = own.weight / own.standardDeviation * Double.exp(-0.5 * z * z)
        density += value
        slope -= value * z / own.standardDeviation
      }
      return density > 0 ? slope * slope / density : 0
    }
    var sum = 0.0
    for k in points.indices.dropFirst() {
      sum += 0.5 * (values[k] + values[k - 1]) * (points[k] - points[k - 1])
    }
    return sum / (2 * Double.pi).squareRoot()
  }

  /// The posterior of the controls' mean after an estimate with a known variance.
  func updated(_ estimate: Double, _ variance: Double) -> HistoricalPrior {
    var logs: [Double] = []
    var parts: [(mean: Double, deviation: Double)] = []
    for own in components {
      let prior = own.standardDeviation * own.standardDeviation
      let d = estimate - own.mean
      logs.append(
        Double.log(own.weight) - 0.5 * Double.log(prior + variance)
          - 0.5 * d * d / (prior + variance))
      parts.append(
        (
          own.mean + d * prior / (prior + variance),
          (prior * variance / (prior + variance)).squareRoot()
        ))
    }
    let highest = logs.max() ?? 0
    let weights = logs.map { Double.exp($0 - highest) }
    let total = weights.reduce(0, +)
    return HistoricalPrior(
      components: zip(weights, parts).map {
        Component(weight: $0 / total, mean: $1.mean, standardDeviation: $1.deviation)
      }, mean: mean, standardDeviation: standardDeviation, robustWeight: robustWeight,
      unitDeviation: unitDeviation)
  }

  private init(
    components: [Component], mean: Double, standardDeviation: Double, robustWeight: Double,
    unitDeviation: Double
  ) {
    self.components = components
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.robustWeight = robustWeight
    self.unitDeviation = unitDeviation
  }
}
