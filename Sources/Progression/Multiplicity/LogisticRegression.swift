import RealModule

/// Logistic regression by maximum likelihood, or with Firth's penalty where groups are small.
///
/// Firth 1993 removes the first-order bias and keeps estimates finite where all patients of an arm respond;
/// its tests compare penalised likelihoods (Heinze and Schemper 2002).
public struct LogisticRegression: Sendable, Codable, Equatable {
  /// Names of the effects.
  public let names: [String]
  /// Log odds ratios.
  public let coefficients: [Double]
  /// Standard errors from the information.
  public let standardErrors: [Double]
  /// ln of the (penalised) likelihood.
  public let logLikelihood: Double

  /// Fits outcomes to columns.
  ///
  /// - `columns`: one for each effect, the intercept among them.
  /// - `isPenalised`: Firth's penalty.
  /// - Throws: `ProgressionError` for dependent columns, and without penalty where outcomes are separated.
  public init(
    _ outcomes: [Bool], columns: [[Double]], names: [String], isPenalised: Bool = false
  ) throws {
    try self.init(outcomes, columns, names, isPenalised: isPenalised, held: nil)
  }

  /// - Parameter held: an effect held at a value, whose column still counts in the penalty.
  private init(
    _ outcomes: [Bool], _ columns: [[Double]], _ names: [String], isPenalised: Bool,
    held: (effect: Int, value: Double)?
  ) throws {
    precondition(
      columns.count == names.count && columns.allSatisfy { $0.count == outcomes.count },
      "one value for each outcome")
    let p = columns.count
    let cells = Self.cells(outcomes, columns)
    var beta = [Double](repeating: 0, count: p)
    if let held { beta[held.effect] = held.value }
    func evaluate(_ beta: [Double]) -> (value: Double, score: [Double], factor: [Double])? {
      var information = [Double](repeating: 0, count: p * p)
      var probabilities: [Double] = []
      var value = 0.0
      for cell in cells {
        let eta = zip(cell.x, beta).reduce(0.0) { $0 + $1.0 * $1.1 }
        // ln(1 + e^eta) without overflow.
        value +=
          cell.successes * eta
          - cell.count * (max(eta, 0) + Double.log(onePlus: Double.exp(-abs(eta))))
        let probability = 1 / (1 + Double.exp(-eta))
        probabilities.append(probability)
        let weight = cell.count * probability * (1 - probability)
        for a in 0..<p {
          for b in 0..<p { information[a * p + b] += weight * cell.x[a] * cell.x[b] }
        }
      }
      guard let factor = SymmetricMatrix.cholesky(information, p) else { return nil }
      var score = [Double](repeating: 0, count: p)
      for (cell, probability) in zip(cells, probabilities) {
        var rest = cell.successes - cell.count * probability
        if isPenalised {
          let solved = SymmetricMatrix.solve(factor: factor, p, cell.x)
          let leverage =
            probability * (1 - probability) * zip(cell.x, solved).reduce(0) { $0 + $1.0 * $1.1 }
          rest += cell.count * leverage * (0.5 - probability)
        }
        for a in 0..<p { score[a] += rest * cell.x[a] }
      }
      if isPenalised {
        for k in 0..<p { value += Double.log(factor[k * p + k]) }
      }
      return (value, score, factor)
    }
    guard var at = evaluate(beta) else {
      throw ProgressionError.notEstimable(
        effect: "the logistic regression", reason: "its columns depend on one another")
    }
    var converged = false
    for _ in 0..<200 {
      let step = Self.step(at.factor, at.score, held: held?.effect)
      let decrement = zip(step, at.score).reduce(0) { $0 + $1.0 * $1.1 }
      if decrement < 1e-18 {
        converged = true
        break
      }
      var share = min(1, 5 / (step.map { abs($0) }.max() ?? 1))
      var isHigher = false
      for _ in 0..<40 {
        let next = zip(beta, step).map { $0 + share * $1 }
        if let candidate = evaluate(next), candidate.value >= at.value - 1e-14 * (1 + abs(at.value))
        {
          beta = next
          at = candidate
          isHigher = true
          break
        }
        share *= 0.5
      }
      if !isHigher {
        converged = decrement < 1e-9
        break
      }
    }
    let inverse = SymmetricMatrix.inverse(factor: at.factor, p)
    let errors = (0..<p).map { inverse[$0 * p + $0].squareRoot() }
    // Where outcomes are separated the information vanishes along the way to infinity.
    let isSeparated = zip(errors, columns).contains { error, column in
      let square = column.reduce(0) { $0 + $1 * $1 } / Double(max(1, column.count))
      return !(error * square.squareRoot() < 1_000)
    }
    guard converged, !isSeparated else {
      throw ProgressionError.notEstimable(
        effect: "the odds ratio", reason: "the outcomes are separated by an effect")
    }
    self.names = names
    coefficients = beta
    standardErrors = errors
    logLikelihood = at.value
  }

