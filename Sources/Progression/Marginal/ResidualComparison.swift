/// A cohort's leading effect under several residual structures, with the one that a rule chooses.
///
/// The rule, stated beforehand: of the structures that could be fitted the one of the lowest restricted
/// Akaike criterion; the mean and the random effects are those of the plain model throughout.
public struct ResidualComparison: Sendable, Codable, Equatable {
  /// One structure.
  public struct Line: Sendable, Codable, Equatable {
    /// Its name.
    public let name: String
    /// -2 ln of the restricted likelihood; nil where it could not be fitted.
    public let criterion: Double?
    /// The Akaike criterion.
    public let aic: Double?
    /// The leading effect with Kenward-Roger error and degrees of freedom.
    public let estimate: Estimate?
    /// The same with the cluster-robust error CR2.
    public let robust: Estimate?
    /// Correlation of residuals one unit of time apart.
    public let phi: Double?
    /// SDs of groups relative to the first.
    public let ratios: [Double]
    /// Power of the variance function.
    public let power: Double?
    /// Why there is no fit.
    public let reason: String?
  }

  /// Name of the leading effect.
  public let effect: String
  /// The structures, the plain one first.
  public let lines: [Line]
  /// Place of the chosen structure.
  public let chosen: Int
  /// Fit of the chosen structure; nil for the plain one.
  ///
  /// Not part of the coded form.
  public let chosenFit: ResidualModel.Fit?

  private enum CodingKeys: String, CodingKey {
    case effect, lines, chosen
  }

  /// Takes up a comparison, without the fit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    effect = try container.decode(String.self, forKey: .effect)
    lines = try container.decode([Line].self, forKey: .lines)
    chosen = try container.decode(Int.self, forKey: .chosen)
    chosenFit = nil
  }

  /// Whether two comparisons say the same.
  public static func == (a: ResidualComparison, b: ResidualComparison) -> Bool {
    a.effect == b.effect && a.lines == b.lines && a.chosen == b.chosen
  }

  /// Values above which fits of dense blocks take long.
  public static let rowLimit = 20_000

  /// Fits the structures beside a plain fit.
  ///
  /// - `groups`: covariate that holds group numbers from 0, whose residual SDs may differ; nil for none.
  /// - `groupName`: what the groups are, for the names of the structures.
  /// - `leading`: the effect to show; by default post:arm, post or that of time.
  /// - Throws: `ProgressionError` for a model of full likelihood or with known errors, for more than
  ///   `rowLimit` values, and where the model has no change of slope.
  public init(
    _ table: LongitudinalTable, plain: MixedModelFit, groups: String? = nil,
    groupName: String = "groups", effect leading: String? = nil
  ) throws {
    let names = plain.effectNames
    guard
      let index = leading.flatMap({ names.firstIndex(of: $0) }) ?? names.firstIndex(of: "post:arm")
        ?? names.firstIndex(of: "post") ?? names.firstIndex(of: plain.model.timeName)
    else {
      throw ProgressionError.notEstimable(effect: "the trend", reason: "the model has none")
    }
    guard plain.rowCount <= Self.rowLimit else {
      throw ProgressionError.notEstimable(
        effect: "the residual correlation",
        reason: "\(plain.rowCount) values are more than \(Self.rowLimit)")
    }
    effect = names[index]
    let contrast = names.indices.map { $0 == index ? 1.0 : 0 }
    var models = [
      ("independent", ResidualModel(plain.model, hasCorrelation: false)),
      ("continuous AR(1)", ResidualModel(plain.model)),
    ]
    if let groups {
      let variance = ResidualModel.Variance.groups(covariate: groups)
      models += [
        (
          "variance by \(groupName)",
          ResidualModel(plain.model, hasCorrelation: false, variance: variance)
        ),
        ("AR(1) and variance by \(groupName)", ResidualModel(plain.model, variance: variance)),
      ]
    }
    var lines: [Line] = []
    var fits: [ResidualModel.Fit?] = []
    for (name, model) in models {
      do {
        let fit = try model.fit(table, plain: plain)
        fits.append(fit)
        // A correlation of zero is a parameter too.
        let aic = fit.marginal.aic + (fit.phi == 0 ? 2 : 0)
        lines.append(
          Line(
            name: name, criterion: fit.marginal.criterion, aic: aic,
            estimate: fit.marginal.estimate(contrast),
            robust: try? fit.marginal.robustEstimate(contrast), phi: fit.phi, ratios: fit.ratios,
            power: fit.power, reason: nil))
      } catch let error as ProgressionError {
        if lines.isEmpty { throw error }
        fits.append(nil)
        lines.append(
          Line(
            name: name, criterion: nil, aic: nil, estimate: nil, robust: nil, phi: nil, ratios: [],
            power: nil, reason: error.description))
      }
    }
    self.lines = lines
    let chosen =
      lines.indices.filter { lines[$0].aic != nil }
      .min { (lines[$0].aic ?? .infinity) < (lines[$1].aic ?? .infinity) } ?? 0
    self.chosen = chosen
    chosenFit = chosen > 0 ? fits[chosen] : nil
  }
}
