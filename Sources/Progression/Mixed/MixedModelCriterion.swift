import RealModule

/// The restricted or full likelihood criterion of a mixed model and its derivatives.
///
/// Profiled form (Bates et al. 2015, eq. 41-42): the parameters are theta and the residual variance is
/// eliminated. With additive known errors it cannot be; the parameters are then the absolute lambda
/// and s, and R = s^2 + s_ij^2.
final class MixedModelCriterion {
  let design: MixedModelDesign
  let isRestricted: Bool
  /// Whether the residual variance is profiled.
  let isProfiled: Bool
  private let kernel: BlockKernel
  private let subjects: Range<Int>?
  private(set) var statistics: BlockStatistics
  private var sumLogVariance: Double
  private var residualSD: Double?
  private let logTriangle: Double
  private let rowCount: Int
  private var last: (parameters: [Double], evaluation: BlockEvaluation)?

  /// Rows less fixed effects under REML, rows under full likelihood.
  var freedom: Double { Double(rowCount - (isRestricted ? design.p : 0)) }

  /// Makes the criterion of a design, or of a range of its patients.
  init(_ design: MixedModelDesign, subjects: Range<Int>? = nil) {
    self.design = design
    self.subjects = subjects
    isRestricted = design.model.criterion == .restricted
    isProfiled = design.standardErrors == nil || design.model.measurementError != .additive
    rowCount =
      subjects.map { design.starts[$0.upperBound] - design.starts[$0.lowerBound] } ?? design.n
    kernel = BlockKernel(q: design.q, width: design.p + 1)
    logTriangle =
      2 * (0..<design.p).reduce(0) { $0 + Double.log(abs(design.triangle[$1 * design.p + $1])) }
    let variances = MixedModelCriterion.variances(design, residualSD: nil)
    statistics = BlockStatistics(
      design, weights: variances?.map { 1 / $0 }, subjects: subjects)
    sumLogVariance = variances?.reduce(0) { $0 + Double.log($1) } ?? 0
  }

  /// Takes up the sums of a finished fit.
  init(
    _ design: MixedModelDesign, statistics: BlockStatistics, evaluated parameters: [Double],
    evaluation: BlockEvaluation
  ) {
    self.design = design
    self.statistics = statistics
    subjects = nil
    isRestricted = design.model.criterion == .restricted
    isProfiled = design.standardErrors == nil || design.model.measurementError != .additive
    rowCount = design.n
    kernel = BlockKernel(q: design.q, width: design.p + 1)
    logTriangle =
      2 * (0..<design.p).reduce(0) { $0 + Double.log(abs(design.triangle[$1 * design.p + $1])) }
    sumLogVariance = 0
    residualSD = isProfiled ? nil : abs(parameters[design.layout.count])
    let variances = MixedModelCriterion.variances(design, residualSD: residualSD)
    sumLogVariance = variances?.reduce(0) { $0 + Double.log($1) } ?? 0
    last = (parameters, evaluation)
  }

  /// The residual variances R of the rows; nil where all are one.
  static func variances(_ design: MixedModelDesign, residualSD: Double?) -> [Double]? {
    guard let errors = design.standardErrors else { return nil }
    if design.model.measurementError == .additive {
      guard let s = residualSD else { return nil }
      return errors.map { s * s + $0 * $0 }
    }
    let mean = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
    return errors.map { $0 * $0 / mean }
  }

  /// The factor Lambda of a parameter vector.
  func lambda(_ parameters: [Double]) -> [Double] {
    design.layout.lambda(Array(parameters.prefix(design.layout.count)))
  }

  /// The sums at a parameter vector; nil where the criterion is undefined.
  func evaluate(_ parameters: [Double]) -> BlockEvaluation? {
    if let last, last.parameters == parameters { return last.evaluation }
    if !isProfiled {
      let s = abs(parameters[design.layout.count])
      if residualSD != s {
        let variances = MixedModelCriterion.variances(design, residualSD: s) ?? []
        statistics = BlockStatistics(design, weights: variances.map { 1 / $0 }, subjects: subjects)
        sumLogVariance = variances.reduce(0) { $0 + Double.log($1) }
        residualSD = s
      }
    }
    guard
      let evaluation = statistics.evaluate(
        lambda: lambda(parameters), sumLogVariance: sumLogVariance, kernel: kernel)
    else { return nil }
    last = (parameters, evaluation)
    return evaluation
  }

  /// -2 ln L at a parameter vector.
  func value(_ parameters: [Double]) -> Double? {
    guard let evaluation = evaluate(parameters) else { return nil }
    var sum = evaluation.logDeterminant
    if isRestricted { sum += evaluation.logDeterminantX + logTriangle }
    if isProfiled {
      return sum + freedom * (1 + Double.log(2 * Double.pi * evaluation.residual / freedom))
    }
    return sum + freedom * Double.log(2 * Double.pi) + evaluation.residual
  }

  /// The estimate of the factor of V: the profiled residual variance, or one.
  func scale(_ evaluation: BlockEvaluation) -> Double {
    isProfiled ? evaluation.residual / freedom : 1
  }

  /// The sums of derivatives at a parameter vector.
  func sums(_ parameters: [Double], withResidual: Bool) -> (BlockEvaluation, BlockDerivatives)? {
    guard let evaluation = evaluate(parameters) else { return nil }
    let residual = withResidual ? residualComponent() : nil
    let sums = statistics.derivatives(
      lambda: lambda(parameters), evaluation: evaluation, pairs: design.layout.pairs,
      residual: residual, kernel: kernel)
    return (evaluation, sums)
  }