  /// Outcomes of equal columns together: arms of thousands of patients are two cells.
  private static func cells(
    _ outcomes: [Bool], _ columns: [[Double]]
  ) -> [(x: [Double], count: Double, successes: Double)] {
    var places: [[Double]: Int] = [:]
    var cells: [(x: [Double], count: Double, successes: Double)] = []
    for (i, isSuccess) in outcomes.enumerated() {
      let x = columns.map { $0[i] }
      let place = places[x] ?? cells.count
      if place == cells.count {
        places[x] = place
        cells.append((x, 0, 0))
      }
      cells[place].count += 1
      if isSuccess { cells[place].successes += 1 }
    }
    return cells
  }

  /// p value of an effect by the ratio of likelihoods with and without it.
  public static func likelihoodRatioP(
    _ outcomes: [Bool], columns: [[Double]], names: [String], effect: Int,
    isPenalised: Bool = false
  ) throws -> Double {
    let (full, less) = (
      try LogisticRegression(outcomes, columns, names, isPenalised: isPenalised, held: nil),
      try LogisticRegression(
        outcomes, columns, names, isPenalised: isPenalised, held: (effect, 0))
    )
    let statistic = max(0, 2 * (full.logLikelihood - less.logLikelihood))
    return IncompleteGamma.upper(0.5, statistic / 2)
  }

  /// The interval of an effect that its likelihood-ratio test does not refuse.
  ///
  /// An end is infinite where the likelihood does not fall off to that side.
  public static func profileInterval(
    _ outcomes: [Bool], columns: [[Double]], names: [String], effect: Int,
    isPenalised: Bool = false, level: Double = 0.95
  ) throws -> (lower: Double, upper: Double) {
    let full = try LogisticRegression(
      outcomes, columns, names, isPenalised: isPenalised, held: nil)
    let quantile = NormalDistribution.quantile(0.5 + level / 2)
    let (centre, error) = (full.coefficients[effect], full.standardErrors[effect])
    /// Above zero outside of the interval; nil where the rest has no optimum.
    func excess(_ value: Double) -> Double? {
      (try? LogisticRegression(
        outcomes, columns, names, isPenalised: isPenalised, held: (effect, value)))
        .map { 2 * (full.logLikelihood - $0.logLikelihood) - quantile * quantile }
    }
    func end(_ sign: Double) -> Double {
      var inside = centre
      var outside = centre + sign * 2 * error
      for _ in 0..<12 {
        guard let found = excess(outside) else { return sign * .infinity }
        if found > 0 { break }
        (inside, outside) = (outside, centre + 2 * (outside - centre))
      }
      guard let last = excess(outside), last > 0 else { return sign * .infinity }
      for _ in 0..<60 {
        let middle = 0.5 * (inside + outside)
        if excess(middle) ?? 1 > 0 { outside = middle } else { inside = middle }
      }
      return 0.5 * (inside + outside)
    }
    return (end(-1), end(1))
  }

  /// Newton's step from the factor of the information, with one effect held.
  private static func step(_ factor: [Double], _ score: [Double], held: Int?) -> [Double] {
    let p = score.count
    guard let zero = held else { return SymmetricMatrix.solve(factor: factor, p, score) }
    // A multiple of the held effect's column of the inverse takes its step back to nothing.
    let step = SymmetricMatrix.solve(factor: factor, p, score)
    let column = SymmetricMatrix.solve(factor: factor, p, (0..<p).map { $0 == zero ? 1 : 0 })
    return (0..<p).map { $0 == zero ? 0 : step[$0] - step[zero] / column[zero] * column[$0] }
  }
}
