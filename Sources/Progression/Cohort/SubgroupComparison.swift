/// The effect of the main analysis in subgroups of the patients, by one model with an interaction.
///
/// Beside the terms of the main analysis the model has those of the subgroup: of its levels on level, slope and
/// change of slope (or on every visit), and of the levels on the effect. Variances are shared, so that the
/// effects of the levels are contrasts of one fit, and the test of the interaction is the F test that none of
/// them differs (Kenward and Roger 1997). Subgroups are exploratory: nothing is adjusted for their number.
public struct SubgroupComparison: Sendable, Codable, Equatable {
  /// The effect in one subgroup.
  public struct Group: Sendable, Codable, Equatable {
    /// The label of the subgroup.
    public let name: String
    /// Patients of each arm, the control first; one number where arms are not compared.
    public let patients: [Int]
    /// One estimate for each of `effects`, on the scale of the model.
    public let estimates: [Estimate]
  }

  /// What the subgroups differ in, such as site.
  public let attribute: String
  /// Names of the effects: of one arm against the control, of several, or the change of slope.
  public let effects: [String]
  /// The arms that `Group.patients` counts, the control first; empty where arms are not compared.
  public let arms: [String]
  /// The subgroups in order of their labels.
  public let groups: [Group]
  /// The effects in the same patients without subgroups.
  public let overall: [Estimate]
  /// The test that the effects are the same in all subgroups.
  public let interaction: LinearHypothesis
  /// Patients left out as their label is not known.
  public let unknown: Int
  /// Labels with fewer patients than `leastPatients` in an arm, whose patients are left out.
  public let small: [String]

  /// Patients that every arm of a subgroup needs.
  public static let leastPatients = 3
  /// Subgroups that an attribute may have.
  public static let mostGroups = 12

  /// How values that are not compared visit by visit are analysed, as in the main analysis.
  public enum Analysis: Sendable, Equatable {
    /// The mixed model with Kenward and Roger's tests.
    case mixed
    /// The residual structure of the lowest Akaike criterion; groups of residual variances by a covariate.
    case residuals(groups: String?)
    /// Counts by the family of the lower Akaike criterion, with nodes of quadrature.
    case counts(nodes: Int)
  }

  /// The fit of a model with subgroups, for the contrasts of its effects.
  struct Fitted {
    let effects: [String]
    /// Estimates by group and effect.
    let estimates: [[Estimate]]
    /// Nil without subgroups.
    let interaction: LinearHypothesis?
  }

  /// Compares the effect of a mixed model: the change of slope, or its difference between arms or sides.
  ///
  /// - Parameters:
  ///   - table: values on the scale of the model.
  ///   - attribute: what the subgroups are called.
  ///   - labels: the subgroup of each subject; subjects without one are left out.
  ///   - model: the mixed model of the main analysis.
  ///   - effect: the leading effect, such as "post:treated"; by default those of the arms, or "post".
  ///   - analysis: how the values are analysed; counts are taken as they are.
  /// - Throws: `ProgressionError` for fewer than two subgroups or more than `mostGroups`, and where the
  ///   model cannot be fitted.
  public init(
    _ table: LongitudinalTable, attribute: String, labels: [String: String], model: MixedModel,
    effect: String? = nil, analysis: Analysis = .mixed
  ) throws {
    let usesArms = effect == nil && model.armEffects != .none
    var plain = model
    plain.criterion = .restricted
    try self.init(
      table, attribute: attribute, labels: labels,
      control: usesArms ? model.control(among: table.arms) : nil,
      usesArms: usesArms
    ) { table, codes, names in
      try plain.fitted(
        table, attribute: attribute, codes: codes, names: names, effect: effect, analysis)
    }
  }

  /// Compares the difference of randomised arms at the last visit.
  ///
  /// - Parameters:
  ///   - table: values on the scale of the model.
  ///   - attribute: what the subgroups are called.
  ///   - labels: the subgroup of each subject; subjects without one are left out.
  ///   - randomised: how the arms are compared.
  /// - Throws: `ProgressionError` as the initialiser for mixed models does.
  public init(
    _ table: LongitudinalTable, attribute: String, labels: [String: String],
    randomised: RandomisedArms
  ) throws {
    try self.init(
      table, attribute: attribute, labels: labels,
      control: MixedModel(controlArm: randomised.controlArm).control(
        among: table.arms), usesArms: true
    ) { table, codes, names in
      try randomised.fitted(table, codes: codes, count: max(1, names.count))
    }
  }