  func residualComponent() -> ResidualComponent {
    if isProfiled {
      let n = Double(rowCount)
      return ResidualComponent(second: statistics, third: statistics, trace: n, traceTrace: n)
    }
    let variances = MixedModelCriterion.variances(design, residualSD: residualSD) ?? []
    return ResidualComponent(
      second: BlockStatistics(
        design, weights: variances.map { 1 / ($0 * $0) }, subjects: subjects),
      third: BlockStatistics(
        design, weights: variances.map { 1 / ($0 * $0 * $0) }, subjects: subjects),
      trace: variances.reduce(0) { $0 + 1 / $1 },
      traceTrace: variances.reduce(0) { $0 + 1 / ($1 * $1) })
  }

  /// Gradient and Hessian with respect to the parameters.
  func derivatives(_ parameters: [Double]) -> SafeguardedNewton.Derivatives? {
    guard let (evaluation, sums) = sums(parameters, withResidual: !isProfiled) else { return nil }
    let count = sums.count
    let first = isProfiled ? 1 : 0
    let phi = evaluation.covariance
    let factor = isProfiled ? freedom / evaluation.residual : 1
    let curvature = isProfiled ? freedom / (evaluation.residual * evaluation.residual) : 0
    let traceProjected = sums.traceProjected(phi)
    let projected = sums.projected(phi)
    let projectedQuadratic = sums.projectedQuadratic(phi)
    let size = count - first
    var gradient = [Double](repeating: 0, count: size)
    var hessian = [Double](repeating: 0, count: size * size)
    for r in first..<count {
      gradient[r - first] =
        sums.trace[r] - (isRestricted ? traceProjected[r] : 0) - factor * sums.quadratic[r]
      for s in first..<count {
        let at = r * count + s
        var value = -sums.traceTrace[at]
        if isRestricted { value += 2 * sums.traceCross[at] - projected[at] }
        value += 2 * factor * (sums.quadraticQuadratic[at] - projectedQuadratic[at])
        value -= curvature * sums.quadratic[r] * sums.quadratic[s]
        hessian[(r - first) * size + s - first] = value
      }
    }
    return chain(parameters, gradient, hessian)
  }

  /// Takes derivatives by variance component to derivatives by parameter.
  private func chain(
    _ parameters: [Double], _ gradient: [Double], _ hessian: [Double]
  ) -> SafeguardedNewton.Derivatives {
    let layout = design.layout
    let k = layout.count
    let theta = Array(parameters.prefix(k))
    let inner = layout.jacobian(theta)
    let extra = isProfiled ? 0 : 1
    let size = k + extra
    // Component index 0 is the residual where it is a parameter; the parameter s stands last.
    var jacobian = [Double](repeating: 0, count: size * size)
    for r in 0..<k {
      for c in 0..<k { jacobian[(r + extra) * size + c] = inner[r * k + c] }
    }
    if extra == 1 { jacobian[k] = 2 * parameters[k] }
    var result = [Double](repeating: 0, count: size)
    for c in 0..<size {
      for r in 0..<size { result[c] += gradient[r] * jacobian[r * size + c] }
    }
    let right = SymmetricMatrix.product(hessian, jacobian, size)
    var second = [Double](repeating: 0, count: size * size)
    for a in 0..<size {
      for b in 0..<size {
        for r in 0..<size { second[a * size + b] += jacobian[r * size + a] * right[r * size + b] }
      }
    }
    let bend = layout.curvature(Array(gradient.dropFirst(extra)))
    for a in 0..<k {
      for b in 0..<k { second[a * size + b] += bend[a * k + b] }
    }
    if extra == 1 { second[k * size + k] += 2 * gradient[0] }
    return SafeguardedNewton.Derivatives(gradient: result, hessian: second)
  }

  /// Minimises the criterion.
  func minimise() throws -> SafeguardedNewton.Result {
    let start = try start()
    func search(_ method: SafeguardedNewton) throws -> SafeguardedNewton.Result {
      try method.minimise(
        from: start, value: { self.value($0) }, derivatives: { self.derivatives($0) })
    }
    do {
      return try search(SafeguardedNewton())
    } catch ProgressionError.noConvergence {
      let scatter = design.residualScatter
      guard scatter > 1e-11 else {
        throw ProgressionError.notEstimable(
          effect: "the residual variance",
          reason: scatter > 1e-20
            ? "the values of every subject lie on its own line but for rounding"
            : "the values of every subject lie exactly on its own line")
      }
      // The criterion takes the scatter from a difference of sums; where it is a small part of them,
      // rounding hides the last of the descent.
      var patient = SafeguardedNewton()
      patient.acceptance = max(1e-6, 64 * freedom * 2.2e-16 / scatter)
      return try search(patient)
    }
  }

  private func start() throws -> [Double] {
    let places = design.layout.places
    if !isProfiled {
      // The fit that ignores the known errors is close in everything but the residual.
      var plain = design.model
      plain.measurementError = .ignored
      let first = MixedModelCriterion(design.ignoringErrors(plain))
      let optimum = try first.minimise()
      guard let evaluation = first.evaluate(optimum.parameters) else {
        throw ProgressionError.noConvergence(found: "criterion undefined at the start")
      }
      let variance = first.scale(evaluation)
      let errors = design.standardErrors ?? []
      let known = errors.reduce(0) { $0 + $1 * $1 } / Double(max(1, errors.count))
      return optimum.parameters.map { $0 * variance.squareRoot() }
        + [max(variance - known, 0.1 * variance).squareRoot()]
    }
    let total = design.subjects.count
    // A large cohort starts from the optimum of its first patients, which a full step or two refine.
    if subjects == nil && total >= 1_000 && design.standardErrors == nil {
      let sample = MixedModelCriterion(design, subjects: 0..<max(128, total / 16))
      if let first = try? sample.minimise() { return first.parameters }
    }
    return places.map { $0.row == $0.column ? 1 : 0 }
  }
}
