/// How the change of slope depends on choices that the data cannot settle.
public struct SensitivityAnalysis: Sendable, Codable, Equatable {
  /// One analysis.
  public struct Line: Sendable, Codable, Equatable {
    /// What was done.
    public let name: String
    /// The effect with Kenward-Roger inference; nil where the fit failed.
    public let estimate: Estimate?
    /// Whether a variance ended on its boundary.
    public let isSingular: Bool
    /// Why there is no estimate.
    public let reason: String?
  }

  /// The effect that is followed: "post", or "post:arm" with a control arm.
  public let effect: String
  /// The analyses; the first is the model as given.
  public let lines: [Line]

  /// Repeats a model with other onset lags, a level step, other random effects and fewer patients.
  ///
  /// - `lags`: months between the first dose and its effect; 0, 1 and 3 by default.
  /// - `month`: a month in the unit of the table's times; nil where that is not known, and then lags and
  ///   the half month of follow-up are in the table's own unit.
  /// - `halfDetectionLimit`: the table with zeros at half the detection limit, where there were any.
  public init(
    _ table: LongitudinalTable, model: MixedModel, lags: [Double] = [0, 1, 3],
    month: Double? = 1, halfDetectionLimit: LongitudinalTable? = nil
  ) {
    let effect = model.armEffects == .none ? "post" : "post:arm"
    var lines = [SensitivityAnalysis.line("as planned", table, model, effect)]
    let unit = month ?? 1
    for lag in lags where abs(lag * unit - model.onsetLag) > 1e-9 * unit {
      var changed = model
      changed.onsetLag = lag * unit
      let number = lag == lag.rounded() ? "\(Int(lag))" : "\(lag)"
      let name =
        "onset after \(number) "
        + (month == nil
          ? "in the table's unit of time, which is not known" : lag == 1 ? "month" : "months")
      lines.append(
        SensitivityAnalysis.followedPatients(table, lag: lag * unit, more: 0.5 * unit) < 2
          ? Line(
            name: name, estimate: nil, isSingular: false,
            reason: "fewer than 2 patients were seen half a "
              + (month == nil ? "unit" : "month") + " after that onset or later")
          : SensitivityAnalysis.line(name, table, changed, effect))
    }
    var step = model
    step.levelStep = true
    lines.append(SensitivityAnalysis.line("with a step of level at therapy", table, step, effect))
    for effects in MixedModel.RandomEffects.allCases where effects != model.randomEffects {
      var changed = model
      changed.randomEffects = effects
      lines.append(
        SensitivityAnalysis.line("random effects \(effects.rawValue)", table, changed, effect))
    }
    if let half = halfDetectionLimit {
      lines.append(
        SensitivityAnalysis.line("zeros at half the smallest value above zero", half, model, effect)
      )
    }
    let enough = Set(
      table.subjects.filter { _, rows in
        let therapy = rows.first?.therapyTime ?? .infinity
        let times = Set(rows.map(\.time))
        return times.filter { $0 <= therapy }.count >= 2 && times.filter { $0 > therapy }.count >= 2
      }.map(\.subject))
    if enough.count < table.subjects.count,
      let subset = table.filter({ enough.contains($0.subject) })
    {
      lines.append(
        SensitivityAnalysis.line(
          "only the \(enough.count) patients with 2 visits on each side", subset, model, effect))
    }
    self.effect = effect
    self.lines = lines
  }

  /// Patients with visits late enough to show a slope after a late onset: days after it show nothing
  /// but their measurement error, blown up to a slope.
  private static func followedPatients(
    _ table: LongitudinalTable, lag: Double, more: Double
  ) -> Int {
    Set(
      table.rows.filter { row in row.therapyTime.map { row.time >= $0 + lag + more } ?? false }
        .map(\.subject)
    ).count
  }

  private static func line(
    _ name: String, _ table: LongitudinalTable, _ model: MixedModel, _ effect: String
  ) -> Line {
    do {
      let fit = try model.fit(table)
      let estimate = try fit.kenwardRoger().effects.first { $0.name.hasPrefix(effect) }?.estimate
      return Line(
        name: name, estimate: estimate, isSingular: fit.isSingular,
        reason: estimate == nil ? "the model has no effect \(effect)" : nil)
    } catch {
      return Line(name: name, estimate: nil, isSingular: false, reason: "\(error)")
    }
  }
}