  private init(
    _ table: LongitudinalTable, attribute: String, labels: [String: String], control: String?,
    usesArms: Bool,
    _ fit: (_ table: LongitudinalTable, _ codes: [String: Int], _ names: [String]) throws -> Fitted
  ) throws {
    let arms: [String]
    if usesArms {
      let names = table.arms
      arms = [control].compactMap { $0 } + names.filter { $0 != control }
    } else {
      arms = []
    }
    var places: [String: Int] = [:]
    for row in table.rows where places[row.subject] == nil {
      places[row.subject] = usesArms ? row.arm.flatMap { arms.firstIndex(of: $0) } : 0
    }
    var counts: [String: [Int]] = [:]
    for (subject, place) in places {
      guard let label = labels[subject] else { continue }
      counts[label, default: [Int](repeating: 0, count: max(1, arms.count))][place] += 1
    }
    let kept = counts.filter { $0.value.allSatisfy { $0 >= Self.leastPatients } }.keys
      .sorted(by: Self.precedes)
    guard (2...Self.mostGroups).contains(kept.count) else {
      throw ProgressionError.invalidTable(
        found: "\(kept.count) of \(counts.count) subgroups of \(attribute) with "
          + "\(Self.leastPatients) patients or more" + (usesArms ? " in every arm" : ""),
        expected: "2 to \(Self.mostGroups)")
    }
    let codes = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    var own: [String: Int] = [:]
    for (subject, label) in labels { own[subject] = codes[label] }
    guard let chosen = table.filter({ places[$0.subject] != nil && own[$0.subject] != nil }) else {
      throw ProgressionError.invalidTable(found: "no rows", expected: "patients with a subgroup")
    }
    let whole = try fit(chosen, own.mapValues { _ in 0 }, [])
    let found = try fit(chosen, own, kept)
    guard let test = found.interaction else {
      throw ProgressionError.notEstimable(
        effect: "the effect by \(attribute)", reason: "there is one subgroup")
    }
    self.attribute = attribute
    self.arms = arms
    effects = found.effects
    overall = whole.estimates[0]
    groups = zip(kept, found.estimates).map { name, estimates in
      Group(name: name, patients: counts[name] ?? [], estimates: estimates)
    }
    interaction = test
    unknown = places.keys.count { labels[$0] == nil }
    small = counts.keys.filter { codes[$0] == nil }.sorted(by: Self.precedes)
  }

  /// Numbers by their size, before words by their letters.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    if let x = Double(a), let y = Double(b) { return x < y }
    return a < b
  }
}

