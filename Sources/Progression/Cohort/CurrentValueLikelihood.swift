import RealModule

/// The joint likelihood of visits and of deaths whose hazard follows the current value and its slope.
final class CurrentValueLikelihood {
  /// A stretch of follow-up on which course and baseline hazard are straight.
  private struct Stretch {
    let start: Double
    let length: Double
    let piece: Int
    /// (t - T)+ at its start.
    let post: Double
    let isAfterTherapy: Bool
  }

  /// The fixed part of a patient's course: of level, slope and change of slope.
  private struct Course {
    /// Least-squares values of the three.
    let centre: [Double]
    /// Their weights in the orthonormal coefficients, three rows of p.
    let weights: [Double]
    let stretches: [Stretch]
    let died: Bool
  }

  let valueUnit: Double
  let pieces: Int
  private let slopeUnit: Double
  private let includesSlope: Bool
  private let fit: MixedModelFit
  private let objective: MixedModelCriterion
  private let kernel: BlockKernel
  private var courses: [Course] = []
  private let meanValue: Double
  private let meanSlope: Double
  private let exposure: Double
  private var p: Int { fit.design.p }
  private var k: Int { fit.design.layout.count }
  /// Place of the coefficient of the current value; that of the slope follows.
  var valuePlace: Int { p + k + 1 + pieces }

  init(
    _ fit: MixedModelFit, table: LongitudinalTable, survival: [SharedParameterModel.Survival],
    includesSlope: Bool, slopeUnit: Double
  ) throws {
    self.fit = fit
    self.slopeUnit = slopeUnit
    self.includesSlope = includesSlope
    objective = fit.objective
    let design = fit.design
    kernel = BlockKernel(q: design.q, width: design.p + 1)
    let values = table.rows.map(\.value)
    let mean = values.reduce(0, +) / Double(values.count)
    meanValue = mean
    valueUnit =
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    let slopePlace = fit.effectNames.firstIndex(of: fit.model.timeName) ?? 0
    meanSlope = fit.coefficients[slopePlace]
    exposure = survival.reduce(0) { $0 + $1.time }
    let deaths = survival.filter(\.died).map(\.time).sorted()
    pieces = max(1, min(6, deaths.count / 10))
    let count = pieces
    let knots = (1..<count).map { deaths[deaths.count * $0 / count] }
    guard design.muscles.isEmpty, design.q <= 3 else {
      throw ProgressionError.notEstimable(
        effect: "the hazard by the current value", reason: "there are several muscles")
    }
    let inverse = MixedModelFit.inverseTriangle(design)
    let p = design.p
    for (patient, record) in survival.enumerated() {
      let slopes = Array(design.slopeContrasts[patient * p..<(patient + 1) * p])
      let changes = Array(design.changeContrasts[patient * p..<(patient + 1) * p])
      var level: [Double] = []
      for row in design.starts[patient]..<design.starts[patient + 1] {
        let own = (0..<p).map { j -> Double in
          let column = (0...j).reduce(0.0) {
            $0 + design.orthonormal[row * p + $1] * design.triangle[$1 * p + j]
          }
          return column - slopes[j] * design.times[row] - changes[j] * design.post[row]
        }
        if level.isEmpty {
          level = own
        } else if zip(own, level).contains(where: { abs($0 - $1) > 1e-6 * (1 + abs($1)) }) {
          throw ProgressionError.notEstimable(
            effect: "the hazard by the current value",
            reason: "a covariate or step of level varies within a patient")
        }
      }
      let contrasts = [level, slopes, changes]
      let first = design.times[design.starts[patient]..<design.starts[patient + 1]].min() ?? 0
      let therapy = design.therapy[patient].map { $0 + fit.model.onsetLag }
      var breaks = [0, record.time] + knots.filter { $0 < record.time }
      if let therapy, therapy > first, therapy < first + record.time {
        breaks.append(therapy - first)
      }
      breaks.sort()
      courses.append(
        Course(
          centre: contrasts.map { own in
            zip(own, design.olsCoefficients).reduce(0) { $0 + $1.0 * $1.1 }
          },
          weights: contrasts.flatMap { own in
            (0..<p).map { j in (0..<p).reduce(0.0) { $0 + inverse[$1 * p + j] * own[$1] } }
          },
          stretches: zip(breaks, breaks.dropFirst()).map { from, to in
            let middle = first + 0.5 * (from + to)
            return Stretch(
              start: first + from, length: to - from,
              piece: knots.count { $0 <= 0.5 * (from + to) },
              post: therapy.map { max(0, first + from - $0) } ?? 0,
              isAfterTherapy: therapy.map { middle > $0 } ?? false)
          }, died: record.died))
    }
  }

