import RealModule

/// A cohort's mixed model whose residuals may be correlated in time and vary in size.
///
/// The mean and the random effects are those of `MixedModel`; Pinheiro and Bates 2000, chapter 5.
public struct ResidualModel: Sendable, Codable, Equatable {
  /// How the size of the residuals varies.
  public enum Variance: Sendable, Codable, Equatable {
    /// One variance.
    case constant
    /// An SD of its own for each value of a covariate that holds group numbers from 0.
    case groups(covariate: String)
    /// The SD is proportional to a power of the fixed part of the plain fit, which must be above zero.
    case powerOfMean
    /// The SD is proportional to a power of a covariate, which must be above zero.
    case power(covariate: String)
  }

  /// The mean and the random effects, fitted by restricted likelihood.
  public var mixed: MixedModel
  /// Whether residuals are correlated as phi^(time apart).
  public var hasCorrelation: Bool
  /// How their size varies.
  public var variance: Variance

  /// Makes a model.
  public init(_ mixed: MixedModel, hasCorrelation: Bool = true, variance: Variance = .constant) {
    self.mixed = mixed
    self.hasCorrelation = hasCorrelation
    self.variance = variance
  }

  /// A fit with its residual structure in words of numbers.
  public struct Fit: Sendable {
    /// Effects and tests.
    public let marginal: MarginalFit
    /// Correlation of residuals one unit of time apart; nil where it was not asked for.
    public let phi: Double?
    /// SD of the residuals (of the first group, or at a covariate of one).
    public let sigma: Double
    /// SDs of the further groups relative to the first.
    public let ratios: [Double]
    /// The power; nil where it was not asked for.
    public let power: Double?

    /// How the rows of a patient vary together at `marginal.components`.
    let structure: ResidualCovariance
  }

  /// Fits the model.
  ///
  /// - `plain`: the fit without correlation, if it is known already.
  /// - Throws: `ProgressionError` as `MixedModel.fit`, for known standard errors or full likelihood, and
  ///   for a variance covariate that is missing or not above zero.
  public func fit(_ table: LongitudinalTable, plain known: MixedModelFit? = nil) throws -> Fit {
    guard mixed.criterion == .restricted, mixed.measurementError == .ignored else {
      throw ProgressionError.notEstimable(
        effect: "the residual correlation",
        reason: "it needs a restricted-likelihood fit without known standard errors")
    }
    let plain = try known ?? mixed.fit(table)
    let design = plain.design
    let levels = try levels(table, plain)
    let groups: Int
    if case .groups = variance { groups = Int(levels.max() ?? 0) } else { groups = 0 }
    let hasPower: Bool
    switch variance {
    case .power, .powerOfMean: hasPower = true
    case .constant, .groups: hasPower = false
    }
    var codes: [String: Int] = [:]
    let muscles = design.order.map { row -> Int in
      let name = table.rows[row].muscle ?? ""
      let code = codes[name] ?? codes.count
      codes[name] = code
      return code
    }
    let q = design.q
    let blocks = design.starts.indices.dropLast().map { patient in
      let rows = design.starts[patient]..<design.starts[patient + 1]
      return ResidualCovariance.Block(
        random: Array(design.random[rows.lowerBound * q..<rows.upperBound * q]),
        times: Array(design.times[rows]), levels: Array(levels[rows]),
        muscles: Array(muscles[rows]))
    }
    if hasCorrelation { try refuseRepeats(blocks) }
    let gap = typicalGap(blocks)
    let structure = ResidualCovariance(
      layout: design.layout, blocks: blocks, hasCorrelation: hasCorrelation, gap: gap,
      groups: groups, hasPower: hasPower)
    let marginal = MarginalDesign(
      names: design.names, starts: design.starts, patterns: Array(design.subjects.indices),
      orthonormal: design.orthonormal, triangle: design.triangle, residual: design.residual,
      olsCoefficients: design.olsCoefficients)
    let scale = plain.scale.squareRoot()
    let theta = plain.parameters.prefix(design.layout.count).map { $0 * scale }
    // The likelihood may have a maximum at weak and one at strong correlation.
    let starts = hasCorrelation ? [0.15, 0.5, 0.85] : [0]
    var best: MarginalFit?
    var failure: (any Error)?
    for correlation in starts {
      var start = theta.map { abs($0) < 1e-6 * scale ? 1e-3 * scale : $0 }
      start.append(2 * Double.log(max(plain.sigma, 1e-150)))
      if hasCorrelation { start.append(Double.log(correlation)) }
      start += [Double](repeating: 0, count: groups + (hasPower ? 1 : 0))
      do {
        let found = try MarginalFit(marginal, structure, start: start)
        if best.map({ found.criterion < $0.criterion - 1e-7 }) ?? true { best = found }
      } catch { failure = error }
    }
    guard let best else {
      throw failure ?? ProgressionError.noConvergence(found: "no start led to an optimum")
    }
    let rest = Array(best.components[design.layout.count...])
    if hasCorrelation && rest[1] < 1e-3 {
      // On the boundary it is the model without correlation.
      let plainer = try ResidualModel(mixed, hasCorrelation: false, variance: variance)
        .fit(table, plain: plain)
      return Fit(
        marginal: plainer.marginal, phi: 0, sigma: plainer.sigma, ratios: plainer.ratios,
        power: plainer.power, structure: plainer.structure)
    }
    return Fit(
      marginal: best, phi: hasCorrelation ? Double.pow(rest[1], 1 / gap) : nil,
      sigma: rest[0].squareRoot(),
      ratios: rest.dropFirst(hasCorrelation ? 2 : 1).prefix(groups).map { Double.exp($0) },
      power: hasPower ? rest.last : nil, structure: structure)
  }

  private func levels(_ table: LongitudinalTable, _ plain: MixedModelFit) throws -> [Double] {
    let design = plain.design
    func covariate(_ name: String, isPositive: Bool) throws -> [Double] {
      try design.order.map { row in
        guard let value = table.rows[row].covariates[name], !isPositive || value > 0 else {
          throw ProgressionError.invalidRow(
            row: row + 1, found: "no \(name)\(isPositive ? " above zero" : "")",
            expected: "one in every row, as the residual variance depends on it")
        }
        return isPositive ? Double.log(value) : value
      }
    }
    switch variance {
    case .constant: return [Double](repeating: 0, count: design.n)
    case .groups(let name): return try covariate(name, isPositive: false)
    case .power(let name): return try covariate(name, isPositive: true)
    case .powerOfMean:
      let means = (0..<design.n).map { plain.fixedPart(ofSorted: $0) }
      guard let low = means.min(), low > 0 else {
        throw ProgressionError.notEstimable(
          effect: "the power of the mean", reason: "a fitted mean is not above zero")
      }
      return means.map { Double.log($0) }
    }
  }

  /// Two values of a patient and muscle at one time have no distance that a correlation could fall with.
  private func refuseRepeats(_ blocks: [ResidualCovariance.Block]) throws {
    for block in blocks {
      var seen: Set<[Double]> = []
      for (time, muscle) in zip(block.times, block.muscles)
      where !seen.insert([time, Double(muscle)]).inserted {
        throw ProgressionError.notEstimable(
          effect: "the residual correlation",
          reason: "a patient has two values at time \(time); average repetitions first")
      }
    }
  }

  private func typicalGap(_ blocks: [ResidualCovariance.Block]) -> Double {
    let gaps = blocks.flatMap { block in
      let times = Set(block.times).sorted()
      return zip(times.dropFirst(), times).map { $0 - $1 }
    }.sorted()
    return gaps.isEmpty ? 1 : gaps[gaps.count / 2]
  }
}
