/// The model of correlated visits of randomised arms, with or without the terms of a subgroup.
struct VisitModel {
  let fit: MarginalFit
  /// 1 where baseline is a visit of its own, else 0.
  let first: Int
  /// Visits, baseline included where it is one.
  let all: Int
  /// Visits after baseline.
  let visits: Int
  let arms: Int
  /// Place of the first term of the second subgroup.
  let groupStart: Int

  /// Fits the visits; patients without a place in `groups` are of the first subgroup.
  ///
  /// - Throws: `ProgressionError` where the values do not determine effects or covariance.
  init(
    _ data: TrialData, _ arms: RandomisedArms, groups: [String: Int] = [:], groupCount: Int = 1
  ) throws {
    let visits = data.visits.count
    let armCount = data.arms.count
    let isConstrained = arms.method == .clda
    let first = isConstrained ? 1 : 0
    let all = visits + first
    var names: [String] = (0..<all).map { "visit \($0 + 1 - first)" }
    for arm in 1..<armCount { names += (0..<visits).map { "arm\(arm):visit \($0 + 1)" } }
    if !isConstrained { names += (0..<visits).map { "baseline:visit \($0 + 1)" } }
    names += data.covariateNames
    let groupStart = names.count
    for group in 1..<max(1, groupCount) {
      names += (0..<all).map { "group\(group):visit \($0 + 1 - first)" }
      for arm in 1..<armCount {
        names += (0..<visits).map { "group\(group):arm\(arm):visit \($0 + 1)" }
      }
    }
    let groupSize = all + (armCount - 1) * visits
    var columns = [[Double]](repeating: [], count: names.count)
    var y: [Double] = []
    var starts = [0]
    var kept: [[Int]] = []
    for patient in data.patients {
      let own = patient.course(hasBaselineVisit: isConstrained)
      if own.isEmpty { continue }
      let group = groups[patient.subject] ?? 0
      for (place, value) in own {
        var row = [Double](repeating: 0, count: names.count)
        row[place] = 1
        let isTreated = patient.arm > 0 && place >= first
        let armPlace = all + (patient.arm - 1) * visits + place - first
        if isTreated { row[armPlace] = 1 }
        if !isConstrained {
          row[all + (armCount - 1) * visits + place] = (patient.baseline ?? 0) - data.meanBaseline
        }
        let offset = groupStart - data.covariateNames.count
        for (k, covariate) in patient.covariates.enumerated() { row[offset + k] = covariate }
        if group > 0 {
          let start = groupStart + (group - 1) * groupSize
          row[start + place] = 1
          if isTreated { row[start + armPlace] = 1 }
        }
        for k in row.indices { columns[k].append(row[k]) }
        y.append(value)
      }
      starts.append(y.count)
      kept.append(own.map(\.place))
    }
    var codes: [[Int]: Int] = [:]
    var patterns: [[Int]] = []
    let coded = kept.map { own -> Int in
      if let code = codes[own] { return code }
      codes[own] = patterns.count
      patterns.append(own)
      return patterns.count - 1
    }
    let design = try MarginalDesign(
      columns: columns, names: names, y: y, starts: starts, patterns: coded)
    let structure = VisitCovarianceStructure(kind: arms.covariance, visits: all, patterns: patterns)
    let residuals = kept.enumerated().map { patient, own in
      own.enumerated().map { ($0.element, design.residual[starts[patient] + $0.offset]) }
    }
    do {
      fit = try MarginalFit(design, structure, start: structure.start(residuals))
    } catch ProgressionError.noConvergence {
      throw ProgressionError.notEstimable(
        effect: "the \(arms.covariance.rawValue) covariance of \(all) visits",
        reason: "the values of \(kept.count) patients do not determine it, a structure of fewer "
          + "parameters may do")
    }
    self.first = first
    self.all = all
    self.visits = visits
    self.arms = armCount
    self.groupStart = groupStart
  }

  /// The least-squares mean of an arm at a visit after baseline, as a change from baseline.
  func mean(_ visit: Int, arm: Int) -> [Double] {
    var l = difference(visit, arm: arm)
    l[visit + first] = 1
    // The change from the shared baseline.
    if first == 1 { l[0] -= 1 }
    return l
  }

  /// The difference of an arm from the control in the first subgroup, 0 for the control itself.
  func difference(_ visit: Int, arm: Int) -> [Double] {
    var l = [Double](repeating: 0, count: fit.names.count)
    if arm > 0 { l[all + (arm - 1) * visits + visit] = 1 }
    return l
  }

  /// What a further subgroup's difference has beyond that of the first.
  func interaction(_ visit: Int, arm: Int, group: Int) -> [Double] {
    var l = [Double](repeating: 0, count: fit.names.count)
    let size = all + (arms - 1) * visits
    l[groupStart + (group - 1) * size + all + (arm - 1) * visits + visit] = 1
    return l
  }
}
