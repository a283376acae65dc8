import RealModule

/// A research-only extrapolation from identified to all active units; never a unit count.
///
/// Its scale comes from an assumed spread of unit sizes: in simulations a spread of 1.0 instead of
/// 1.35 lowered it by 30 %, one of 2.0 raised it by 70 %, and with real decompositions its nominal
/// 90 % interval covered the truth in 73 of 100 recordings. It is shown with its interval and
/// flags, and nowhere unless asked for.
public struct ExtrapolatedUnitCount: Sendable, Equatable, Codable {
  /// The model: logarithms of energy over residual power are normal over all active units, and a
  /// unit is identified with a probability that rises with its energy.
  public struct Configuration: Sendable, Equatable, Codable {
    /// Constant of the logistic detection law; half of the units are found at the energy where
    /// constant and slope cancel.
    public var detectionOffset = 3.3
    /// Slope of the detection law per unit of log energy.
    public var detectionSlope = 1.65
    /// Centre of the prior of the size spread (SD of log energy).
    public var spread = 1.35
    /// SD of the logarithm of the size spread.
    public var spreadLogDeviation = 0.35
    /// Share of the identified power that subtraction leaves in the residual.
    public var subtractionShare = 0.015

    /// The published grid and constants.
    public init() {}
  }

  /// Why a value must not be relied on; the thresholds are judgement.
  public enum Flag: String, Sendable, Codable, CaseIterable {
    /// Fewer than five identified units: no value is given.
    case tooFewUnits = "fewer than 5 identified units"
    /// Fewer than ten identified units: the interval spans more than a factor of ten.
    case fewUnits = "fewer than 10 identified units"
    /// The identified units explain less than half of the power.
    case lowCompleteness = "power completeness below 0.5"
    /// The noise has more than a tenth of the power of the EMG.
    case noisy = "noise above a tenth of the EMG power"
    /// The noise is not known.
    case noRest = "no initial rest to measure the noise"
    /// The window lies in the first two seconds after the first discharge.
    case onset = "within 2 s of the first discharge"
    /// The effective number is too large beside the value.
    case inconsistent = "effective number N2 above 0.75 of the value"
    /// The identified units are predicted to agree poorly with the true ones.
    case poorUnits = "mean predicted agreement below 0.8"
  }

  /// Posterior median; nil where there is none.
  public let median: Double?
  /// 5 % quantile.
  public let lower: Double?
  /// 95 % quantile.
  public let upper: Double?
  /// What speaks against the value.
  public let flags: [Flag]
  /// The model.
  public let configuration: Configuration

  /// Extrapolates from the powers of a window.
  ///
  /// - `powers`: unit energies and rates, residual and noise of the window.
  /// - `firstDischarge`: time of the first discharge of the recording in seconds.
  /// - `meanAgreement`: mean predicted agreement of the identified units; nil if unknown.
  public init(
    _ powers: WindowPowers, firstDischarge: Double = 0, meanAgreement: Double? = nil,
    configuration: Configuration = Configuration()
  ) {
    self.configuration = configuration
    var flags: [Flag] = []
    let count = powers.units.count
    if count < 10 { flags.append(count < 5 ? .tooFewUnits : .fewUnits) }
    if (powers.completeness ?? 0) < 0.5 { flags.append(.lowCompleteness) }
    if (powers.noiseShare ?? 0) > 0.1 { flags.append(.noisy) }
    if powers.noise == nil { flags.append(.noRest) }
    if powers.start < firstDischarge + 2 { flags.append(.onset) }
    if let meanAgreement, meanAgreement < 0.8 { flags.append(.poorUnits) }
    guard count >= 5, powers.residual > 0 else {
      if count >= 5 { flags.append(.tooFewUnits) }
      (median, lower, upper) = (nil, nil, nil)
      self.flags = flags
      return
    }
    let posterior = CountPosterior(powers, configuration)
    median = posterior.quantile(0.5)
    lower = posterior.quantile(0.05)
    upper = posterior.quantile(0.95)
    if let effective = EffectiveUnitNumber(powers), let median, effective.value > 0.75 * median {
      flags.append(.inconsistent)
    }
    self.flags = flags
  }
}

