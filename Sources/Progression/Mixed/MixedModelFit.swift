import RealModule

/// A fitted mixed model: estimates, variances and everything that inference needs.
public struct MixedModelFit: Sendable {
  /// One variance or covariance of the random effects.
  public struct VarianceComponent: Sendable, Codable, Equatable {
    /// "subject" or "subject:muscle".
    public let grouping: String
    /// The effect.
    public let effect: String
    /// The other effect of a covariance; nil for a variance.
    public let with: String?
    /// Variance or covariance, on the scale of the model.
    public let value: Double
    /// Standard deviation, or the correlation of a covariance (nil where a variance is zero).
    public let standardDeviationOrCorrelation: Double?
  }

  /// The model that was fitted.
  public let model: MixedModel
  /// The subjects, in order of first appearance.
  public let subjects: [String]
  /// The rows of the fit.
  public let rowCount: Int
  /// -2 ln of the restricted likelihood, or of the likelihood.
  public let criterion: Double
  /// Relative factors of the random effects (lower triangles, column by column, term by term).
  public let theta: [Double]
  /// What each theta stands for, such as "subject.(Intercept)" or "subject.t.(Intercept)".
  public let thetaNames: [String]
  /// Residual standard deviation.
  ///
  /// With weights it is that of a row of average known error.
  public let sigma: Double
  /// Names of the fixed effects.
  public let effectNames: [String]
  /// Estimates of the fixed effects.
  public let coefficients: [Double]
  /// Covariance of the estimates without a small-sample correction.
  public let covariance: [[Double]]
  /// Variances and covariances of the random effects.
  public let varianceComponents: [VarianceComponent]
  /// One sentence for each variance or correlation on its boundary; empty for a regular fit.
  public let boundary: [String]
  /// What to doubt about the known standard errors; empty without them.
  public let errorRemarks: [String]
  /// Newton iterations.
  public let iterations: Int

  let design: MixedModelDesign
  let statistics: BlockStatistics
  let parameters: [Double]
  let evaluation: BlockEvaluation
  /// The factor of V: the residual variance where it is profiled, else one.
  let scale: Double

  /// Whether a variance is zero or a correlation is one.
  public var isSingular: Bool { !boundary.isEmpty }

  /// ln of the (restricted) likelihood.
  public var logLikelihood: Double { -criterion / 2 }

  /// Fixed effects, variance parameters and the residual variance.
  public var parameterCount: Int { coefficients.count + theta.count + 1 }

  /// The Akaike information criterion.
  public var aic: Double { criterion + 2 * Double(parameterCount) }

  /// The Bayesian information criterion with ln(rows).
  public var bic: Double { criterion + Double.log(Double(rowCount)) * Double(parameterCount) }

  /// Every fixed effect with a normal reference (Wald), which is too narrow in small cohorts.
  public func waldEffects(confidenceLevel: Double = 0.95) -> [(name: String, estimate: Estimate)] {
    effectNames.indices.map { index in
      (
        effectNames[index],
        Estimate(
          value: coefficients[index], standardError: covariance[index][index].squareRoot(),
          degreesOfFreedom: .infinity, confidenceLevel: confidenceLevel)
      )
    }
  }

  init(_ design: MixedModelDesign) throws {
    let objective = MixedModelCriterion(design)
    let optimum = try objective.minimise()
    try self.init(
      objective, parameters: optimum.parameters, iterations: optimum.iterations, scale: nil)
  }

  /// Takes variance parameters as given: those of an optimum, or planned ones with their scale.
  init(
    _ objective: MixedModelCriterion, parameters found: [Double], iterations: Int, scale: Double?
  ) throws {
    guard let evaluation = objective.evaluate(found), let value = objective.value(found) else {
      throw ProgressionError.noConvergence(found: "criterion undefined at the optimum")
    }
    let design = objective.design
    let layout = design.layout
    let p = design.p
    self.design = design
    self.evaluation = evaluation
    self.iterations = iterations
    statistics = objective.statistics
    model = design.model
    subjects = design.subjects
    rowCount = design.n
    criterion = value
    self.scale = scale ?? objective.scale(evaluation)
    let scale = self.scale
    var parameters = found
    parameters.replaceSubrange(
      0..<layout.count, with: layout.canonical(Array(parameters.prefix(layout.count))))
    self.parameters = parameters
    sigma = objective.isProfiled ? scale.squareRoot() : abs(parameters[layout.count])
    // Lambda is relative to the residual where that is profiled, absolute otherwise.
    let unit = objective.isProfiled ? 1 : (sigma > 0 ? sigma : 1)
    theta = layout.places.enumerated().map { index, place -> Double in
      parameters[index] / design.scales[layout.terms[place.term].copies[0][place.row]] / unit
    }
    thetaNames = layout.places.map { place in
      let term = layout.terms[place.term]
      let row = term.effects[place.row]
      return place.row == place.column
        ? "\(term.grouping).\(row)" : "\(term.grouping).\(row).\(term.effects[place.column])"
    }
    effectNames = design.names
    let shift = OrthonormalColumns.back(design.triangle, p, evaluation.beta)
    coefficients = zip(design.olsCoefficients, shift).map(+)
    let inverse = MixedModelFit.inverseTriangle(design)
    covariance = MixedModelFit.transform(evaluation.covariance, inverse, p, scale: scale)
    let toAbsolute = objective.isProfiled ? scale.squareRoot() : unit
    let absolute = theta.map { $0 * toAbsolute }
    varianceComponents = MixedModelFit.components(layout, absolute)
    boundary = MixedModelFit.boundary(layout, Array(parameters.prefix(layout.count)), unit: unit)
    errorRemarks = MixedModelFit.errorRemarks(design, sigma: sigma)
  }

