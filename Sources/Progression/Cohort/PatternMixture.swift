/// A pattern-mixture sensitivity analysis for patients who left early.
///
/// Completers and those who left have intercepts and slopes of their own; the effect is the average
/// of both changes of slope, weighted with their numbers (Little 1995, JASA 90). `delta` then makes
/// the change of slope of those who left worse than their visits show. With a control arm the effect is
/// the difference between the arms, each arm averaged with its own share of leavers, and delta worsens
/// the leavers of the treated arm only, which is the case least favourable to the therapy.
public struct PatternMixture: Sendable, Codable, Equatable {
  /// What is averaged: "post", or "post:arm" with a control arm.
  public let effect: String
  /// Patients who completed.
  public let completers: Int
  /// Patients who left early.
  public let leavers: Int
  /// The effect in the completers.
  public let completerChange: Estimate
  /// The effect in those who left early.
  public let leaverChange: Estimate
  /// Their average; the weights are random too, which the standard error includes.
  public let average: Estimate
  /// The average after a worsening of those who left, for each delta.
  public let adjusted: [Adjusted]
  /// The delta at which the interval of the average reaches zero; nil where it holds zero already.
  public let tippingPoint: Double?

  /// The average at one delta.
  public struct Adjusted: Sendable, Codable, Equatable {
    /// The worsening of the leavers' change of slope, ln units a month.
    public let delta: Double
    /// The average with it.
    public let estimate: Estimate
  }

  /// Fits the pattern-mixture model.
  ///
  /// - `leavers`: pseudonyms of those who left early.
  /// - `deltas`: worsenings of their change of slope, zero or below, in units of the slopes; by default a
  ///   tenth, a quarter, a half and the whole of the slope before therapy, so that they fit any unit.
  /// - Throws: `ProgressionError` where a group is too small for slopes of its own.
  public init(
    _ table: LongitudinalTable, model: MixedModel = MixedModel(), leavers: Set<String>,
    deltas: [Double]? = nil
  ) throws {
    let subjects = Set(table.subjects.map(\.subject))
    let left = subjects.intersection(leavers).count
    guard left > 1, subjects.count - left > 1 else {
      throw ProgressionError.invalidTable(
        found: "\(left) patients who left early of \(subjects.count)",
        expected: "at least 2 who left and 2 who completed")
    }
    let arms = try Arms(table, model: model, leavers: leavers)
    try arms.checkLaterValues(table, onsetLag: model.onsetLag, leavers: leavers)
    let marked = table.mapRows { row in
      var row = row
      let hasLeft = leavers.contains(row.subject) ? 1.0 : 0
      row.covariates["leftEarly"] = hasLeft
      row.covariates["treatedLeftEarly"] = arms.treated.contains(row.subject) ? hasLeft : 0
      return row
    }
    var patterns = model
    if !arms.isCompared { patterns.armEffects = .none }
    patterns.criterion = .restricted
    patterns.covariates += ["leftEarly", "\(model.timeName):leftEarly", "post:leftEarly"]
    if arms.isCompared { patterns.covariates.append("post:treatedLeftEarly") }
    let fit = try patterns.fit(marked)
    let correction = try fit.kenwardRoger()
    let effect = arms.isCompared ? "post:arm" : "post"
    let names = fit.effectNames
    guard let post = names.firstIndex(of: effect), let own = names.firstIndex(of: "post:leftEarly")
    else {
      throw ProgressionError.notEstimable(
        effect: "the change of slope", reason: "no row has a therapy time, or not two arms")
    }
    let added = names.firstIndex(of: "post:treatedLeftEarly")
    /// The effect with the leavers' shares in the treated (or in all) and in the controls.
    func estimate(_ share: Double, _ control: Double) -> Estimate {
      var contrast = [Double](repeating: 0, count: names.count)
      contrast[post] = 1
      contrast[own] = added == nil ? share : share - control
      if let added { contrast[added] = share }
      return correction.estimate(contrast)
    }
    let share = arms.treatedShare
    let plain = estimate(share.value, arms.controlShare.value)
    let ownDifference = fit.coefficients[own]
    let difference = ownDifference + (added.map { fit.coefficients[$0] } ?? 0)
    func adjusted(_ delta: Double) -> Estimate {
      // The shares of leavers are proportions of patients: their variance adds to the average's.
      let spread =
        (difference + delta) * (difference + delta) * share.variance
        + (arms.isCompared ? ownDifference * ownDifference * arms.controlShare.variance : 0)
      return Estimate(
        value: plain.value + share.value * delta,
        standardError: (plain.standardError * plain.standardError + spread).squareRoot(),
        degreesOfFreedom: plain.degreesOfFreedom)
    }
    let average = adjusted(0)
    self.effect = effect
    completers = subjects.count - left
    self.leavers = left
    completerChange = estimate(0, 0)
    leaverChange = estimate(1, arms.isCompared ? 1 : 0)
    self.average = average
    let decline = names.firstIndex(of: model.timeName).map { abs(fit.coefficients[$0]) } ?? 0
    self.adjusted = (deltas ?? [0.1, 0.25, 0.5, 1].map { -$0 * decline }).map {
      Adjusted(delta: $0, estimate: adjusted($0))
    }
    if average.lower > 0 {
      var (inside, outside) = (0.0, -average.value)
      while adjusted(outside).lower > 0 && outside > -1e6 * average.value { outside *= 2 }
      for _ in 0..<100 {
        let middle = 0.5 * (inside + outside)
        if adjusted(middle).lower > 0 { inside = middle } else { outside = middle }
      }
      tippingPoint = inside
    } else {
      tippingPoint = nil
    }
  }
}

