import RealModule

/// A generalised linear mixed model of counts: Poisson or negative binomial with a log link.
///
/// ln E(y) has the fixed and random effects of a `MixedModel`, on the counts themselves: zeros stay in,
/// and small counts weigh what they tell. Maximum likelihood, the random effects integrated out by
/// Laplace's approximation or by adaptive Gauss-Hermite quadrature (Pinheiro and Chao 2006).
public struct CountModel: Sendable, Equatable {
  /// How counts scatter about their mean.
  public enum Family: String, Codable, Sendable, CaseIterable {
    /// Variance equal to the mean.
    case poisson
    /// Variance mean + mean^2 / size (glmmTMB's nbinom2).
    case negativeBinomial = "negative-binomial"
  }

  /// Fixed and random effects; its criterion and its measurement errors are not used.
  public var mixed: MixedModel
  /// How counts scatter.
  public var family: Family
  /// Nodes of the quadrature for each random effect; 1 is Laplace's approximation.
  public var nodes: Int

  /// Counts above this are refused: their logarithms are as good.
  public static let largestCount = 100_000.0
  /// Nodes over all random effects of a patient that are evaluated at most.
  public static let gridLimit = 20_000

  /// Makes a model.
  public init(_ mixed: MixedModel = MixedModel(), family: Family = .poisson, nodes: Int = 1) {
    precondition(nodes > 0, "at least one node")
    self.mixed = mixed
    self.family = family
    self.nodes = nodes
  }

  /// Fits the model to a table of counts, not of their logarithms.
  ///
  /// - Throws: `ProgressionError.invalidRow` for a value that is no count, and what `MixedModel.fit`
  ///   throws.
  public func fit(_ table: LongitudinalTable) throws -> CountFit {
    for (index, row) in table.rows.enumerated() {
      guard row.value >= 0, row.value <= Self.largestCount, row.value == row.value.rounded() else {
        throw ProgressionError.invalidRow(
          row: index + 1, found: "value \(row.value)",
          expected: "a count, a whole number from 0 to \(Int(Self.largestCount))")
      }
    }
    guard table.rows.contains(where: { $0.value > 0 }) else {
      throw ProgressionError.invalidTable(
        found: "only counts of zero", expected: "at least one count above zero")
    }
    var model = mixed
    model.measurementError = .ignored
    let design = try MixedModelDesign(table, model: model)
    var grid = 1
    for _ in 0..<(nodes > 1 ? design.q : 0) {
      grid *= nodes
      guard grid <= Self.gridLimit else {
        throw ProgressionError.notEstimable(
          effect: "the integral over \(design.q) random effects",
          reason: "\(nodes) nodes for each are more than \(Self.gridLimit) in all")
      }
    }
    let likelihood = CountLikelihood(
      design, counts: design.order.map { table.rows[$0].value }, family: family, nodes: nodes)
    return try CountFit(likelihood, subjects: design.subjects.count)
  }
}
