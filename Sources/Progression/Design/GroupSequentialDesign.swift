import RealModule

/// Interim looks of a trial: bounds that keep the level, power, and the information that is used.
///
/// The statistic of the treatment effect grows with its information (the inverse squared standard error), as
/// that of a likelihood analysis of accumulating data does.
public struct GroupSequentialDesign: Codable, Sendable, Equatable {
  /// How the level is shared between looks.
  public enum Boundary: String, Codable, Sendable, CaseIterable {
    /// Constant in z sqrt(t) (O'Brien and Fleming 1979).
    case obrienFleming = "obf"
    /// Constant in z (Pocock 1977).
    case pocock
    /// Spending like O'Brien and Fleming's (Lan and DeMets 1983), whatever the times of the looks.
    case spendingOBrienFleming = "ld-obf"
    /// Spending like Pocock's.
    case spendingPocock = "ld-pocock"
  }

  /// Shares of the full information at the looks, growing, the last one 1.
  public var information: [Double]
  /// How the level is shared.
  public var boundary: Boundary
  /// Two-sided level; each direction has half of it.
  public var alpha: Double
  /// Whether the trial may stop because the effect is too small; the bounds for efficacy do not count on
  /// it (non-binding), the risk of missing an effect is spent like the level.
  public var hasFutility: Bool

  /// Makes a design.
  public init(
    information: [Double], boundary: Boundary = .spendingOBrienFleming, alpha: Double = 0.05,
    hasFutility: Bool = false
  ) {
    self.information = information
    self.boundary = boundary
    self.alpha = alpha
    self.hasFutility = hasFutility
  }

  /// One look.
  public struct Look: Sendable, Codable, Equatable {
    /// Share of the full information.
    public let information: Double
    /// The z beyond which the effect is shown.
    public let critical: Double
    /// The two-sided p value of that z.
    public let nominalP: Double
    /// Level spent up to this look, two-sided.
    public let spent: Double
    /// The z below which the trial may stop for futility; nil without such a rule.
    public let futility: Double?
  }

  /// Bounds with what they do.
  public struct Result: Sendable, Codable, Equatable {
    /// The looks.
    public let looks: [Look]
    /// Effect over its standard error at full information that gives the power asked for.
    public let drift: Double
    /// Information of this design over that of one analysis of the same power.
    public let inflation: Double
    /// With the effect that the power is for.
    public let underEffect: Operation
    /// Without an effect.
    public let underNone: Operation
  }

  /// What happens at a drift.
  public struct Operation: Sendable, Codable, Equatable {
    /// Probability of showing the effect at each look.
    public let efficacy: [Double]
    /// Probability of stopping for futility at each look; at the last that of not showing it.
    public let futility: [Double]
    /// Expected share of the full information.
    public let expectedInformation: Double

    /// Probability of showing the effect at any look.
    public var power: Double { efficacy.reduce(0, +) }
  }

  /// The design for a power.
  ///
  /// - Throws: `ProgressionError.invalidTable` for looks out of order or a level or power out of range.
  public func result(power: Double = 0.8) throws -> Result {
    try check(power)
    let critical = efficacyBounds()
    let beta = 1 - power
    func miss(_ drift: Double) -> Double {
      1 - operation(drift, critical, futilityBounds(drift, critical, beta)).power
    }
    var high = 2.0
    while miss(high) > beta { high *= 1.5 }
    let drift = Self.smoothRoot(from: 0, to: high) { miss($0) - beta }
    let futility = futilityBounds(drift, critical, beta)
    let single =
      NormalDistribution.quantile(1 - alpha / 2) + NormalDistribution.quantile(power)
    let none = operation(0, critical, nil).efficacy
    return Result(
      looks: information.indices.map { k in
        Look(
          information: information[k], critical: critical[k],
          nominalP: NormalDistribution.twoSided(critical[k]),
          spent: 2 * none.prefix(k + 1).reduce(0, +), futility: futility?[k])
      }, drift: drift, inflation: drift * drift / (single * single),
      underEffect: operation(drift, critical, futility),
      underNone: operation(0, critical, futility))
  }

  /// What happens at a drift with the bounds of a result.
  public func operation(drift: Double, looks: [Look]) -> Operation {
    let futility = looks.compactMap(\.futility)
    return operation(
      drift, looks.map(\.critical), futility.count == looks.count ? futility : nil)
  }

  // MARK: - Bounds