/// Who was treated and which share of each arm left early.
private struct Arms {
  struct Share {
    let value: Double
    let variance: Double

    init(_ count: Int, of all: Int) {
      let n = Double(max(1, all))
      value = Double(count) / n
      variance = value * (1 - value) / n
    }
  }

  /// Whether the model compares arms.
  let isCompared: Bool
  let treated: Set<String>
  /// Of the treated, or of all where no arms are compared.
  let treatedShare: Share
  let controlShare: Share

  /// Leavers of each arm need values after therapy for a change of slope of their own.
  func checkLaterValues(
    _ table: LongitudinalTable, onsetLag: Double, leavers: Set<String>
  ) throws {
    let later = Set(
      table.rows.filter { row in
        leavers.contains(row.subject)
          && row.therapyTime.map { row.time > $0 + onsetLag } ?? false
      }.map(\.subject))
    let inTreated = isCompared ? later.intersection(treated).count : later.count
    guard inTreated > 0, !isCompared || later.count > inTreated else {
      throw ProgressionError.invalidTable(
        found: isCompared
          ? "\(inTreated) treated and \(later.count - inTreated) controls who left early with a "
            + "value after the start of therapy"
          : "nobody who left early with a value after the start of therapy",
        expected: isCompared ? "at least 1 in each arm" : "at least 1")
    }
  }

  init(_ table: LongitudinalTable, model: MixedModel, leavers: Set<String>) throws {
    let subjects = Set(table.subjects.map(\.subject))
    isCompared = model.armEffects != .none
    guard isCompared else {
      treated = []
      treatedShare = Share(subjects.intersection(leavers).count, of: subjects.count)
      controlShare = Share(0, of: 0)
      return
    }
    let levels = table.arms
    guard levels.count == 2, let control = model.control(among: levels) else {
      throw ProgressionError.notEstimable(
        effect: "the pattern mixture", reason: "it compares two arms, not \(levels.count)")
    }
    treated = Set(table.rows.filter { $0.arm != control }.map(\.subject))
    let controls = subjects.subtracting(treated)
    treatedShare = Share(treated.intersection(leavers).count, of: treated.count)
    controlShare = Share(controls.intersection(leavers).count, of: controls.count)
    let left = treated.intersection(leavers).count
    let others = controls.intersection(leavers).count
    guard left > 1, treated.count - left > 1, others > 1, controls.count - others > 1 else {
      throw ProgressionError.invalidTable(
        found: "\(left) of \(treated.count) treated and \(others) of \(controls.count) controls "
          + "who left early",
        expected: "at least 2 who left and 2 who completed in each arm")
    }
  }
}