  /// Known errors larger than all the scatter there is cannot be right.
  private static func errorRemarks(_ design: MixedModelDesign, sigma: Double) -> [String] {
    guard let errors = design.standardErrors, design.model.measurementError == .additive else {
      return []
    }
    let mean = (errors.reduce(0) { $0 + $1 * $1 } / Double(max(1, errors.count))).squareRoot()
    guard sigma < 1e-3 * mean else { return [] }
    let digits = { (x: Double) in
      let unit = Double.pow(10, (Double.log10(x)).rounded(.down) - 2)
      return "\(Float((x / unit).rounded() * unit))"
    }
    return [
      "the known standard errors (root mean square \(digits(mean))) account for all scatter about the "
        + "patients' lines, and the residual SD beside them is estimated as zero: they may be "
        + "overstated, which makes intervals too wide; compare with the fit that ignores them"
    ]
  }

  /// R^-1 of X = orthonormal * R, row-major.
  static func inverseTriangle(_ design: MixedModelDesign) -> [Double] {
    let p = design.p
    var result = [Double](repeating: 0, count: p * p)
    for j in 0..<p {
      var unit = [Double](repeating: 0, count: p)
      unit[j] = 1
      let column = OrthonormalColumns.back(design.triangle, p, unit)
      for i in 0..<p { result[i * p + j] = column[i] }
    }
    return result
  }

  /// scale R^-1 C R^-T as rows.
  static func transform(
    _ matrix: [Double], _ inverse: [Double], _ p: Int, scale: Double
  ) -> [[Double]] {
    let half = SymmetricMatrix.product(inverse, matrix, p)
    return (0..<p).map { i in
      (0..<p).map { j in
        var sum = 0.0
        for k in 0..<p { sum += half[i * p + k] * inverse[j * p + k] }
        return scale * sum
      }
    }
  }

  private static func components(
    _ layout: RandomLayout, _ absolute: [Double]
  ) -> [VarianceComponent] {
    let values = layout.components(absolute)
    return layout.places.enumerated().map { index, place in
      let term = layout.terms[place.term]
      let isVariance = place.row == place.column
      let first = values[layout.index(place.term, place.row, place.row)]
      let second = values[layout.index(place.term, place.column, place.column)]
      let product = (first * second).squareRoot()
      return VarianceComponent(
        grouping: term.grouping, effect: term.effects[place.row],
        with: isVariance ? nil : term.effects[place.column], value: values[index],
        standardDeviationOrCorrelation: isVariance
          ? values[index].squareRoot() : (product > 0 ? values[index] / product : nil))
    }
  }

  /// Finds zero variances and degenerate correlations, in the scaled parameters.
  private static func boundary(
    _ layout: RandomLayout, _ scaled: [Double], unit: Double
  ) -> [String] {
    var result: [String] = []
    for (t, term) in layout.terms.enumerated() {
      let size = term.size
      var d = [Double](repeating: 0, count: size * size)
      for place in layout.places where place.term == t {
        let value = layout.components(scaled)[layout.index(t, place.row, place.column)]
        d[place.row * size + place.column] = value / (unit * unit)
        d[place.column * size + place.row] = value / (unit * unit)
      }
      var degenerate = false
      for k in 0..<size where d[k * size + k] < 1e-7 {
        result.append(
          "boundary fit: the variance of \(term.effects[k]) between levels of \(term.grouping) is "
            + "estimated as zero")
        degenerate = true
      }
      let values = SymmetricMatrix.eigen(d, size).values
      if size > 1 && !degenerate && values[0] < 1e-8 * max(1, values[size - 1]) {
        result.append(
          "boundary fit: the effects \(term.effects.joined(separator: ", ")) of \(term.grouping) are "
            + "estimated as perfectly correlated")
      }
    }
    return result
  }
}