  /// Cumulative share of an error spent at a share of information.
  private func spending(_ error: Double, _ t: Double, _ isPocock: Bool) -> Double {
    isPocock
      ? error * Double.log(1 + (Double.exp(1) - 1) * t)
      : 2
        * (1
          - NormalDistribution.cumulative(
            NormalDistribution.quantile(1 - error / 2) / t.squareRoot()))
  }

  private var spendsLikePocock: Bool { boundary == .pocock || boundary == .spendingPocock }

  private func efficacyBounds() -> [Double] {
    let level = alpha / 2
    switch boundary {
    case .obrienFleming, .pocock:
      func bounds(_ c: Double) -> [Double] {
        information.map { boundary == .pocock ? c : c / $0.squareRoot() }
      }
      return bounds(
        Self.smoothRoot(from: 0.5, to: 12) {
          operation(0, bounds($0), nil).power - level
        })
    case .spendingOBrienFleming, .spendingPocock:
      var density = SequentialDensity(drift: 0)
      var spent = 0.0
      var result: [Double] = []
      for t in information {
        let own = spending(level, t, boundary == .spendingPocock) - spent
        let bound = Self.root(from: -10, to: 40) { density.above($0, at: t) - own }
        result.append(bound)
        spent += own
        density = density.between(-.infinity, bound, at: t)
      }
      return result
    }
  }

  /// Bounds below which the share of missed effects at `drift` is as spent; the last is that of efficacy.
  private func futilityBounds(_ drift: Double, _ critical: [Double], _ beta: Double) -> [Double]? {
    guard hasFutility else { return nil }
    var density = SequentialDensity(drift: drift)
    var spent = 0.0
    var result: [Double] = []
    for (k, t) in information.enumerated() {
      if k == information.count - 1 { return result + [critical[k]] }
      let own = spending(beta, t, spendsLikePocock) - spent
      let bound = min(
        critical[k], Self.root(from: 40, to: -40) { density.below($0, at: t) - own })
      result.append(bound)
      spent += own
      density = density.between(bound, critical[k], at: t)
    }
    return result
  }

  private func operation(_ drift: Double, _ critical: [Double], _ futility: [Double]?) -> Operation
  {
    var density = SequentialDensity(drift: drift)
    var up: [Double] = []
    var down: [Double] = []
    var expected = 0.0
    for (k, t) in information.enumerated() {
      let isLast = k == information.count - 1
      let lower = isLast ? critical[k] : futility?[k] ?? -.infinity
      up.append(density.above(critical[k], at: t))
      down.append(lower.isFinite ? density.below(lower, at: t) : 0)
      expected += t * (up[k] + down[k])
      if !isLast { density = density.between(lower, critical[k], at: t) }
    }
    return Operation(efficacy: up, futility: down, expectedInformation: expected)
  }

  /// The zero of a falling function.
  private static func root(from start: Double, to end: Double, _ f: (Double) -> Double) -> Double {
    var (low, high) = (start, end)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if f(middle) > 0 { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  /// The same in few evaluations, for costly functions (false position of Illinois).
  private static func smoothRoot(
    from start: Double, to end: Double, _ f: (Double) -> Double
  ) -> Double {
    var (low, high) = (start, end)
    var (above, below) = (f(low), f(high))
    var side = 0
    for _ in 0..<80 where high - low > 1e-13 * high {
      let x = (low * below - high * above) / (below - above)
      let value = f(x)
      if abs(value) < 1e-15 { return x }
      if value > 0 {
        (low, above) = (x, value)
        if side == 1 { below *= 0.5 }
        side = 1
      } else {
        (high, below) = (x, value)
        if side == -1 { above *= 0.5 }
        side = -1
      }
    }
    return abs(above) < abs(below) ? low : high
  }

  private func check(_ power: Double) throws {
    let isOrdered = zip(information, information.dropFirst()).allSatisfy { $0 < $1 }
    guard let first = information.first, first > 0, isOrdered, information.count <= 20,
      abs((information.last ?? 0) - 1) < 1e-9
    else {
      throw ProgressionError.invalidTable(
        found: "looks at shares \(information) of the information",
        expected: "1 to 20 growing shares, the last one 1")
    }
    guard alpha > 0, alpha < 1, power > alpha / 2, power < 1 else {
      throw ProgressionError.invalidTable(
        found: "a level of \(alpha) and a power of \(power)",
        expected: "a level between 0 and 1 and a power above half of it, below 1")
    }
  }
}