extension MixedModel {
  /// The model with a subgroup's terms; without names the model itself.
  fileprivate func fitted(
    _ table: LongitudinalTable, attribute: String, codes: [String: Int], names: [String],
    effect: String?, _ analysis: SubgroupComparison.Analysis
  ) throws -> SubgroupComparison.Fitted {
    var model = self
    let levels = table.arms
    let control = control(among: levels)
    let others = levels.filter { $0 != control }
    let hasTherapy = table.rows.contains { $0.therapyTime != nil }
    guard hasTherapy else {
      throw ProgressionError.notEstimable(
        effect: "the change of slope by \(attribute)", reason: "no row has a therapy time")
    }
    // What the interaction multiplies: an arm, a covariate such as the treated side, or nothing.
    let factors: [(effect: String, value: (LongitudinalTable.Row) -> Double)]
    if let effect {
      let name = String(effect.dropFirst(5))
      factors = [(effect, { $0.covariates[name] ?? 0 })]
    } else if armEffects != .none {
      factors = others.map { arm in
        (
          others.count == 1 ? "post:arm" : "post:arm\(arm)", { $0.arm == arm ? 1 : 0 }
        )
      }
    } else {
      factors = []
    }
    // A factor that is a covariate already stands in the terms of its levels.
    if !names.isEmpty {
      model.covariates.removeAll { covariate in
        let name = covariate.split(separator: ":").last.map(String.init) ?? covariate
        return name.hasPrefix("\(attribute)=")
          || name == attribute && Set(table.rows.map { $0.covariates[name] }).count <= 2
      }
    }
    var terms: [[Int]] = []
    var rows = table.rows
    func label(_ group: Int) -> String { "\(attribute)=\(names[group])" }
    for group in names.indices.dropFirst() {
      let indicator = label(group)
      model.covariates += [indicator, "\(timeName):\(indicator)", "post:\(indicator)"]
      for factor in factors {
        let product = "\(indicator):\(factor.effect)"
        if armEffects == .all, effect == nil {
          model.covariates += [product, "\(timeName):\(product)"]
        }
        model.covariates.append("post:\(product)")
        for k in rows.indices {
          rows[k].covariates[product] =
            codes[rows[k].subject] == group ? factor.value(rows[k]) : 0
        }
      }
      for k in rows.indices {
        rows[k].covariates[indicator] = codes[rows[k].subject] == group ? 1 : 0
      }
    }
    let fit = try analysis.inference(LongitudinalTable(checked: rows), model)
    let effects = factors.isEmpty ? ["post"] : factors.map(\.effect)
    let places = fit.names
    let main = try effects.map { name in
      guard let place = places.firstIndex(of: name) else {
        throw ProgressionError.notEstimable(effect: name, reason: "the model has none")
      }
      return place
    }
    for group in names.indices.dropFirst() {
      terms.append(
        try effects.indices.map { k in
          let name =
            factors.isEmpty
            ? "post:\(label(group))" : "post:\(label(group)):\(factors[k].effect)"
          guard let place = places.firstIndex(of: name) else {
            throw ProgressionError.notEstimable(effect: name, reason: "the model has none")
          }
          return place
        })
    }
    func contrast(_ indices: [Int]) -> [Double] {
      places.indices.map { indices.contains($0) ? 1 : 0 }
    }
    let groups = max(1, names.count)
    return SubgroupComparison.Fitted(
      effects: effects,
      estimates: (0..<groups).map { group in
        effects.indices.map { k in
          fit.estimate(contrast([main[k]] + (group == 0 ? [] : [terms[group - 1][k]])))
        }
      },
      interaction: names.isEmpty
        ? nil
        : try fit.test(terms.joined().map { contrast([$0]) }))
  }
}

/// What a fit gives of linear combinations of its effects.
private struct EffectInference {
  let names: [String]
  let estimate: ([Double]) -> Estimate
  let test: ([[Double]]) throws -> LinearHypothesis
}

extension SubgroupComparison.Analysis {
  fileprivate func inference(
    _ table: LongitudinalTable, _ model: MixedModel
  ) throws -> EffectInference {
    switch self {
    case .mixed:
      let exact = try model.fit(table).kenwardRoger()
      return EffectInference(
        names: exact.effects.map(\.name), estimate: { exact.estimate($0) },
        test: { try exact.test($0) })
    case .residuals(let groups):
      let plain = try model.fit(table)
      let found = try ResidualComparison(table, plain: plain, groups: groups)
      let line = found.lines[found.chosen]
      let own = ResidualModel(
        plain.model, hasCorrelation: line.phi != nil,
        variance: line.ratios.isEmpty
          ? .constant : groups.map { .groups(covariate: $0) } ?? .constant)
      let fit = try own.fit(table, plain: plain).marginal
      return EffectInference(
        names: fit.names, estimate: { fit.estimate($0) }, test: { try fit.test($0) })
    case .counts(let nodes):
      let fits = CountModel.Family.allCases.compactMap {
        try? CountModel(model, family: $0, nodes: nodes).fit(table)
      }
      guard let fit = fits.min(by: { $0.aic < $1.aic }) else {
        throw ProgressionError.notEstimable(
          effect: "the counts by subgroup", reason: "neither family could be fitted")
      }
      let df = Double(max(1, fit.subjects - fit.names.count))
      return EffectInference(
        names: fit.names, estimate: { fit.estimate($0, degreesOfFreedom: df) },
        test: { contrasts in
          try LinearHypothesis(
            wald: contrasts.map { zip($0, fit.coefficients).reduce(0) { $0 + $1.0 * $1.1 } },
            covariance: contrasts.flatMap { a in
              contrasts.map { b in
                a.indices.reduce(0) { sum, i in
                  sum + b.indices.reduce(0) { $0 + a[i] * fit.covariance[i][$1] * b[$1] }
                }
              }
            }, degreesOfFreedom: df)
        })
    }
  }
}
