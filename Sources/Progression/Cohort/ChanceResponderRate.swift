/// How many patients a responder rule calls responders where therapy does nothing.
public struct ChanceResponderRate: Sendable, Codable, Equatable {
  /// Share of patients called by the posterior rule.
  public let posterior: Double
  /// Share called by the same rule applied to two fitted lines, their slopes taken for certain.
  public let twoLines: Double
  /// Posterior slowing, in percent of the slope before, that one declining patient in ten reaches by
  /// chance; nil without a declining patient.
  public let slowingOfATenth: Double?
  /// Simulated cohorts.
  public let cohorts: Int
  /// Simulated patients.
  public let patients: Int

  /// Simulates the study's own schedule without an effect of therapy.
  ///
  /// Visit and therapy times of each patient are kept, values are drawn from the fitted model with no
  /// mean change of slope (patients vary about it as fitted), and both rules are applied to a new fit of
  /// every simulated cohort, the first by its integrated posterior.
  /// - Parameters:
  ///   - criterion: the rule that responders are called by.
  ///   - residual: a fit whose covariance values are drawn with, such as that of correlated residuals;
  ///     nil for that of `fit`.
  /// - Throws: `ProgressionError` where the model cannot be refitted in any cohort.
  public init(
    _ fit: MixedModelFit, criterion: ResponderCriterion = ResponderCriterion(),
    residual: ResidualModel.Fit? = nil, cohorts: Int = 200,
    using generator: inout some RandomNumberGenerator
  ) throws {
    precondition(cohorts > 0, "at least one cohort")
    let simulator = try FittedSimulation(fit, residual: residual)
    var model = fit.model
    model.measurementError = .ignored
    model.armEffects = .none
    model.covariates = []
    var posterior = 0
    var judged = 0
    var lines = 0
    var lineJudged = 0
    var fitted = 0
    var slowing: [Double] = []
    var failure: (any Error)?
    for _ in 0..<cohorts {
      let table = simulator.table(withoutChange: true, using: &generator)
      do {
        let slopes = try model.fit(table).integratedPosterior(criterion: criterion).subjects
        posterior += slopes.filter(criterion.isMet).count
        judged += slopes.count
        slowing += slopes.map(\.slopes).filter { $0.slope < 0 }.map { -100 * $0.change / $0.slope }
        fitted += 1
      } catch { failure = error }
      let rule = ChanceResponderRate.twoLines(table, criterion)
      lines += rule.called
      lineJudged += rule.possible
    }
    if fitted == 0, let failure { throw failure }
    self.posterior = Double(posterior) / Double(max(1, judged))
    twoLines = Double(lines) / Double(max(1, lineJudged))
    slowing.sort()
    slowingOfATenth =
      slowing.isEmpty ? nil : slowing[min(slowing.count - 1, slowing.count * 9 / 10)]
    self.cohorts = fitted
    patients = judged
  }

  /// Patients whose two separately fitted lines meet a criterion.
  static func twoLines(
    _ table: LongitudinalTable, _ criterion: ResponderCriterion
  ) -> (called: Int, possible: Int) {
    var called = 0
    var possible = 0
    var start = 0
    let rows = table.rows
    // Simulated tables stand subject by subject.
    while start < rows.count {
      var end = start + 1
      while end < rows.count, rows[end].subject == rows[start].subject { end += 1 }
      defer { start = end }
      guard let therapy = rows[start].therapyTime else { continue }
      let own = start..<end
      guard let before = slope(rows, own, { $0 <= therapy }),
        let after = slope(rows, own, { $0 > therapy })
      else { continue }
      possible += 1
      if criterion.isMet(before: before, after: after) { called += 1 }
    }
    return (called, possible)
  }

  /// The least-squares slope of the rows at some times; nil where they are one.
  private static func slope(
    _ rows: [LongitudinalTable.Row], _ own: Range<Int>, _ isMeant: (Double) -> Bool
  ) -> Double? {
    var (count, time, value) = (0.0, 0.0, 0.0)
    for row in own where isMeant(rows[row].time) {
      count += 1
      time += rows[row].time
      value += rows[row].value
    }
    guard count > 1 else { return nil }
    time /= count
    value /= count
    var (squares, products, extent) = (0.0, 0.0, 0.0)
    for row in own where isMeant(rows[row].time) {
      let away = rows[row].time - time
      squares += away * away
      products += away * (rows[row].value - value)
      extent += rows[row].time * rows[row].time
    }
    return squares > 1e-20 * max(extent, 1e-300) ? products / squares : nil
  }
}
