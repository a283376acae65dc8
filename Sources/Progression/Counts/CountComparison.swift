/// A cohort's leading effect by models of the counts themselves, with the one that a rule chooses.
///
/// The rule, stated beforehand: Poisson or negative binomial by the lower Akaike criterion; fixed and
/// random effects are the same in both.
public struct CountComparison: Sendable, Codable, Equatable {
  /// One family.
  public struct Line: Sendable, Codable, Equatable {
    /// How counts scatter.
    public let family: CountModel.Family
    /// -2 ln of the likelihood; nil where it could not be fitted.
    public let deviance: Double?
    /// The Akaike criterion.
    public let aic: Double?
    /// The leading effect on the log scale, by restricted likelihood with Kenward and Roger's test.
    public let estimate: Estimate?
    /// The same by maximum likelihood, with as many degrees of freedom as patients less fixed effects.
    public let likelihood: Estimate?
    /// All fixed effects on the log scale.
    public let effects: [Effect]
    /// Names of the random effects.
    public let randomNames: [String]
    /// Their SDs on the log scale.
    public let randomSDs: [Double]
    /// Size of the negative binomial; nil for Poisson's and for counts that scatter no more.
    public let size: Double?
    /// Why there is no fit.
    public let reason: String?
  }

  /// A fixed effect.
  public struct Effect: Sendable, Codable, Equatable {
    /// Its name.
    public let name: String
    /// The estimate on the log scale.
    public let estimate: Estimate
  }

  /// Name of the leading effect.
  public let effect: String
  /// The families, Poisson first.
  public let lines: [Line]
  /// Place of the chosen family.
  public let chosen: Int
  /// Counts that were fitted.
  public let counts: Int
  /// Those that are zero.
  public let zeroCount: Int
  /// Nodes for each random effect, 1 for Laplace's approximation.
  public let nodes: Int

  /// Fits both families to a table of counts.
  ///
  /// Tests and intervals are those of `CountInference`, whatever the nodes; where restricted likelihood has no
  /// optimum, those of maximum likelihood.
  /// - Throws: `ProgressionError` for values that are no counts, and where Poisson's model cannot be fitted.
  public init(_ table: LongitudinalTable, model: MixedModel, nodes: Int = 1) throws {
    var lines: [Line] = []
    var leading = ""
    for family in CountModel.Family.allCases {
      do {
        let fit = try CountModel(model, family: family, nodes: nodes).fit(table)
        guard
          let name = ["post:arm", "post", model.timeName].first(where: { fit.names.contains($0) })
        else {
          throw ProgressionError.notEstimable(effect: "the trend", reason: "the model has none")
        }
        leading = name
        let df = Double(max(1, fit.subjects - fit.names.count))
        let exact = (try? fit.inference())?.effects
        let effects = fit.names.enumerated().compactMap { index, name in
          (exact?[index].estimate ?? fit.effect(name, degreesOfFreedom: df)).map {
            Effect(name: name, estimate: $0)
          }
        }
        lines.append(
          Line(
            family: family, deviance: fit.deviance, aic: fit.aic,
            estimate: effects.first { $0.name == name }?.estimate,
            likelihood: fit.effect(name, degreesOfFreedom: df), effects: effects,
            randomNames: fit.randomNames, randomSDs: fit.randomSDs,
            size: fit.size.flatMap { $0.isFinite ? $0 : nil }, reason: nil))
      } catch let error as ProgressionError {
        if lines.isEmpty { throw error }
        lines.append(
          Line(
            family: family, deviance: nil, aic: nil, estimate: nil, likelihood: nil, effects: [],
            randomNames: [],
            randomSDs: [], size: nil, reason: error.description))
      }
    }
    effect = leading
    self.lines = lines
    chosen =
      lines.indices.filter { lines[$0].aic != nil }
      .min { (lines[$0].aic ?? .infinity) < (lines[$1].aic ?? .infinity) } ?? 0
    counts = table.rows.count
    zeroCount = table.rows.count { $0.value == 0 }
    self.nodes = nodes
  }
}