  /// Points and weights for the mean of a function of three standard normal variables, degree five.
  private static let points: [(x: (Double, Double, Double), weight: Double)] = {
    let (near, far) = (2.5.squareRoot(), 5.0.squareRoot())
    var result: [(x: (Double, Double, Double), weight: Double)] = []
    for sign in [-1.0, 1] {
      result.append(((sign * near, 0, 0), 0.16))
      result.append(((0, sign * near, 0), 0.16))
      result.append(((0, 0, sign * near), 0.16))
      for second in [-1.0, 1] {
        for third in [-1.0, 1] {
          result.append(((sign * far, second * far, third * far), 0.005))
        }
      }
    }
    return result
  }()

  /// -2 ln L.
  func value(_ x: [Double]) -> Double? {
    let p = p
    let beta = Array(x.prefix(p))
    let theta = Array(x[p..<p + k])
    let variance = Double.exp(2 * x[p + k])
    let baseline = Array(x[(p + k + 1)..<(p + k + 1 + pieces)])
    guard baseline.allSatisfy({ abs($0) < 300 }) else { return nil }
    let jumps = baseline.map { Double.exp($0) }
    let byValue = x[valuePlace] / valueUnit
    let bySlope = includesSlope ? x[valuePlace + 1] / slopeUnit : 0
    guard abs(x[p + k]) < 20, let evaluation = objective.evaluate(theta) else { return nil }
    let contrast = beta.map { -$0 } + [1]
    let residual = SymmetricMatrix.form(evaluation.cross, p + 1, contrast, contrast)
    var sum =
      evaluation.logDeterminant + Double(fit.rowCount) * Double.log(2 * Double.pi * variance)
      + residual / variance
    let q = fit.design.q
    let effects = fit.statistics.subjectEffects(
      lambda: objective.lambda(theta), evaluation: evaluation, subjects: courses.count,
      kernel: kernel)
    let scales = fit.design.scales
    let shift = zip(evaluation.beta, beta).map { $0 - $1 }
    for (index, course) in courses.enumerated() {
      // Level, slope and change of slope: their mean and the root of their covariance given the visits.
      var mean = (course.centre[0], course.centre[1], course.centre[2])
      for c in 0..<p {
        mean.0 += course.weights[c] * beta[c]
        mean.1 += course.weights[p + c] * beta[c]
        mean.2 += course.weights[2 * p + c] * beta[c]
      }
      func mode(_ i: Int) -> Double {
        guard i < q else { return 0 }
        var own = effects.modes[index * q + i]
        // Modes are at the profiled coefficients; the joint ones differ.
        for c in 0..<p { own += effects.projection[(index * q + i) * p + c] * shift[c] }
        return own / scales[i]
      }
      func cell(_ i: Int, _ j: Int) -> Double {
        guard i < q, j < q else { return 0 }
        return variance * effects.conditional[(index * q + i) * q + j] / (scales[i] * scales[j])
      }
      mean.0 += mode(0)
      mean.1 += mode(1)
      mean.2 += mode(2)
      let root = Self.root(
        cell(0, 0), cell(1, 0), cell(1, 1), cell(2, 0), cell(2, 1), cell(2, 2))
      var likelihood = 0.0
      for point in Self.points {
        let level = mean.0 + root.0 * point.x.0
        let slope = mean.1 + root.1 * point.x.0 + root.2 * point.x.1
        let change =
          mean.2 + root.3 * point.x.0 + root.4 * point.x.1 + root.5 * point.x.2
        var cumulative = 0.0
        var last = 0.0
        var hazard = 0.0
        for (place, stretch) in course.stretches.enumerated() {
          let value = level + slope * stretch.start + change * stretch.post
          let current = slope + (stretch.isAfterTherapy ? change : 0)
          let start =
            baseline[stretch.piece] + byValue * (value - meanValue)
            + bySlope * (current - meanSlope)
          let rise = byValue * current * stretch.length
          // From one piece to the next the course is one line: the hazard jumps by the baseline alone.
          if place == 0 || stretch.isAfterTherapy != course.stretches[place - 1].isAfterTherapy {
            hazard = Double.exp(start)
          } else {
            hazard *= jumps[stretch.piece] / jumps[course.stretches[place - 1].piece]
          }
          last = start + rise
          guard start < 60, last < 60 else { return nil }
          let share = Self.integral(rise)
          cumulative += hazard * share * stretch.length
          hazard *= 1 + rise * share
        }
        likelihood += point.weight * Double.exp((course.died ? last : 0) - cumulative)
      }
      guard likelihood > 0 else { return nil }
      sum -= 2 * Double.log(likelihood)
    }
    return sum.isFinite ? sum : nil
  }

