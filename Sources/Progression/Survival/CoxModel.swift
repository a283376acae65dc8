import RealModule

/// Cox's model of proportional hazards with Efron's treatment of ties, within strata.
///
/// Cox 1972; Efron 1977. Newton's method from zero with halved steps.
public struct CoxModel: Sendable, Codable, Equatable {
  /// One covariate.
  public struct Effect: Sendable, Codable, Equatable {
    /// Its name.
    public let name: String
    /// The logarithm of the hazard ratio of one unit, with a normal reference.
    public let estimate: Estimate
    /// The hazard ratio of one unit.
    public var hazardRatio: Double { Double.exp(estimate.value) }
  }

  /// The covariates.
  public let effects: [Effect]
  /// ln of the partial likelihood at zero.
  public let nullLogLikelihood: Double
  /// ln of the partial likelihood at the estimates.
  public let logLikelihood: Double
  /// Events.
  public let events: Int
  /// p value of the likelihood-ratio test of all covariates.
  public let p: Double

  /// Fits the model.
  ///
  /// - `covariates`: for each name one value a record.
  /// - Throws: `ProgressionError` for no event, dependent covariates, or a covariate that separates
  ///   those with events from the others, whose hazard ratio has no estimate.
  public init(_ records: [SurvivalRecord], covariates: [(name: String, values: [Double])]) throws {
    try SurvivalRecord.check(records)
    precondition(covariates.allSatisfy { $0.values.count == records.count }, "one value a record")
    guard !covariates.isEmpty, records.contains(where: \.hasEvent) else {
      throw ProgressionError.invalidTable(
        found: "\(covariates.count) covariates and \(records.count(where: \.hasEvent)) events",
        expected: "at least one of each")
    }
    let p = covariates.count
    let likelihood = PartialLikelihood(records, covariates.map(\.values))
    var beta = [Double](repeating: 0, count: p)
    var current = likelihood.evaluate(beta)
    let null = current.value
    var isDone = false
    for _ in 0..<50 {
      guard let factor = SymmetricMatrix.cholesky(current.information, p, tolerance: 1e-11) else {
        throw ProgressionError.notEstimable(
          effect: "the hazard ratio", reason: "the covariates do not vary independently")
      }
      let step = SymmetricMatrix.solve(factor: factor, p, current.score)
      let decrement = zip(step, current.score).reduce(0) { $0 + $1.0 * $1.1 }
      var share = 1.0
      var next = current
      var moved = beta
      for _ in 0..<30 {
        moved = zip(beta, step).map { $0 + share * $1 }
        next = likelihood.evaluate(moved)
        if next.value.isFinite && next.value >= current.value - 1e-12 * abs(current.value) { break }
        share *= 0.5
      }
      beta = moved
      current = next
      if decrement < 1e-18 * max(1, abs(null)) || decrement < 1e-14 {
        isDone = true
        break
      }
    }
    let scaled = zip(beta, likelihood.scales).map { abs($0) * $1 }
    guard isDone, (scaled.max() ?? 0) < 20,
      let factor = SymmetricMatrix.cholesky(current.information, p, tolerance: 1e-11)
    else {
      throw ProgressionError.notEstimable(
        effect: "the hazard ratio",
        reason: "a covariate separates patients with events from the others")
    }
    let inverse = SymmetricMatrix.inverse(factor: factor, p)
    // The likelihood of a separating covariate flattens before its estimate runs away.
    for k in 0..<p where inverse[k * p + k].squareRoot() * likelihood.scales[k] > 50 {
      throw ProgressionError.notEstimable(
        effect: "the hazard ratio of \(covariates[k].name)",
        reason: "it separates patients with events from the others")
    }
    effects = covariates.indices.map { index in
      Effect(
        name: covariates[index].name,
        estimate: Estimate(
          value: beta[index], standardError: inverse[index * p + index].squareRoot(),
          degreesOfFreedom: .infinity))
    }
    nullLogLikelihood = null
    logLikelihood = current.value
    events = records.count(where: \.hasEvent)
    self.p = ChiSquared.upperTail(
      max(0, 2 * (current.value - null)), degreesOfFreedom: Double(p))
  }
}

/// ln of the partial likelihood with its derivatives.
private struct PartialLikelihood {
  struct Value {
    var value = 0.0
    var score: [Double]
    var information: [Double]
  }

  /// Records of one stratum from the latest to the earliest, with centred covariates.
  private var strata: [[(time: Double, event: Bool, x: [Double])]] = []
  private let p: Int
  /// SD of each covariate.
  let scales: [Double]

  init(_ records: [SurvivalRecord], _ columns: [[Double]]) {
    p = columns.count
    let n = Double(records.count)
    let means = columns.map { $0.reduce(0, +) / n }
    scales = zip(columns, means).map { column, mean in
      (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
    }
    let rows = records.indices.map { row in zip(columns, means).map { $0[row] - $1 } }
    for (_, own) in Dictionary(grouping: records.indices, by: { records[$0].stratum }) {
      strata.append(
        own.map { (records[$0].time, records[$0].hasEvent, rows[$0]) }.sorted { $0.time > $1.time })
    }
  }

  func evaluate(_ beta: [Double]) -> Value {
    var result = Value(
      score: [Double](repeating: 0, count: p), information: [Double](repeating: 0, count: p * p))
    for records in strata {
      var sum = Moments(p)
      var index = 0
      while index < records.count {
        let time = records[index].time
        var tied = Moments(p)
        var events = 0
        while index < records.count && records[index].time == time {
          let record = records[index]
          let linear = zip(beta, record.x).reduce(0) { $0 + $1.0 * $1.1 }
          sum.add(record.x, Double.exp(linear))
          if record.event {
            tied.add(record.x, Double.exp(linear))
            events += 1
            result.value += linear
            for a in 0..<p { result.score[a] += record.x[a] }
          }
          index += 1
        }
        for k in 0..<events {
          let share = Double(k) / Double(events)
          let total = sum.weight - share * tied.weight
          result.value -= Double.log(total)
          let mean = (0..<p).map { (sum.first[$0] - share * tied.first[$0]) / total }
          for a in 0..<p {
            result.score[a] -= mean[a]
            for b in 0..<p {
              let second = (sum.second[a * p + b] - share * tied.second[a * p + b]) / total
              result.information[a * p + b] += second - mean[a] * mean[b]
            }
          }
        }
      }
    }
    return result
  }

  private struct Moments {
    var weight = 0.0
    var first: [Double]
    var second: [Double]

    init(_ p: Int) {
      first = [Double](repeating: 0, count: p)
      second = [Double](repeating: 0, count: p * p)
    }

    mutating func add(_ x: [Double], _ w: Double) {
      weight += w
      for a in x.indices {
        first[a] += w * x[a]
        for b in x.indices { second[a * x.count + b] += w * x[a] * x[b] }
      }
    }
  }
}