/// The posterior of the number of active units over a logarithmic grid.
struct CountPosterior {
  private let logCounts: [Double]
  private let cumulative: [Double]

  init(_ powers: WindowPowers, _ model: ExtrapolatedUnitCount.Configuration) {
    let u = powers.units.map { Double.log($0.energy / powers.residual) }
    let n = Double(u.count)
    let meanRate = powers.units.reduce(0) { $0 + $1.rate } / n
    let scale = meanRate * powers.residual / powers.templateRate
    let noise = powers.noise ?? 0
    // Power of signal minus residual; the least-squares residual is orthogonal to the fit.
    let identified = max(powers.signal - powers.residual, 0)
    let leftover = model.subtractionShare * identified
    let excess = powers.residual - noise - leftover
    let fixed =
      (0.25 * max(excess, 0)) * (0.25 * max(excess, 0)) + (0.06 * noise) * (0.06 * noise)
      + leftover * leftover
    let logCounts = Array(stride(from: Double.log(2), through: Double.log(900), by: 0.06))
    let counts = logCounts.map { Double.exp($0) }
    var logs: [[Double]] = []
    for step in 0...45 {
      let mu = -6 + 0.2 * Double(step)
      for s in [0.6, 0.8, 1, 1.2, 1.4, 1.7, 2, 2.4] {
        let moments = SizeMoments(mu: mu, spread: s, scale: scale, model)
        let spreadTerm = Double.log(s / model.spread) / model.spreadLogDeviation
        var constant = -mu * mu / 18 - spreadTerm * spreadTerm / 2 - n * Double.log(s)
        for value in u { constant -= (value - mu) * (value - mu) / (2 * s * s) }
        logs.append(
          counts.indices.map { index in
            let variance = counts[index] * moments.second + fixed
            let distance = excess - counts[index] * moments.first
            return constant + n * logCounts[index] - counts[index] * moments.detected
              - distance * distance / (2 * variance) - 0.5 * Double.log(variance)
          })
      }
    }
    let highest = logs.flatMap(\.self).max() ?? 0
    var density = [Double](repeating: 0, count: counts.count)
    for row in logs {
      for index in row.indices { density[index] += Double.exp(row[index] - highest) }
    }
    let total = density.reduce(0, +)
    var sum = 0.0
    cumulative = density.map { value in
      sum += value / total
      return sum
    }
    self.logCounts = logCounts
  }

  /// The count below which the posterior has a share of its mass, interpolated on the log scale.
  func quantile(_ share: Double) -> Double {
    let index = cumulative.firstIndex { $0 >= share } ?? cumulative.count - 1
    let before = index > 0 ? cumulative[index - 1] : 0
    let width = max(cumulative[index] - before, 1e-12)
    let fraction = min(1, max(0, (share - before) / width))
    return Double.exp(logCounts[index] + 0.06 * (fraction - 0.5))
  }
}

/// Moments over all active units whose log energies are normal.
private struct SizeMoments {
  /// Probability that a unit is identified.
  var detected = 0.0
  /// Expected power of an unidentified unit.
  var first = 0.0
  /// Expected squared power of an unidentified unit.
  var second = 0.0

  init(
    mu: Double, spread: Double, scale: Double, _ model: ExtrapolatedUnitCount.Configuration
  ) {
    var weights = 0.0
    for node in -40...40 {
      let z = 5 * Double(node) / 40
      let weight = Double.exp(-z * z / 2)
      let u = mu + spread * z
      let found = 1 / (1 + Double.exp(model.detectionOffset - model.detectionSlope * u))
      let power = scale * Double.exp(u)
      weights += weight
      detected += weight * found
      first += weight * power * (1 - found)
      second += weight * power * power * (1 - found)
    }
    detected /= weights
    first /= weights
    second /= weights
  }
}