  /// The integral of exp(rise s) over s from 0 to 1.
  @inline(__always)
  private static func integral(_ rise: Double) -> Double {
    guard abs(rise) < 0.125 else { return Double.expMinusOne(rise) / rise }
    var sum = 1.0
    for k in stride(from: 10.0, to: 1, by: -1) { sum = 1 + rise / k * sum }
    return sum
  }

  /// The lower triangle of the Cholesky factor of a covariance of three, row by row; zero where it is singular.
  private static func root(
    _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double
  ) -> (Double, Double, Double, Double, Double, Double) {
    let first = max(0, a).squareRoot()
    let (second, fourth) = first > 0 ? (b / first, d / first) : (0, 0)
    let third = max(0, c - second * second).squareRoot()
    let fifth = third > 1e-12 * max(0, c).squareRoot() ? (e - fourth * second) / third : 0
    return (
      first, second, third, fourth, fifth,
      max(0, f - fourth * fourth - fifth * fifth).squareRoot()
    )
  }

  private func derivatives(_ x: [Double]) -> SafeguardedNewton.Derivatives? {
    NumericalDerivatives.central(x, step: steps(x), isThrifty: true) { self.value($0) }
  }

  /// Steps in proportion to each parameter's own scale.
  private func steps(_ x: [Double]) -> [Double] {
    x.indices.map { index in
      if index < p { return 1e-3 * fit.sigma * Double(fit.subjects.count).squareRoot() }
      return 1e-3 * max(0.1, abs(x[index]))
    }
  }

  func maximise() throws -> SafeguardedNewton.Result {
    let deaths = Double(courses.filter(\.died).count)
    let start =
      fit.evaluation.beta + fit.parameters + [Double.log(fit.sigma)]
      + [Double](repeating: Double.log(deaths / exposure), count: pieces)
      + [Double](repeating: 0, count: includesSlope ? 2 : 1)
    var search = SafeguardedNewton()
    search.tolerance = 1e-6
    let secant = SecantDerivatives()
    return try search.minimise(
      from: start, value: { self.value($0) },
      derivatives: { x in secant.at(x, step: self.steps(x)) { self.value($0) } })
  }

  /// Twice the inverse Hessian of -2 ln L, without directions of no curvature.
  func covariance(_ x: [Double]) throws -> [Double] {
    guard let hessian = derivatives(x)?.hessian else {
      throw ProgressionError.noConvergence(found: "joint likelihood not smooth at its optimum")
    }
    return NumericalDerivatives.covariance(hessian, x.count)
  }
}
