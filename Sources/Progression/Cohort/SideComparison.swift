/// One side treated, the other the control of the same patient.
///
/// y ~ side + t + post + post:treated + (t | id) + (0 + post | id) + (1 | id:side): both sides of a patient
/// share slope and change of slope, so that what differs between patients cancels, and post:treated is
/// the change of slope on the treated side beyond that on the other. The same with (t | id:side) lets
/// the sides decline at slopes of their own. That one is chosen wherever it can be fitted, whatever the
/// data: a choice by the Akaike criterion leaves slopes out that are there, and then rejects too often.
public struct SideComparison: Sendable, Codable, Equatable {
  /// One structure of the sides.
  public struct Line: Sendable, Codable, Equatable {
    /// What varies between the sides of a patient.
    public let name: String
    /// -2 ln of the restricted likelihood; nil where it could not be fitted.
    public let criterion: Double?
    /// The Akaike criterion.
    public let aic: Double?
    /// post:treated with Kenward-Roger error and degrees of freedom.
    public let estimate: Estimate?
    /// Difference in percent of the later slope of the untreated sides.
    public let slowing: FiellerInterval?
    /// Why there is no fit.
    public let reason: String?
  }

  /// The structures, that of equal slopes first.
  public let lines: [Line]
  /// Place of the chosen structure.
  public let chosen: Int
  /// Patients with a treated and an untreated side.
  public let patients: Int

  /// The model of a structure.
  ///
  /// - `treated`: covariate of the rows, 1 on the treated side and 0 on the other.
  public static func model(_ model: MixedModel, treated: String, sideSlopes: Bool = false)
    -> MixedModel
  {
    var result = model
    result.muscles = true
    result.placeName = "side"
    result.muscleSlopes = sideSlopes
    let name = "post:\(treated)"
    if !result.covariates.contains(name) { result.covariates.append(name) }
    return result
  }

  /// Fits both structures to a table whose muscles are the sides.
  ///
  /// - Throws: `ProgressionError` for fewer than three patients with both kinds of side, a covariate that is
  ///   not 0 or 1, and where the first structure cannot be fitted.
  public init(_ table: LongitudinalTable, model: MixedModel, treated: String) throws {
    var kinds: [String: Set<Double>] = [:]
    for (index, row) in table.rows.enumerated() {
      guard let value = row.covariates[treated], value == 0 || value == 1 else {
        throw ProgressionError.invalidRow(
          row: index + 1,
          found: row.covariates[treated].map { "\(treated) \($0)" } ?? "no \(treated)",
          expected: "1 on the treated side and 0 on the other")
      }
      kinds[row.subject, default: []].insert(value)
    }
    patients = kinds.values.count { $0.count == 2 }
    guard patients > 2 else {
      throw ProgressionError.notEstimable(
        effect: "the difference between the sides",
        reason: "\(patients) patients have a treated and an untreated side, 3 are needed")
    }
    var lines: [Line] = []
    for hasSlopes in [false, true] {
      let name = hasSlopes ? "level and slope of a side" : "level of a side"
      do {
        let fit = try Self.model(model, treated: treated, sideSlopes: hasSlopes).fit(table)
        let exact = try fit.kenwardRoger()
        let names = fit.effectNames
        guard let change = names.firstIndex(of: "post:\(treated)"),
          let slope = names.firstIndex(of: model.timeName), let post = names.firstIndex(of: "post")
        else {
          throw ProgressionError.notEstimable(
            effect: "post:\(treated)", reason: "no visit comes after a first dose")
        }
        let covariance = exact.covariance
        let later = [slope, post]
        let estimate = exact.effects[change].estimate
        lines.append(
          Line(
            name: name, criterion: fit.criterion, aic: fit.aic, estimate: estimate,
            slowing: FiellerInterval(
              slope: later.reduce(0) { $0 + fit.coefficients[$1] }, change: estimate.value,
              slopeVariance: later.reduce(0) { sum, i in
                sum + later.reduce(0) { $0 + covariance[i][$1] }
              }, changeVariance: covariance[change][change],
              covariance: later.reduce(0) { $0 + covariance[$1][change] },
              degreesOfFreedom: estimate.degreesOfFreedom), reason: nil))
      } catch let error as ProgressionError {
        if lines.isEmpty { throw error }
        lines.append(
          Line(
            name: name, criterion: nil, aic: nil, estimate: nil, slowing: nil,
            reason: error.description))
      }
    }
    self.lines = lines
    chosen = lines.lastIndex { $0.estimate != nil } ?? 0
  }
}
