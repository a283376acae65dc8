extension RandomisedArms {
  /// The arms at the last visit in subgroups of the patients.
  ///
  /// - Parameters:
  ///   - codes: the subgroup of each subject, from 0.
  ///   - count: subgroups; 1 for none.
  func fitted(
    _ table: LongitudinalTable, codes: [String: Int], count: Int
  ) throws -> SubgroupComparison.Fitted {
    let data = try TrialData(table, self)
    return method == .ancova
      ? try visitAlone(data, codes, count) : try allVisits(data, codes, count)
  }

  private func allVisits(
    _ data: TrialData, _ codes: [String: Int], _ count: Int
  ) throws -> SubgroupComparison.Fitted {
    let model = try VisitModel(data, self, groups: codes, groupCount: count)
    let last = data.visits.count - 1
    let others = 1..<data.arms.count
    return SubgroupComparison.Fitted(
      effects: data.arms.dropFirst().map { "\($0) against \(data.arms[0])" },
      estimates: (0..<count).map { group in
        others.map { arm in
          var l = model.difference(last, arm: arm)
          if group > 0 {
            l = zip(l, model.interaction(last, arm: arm, group: group)).map(+)
          }
          return model.fit.estimate(l)
        }
      },
      interaction: count == 1
        ? nil
        : try model.fit.test(
          (1..<count).flatMap { group in
            others.map { model.interaction(last, arm: $0, group: group) }
          }))
  }

  private func visitAlone(
    _ data: TrialData, _ codes: [String: Int], _ count: Int
  ) throws -> SubgroupComparison.Fitted {
    let last = data.visits.count - 1
    let own = data.patients.filter { $0.values[last] != nil && $0.baseline != nil }
    let arms = data.arms.count
    func indicator(_ isIn: (TrialData.Patient) -> Bool) -> [Double] {
      own.map { isIn($0) ? 1 : 0 }
    }
    var columns = [[Double](repeating: 1, count: own.count)]
    columns += (1..<arms).map { arm in indicator { $0.arm == arm } }
    columns.append(own.map { ($0.baseline ?? 0) - data.meanBaseline })
    columns += data.covariateNames.indices.map { k in own.map { $0.covariates[k] } }
    let start = columns.count
    for group in 1..<max(1, count) {
      columns.append(indicator { codes[$0.subject] == group })
      columns += (1..<arms).map { arm in
        indicator { codes[$0.subject] == group && $0.arm == arm }
      }
    }
    let y = own.map { ($0.values[last] ?? 0) - ($0.baseline ?? 0) }
    guard own.count > columns.count, let fit = LeastSquares(columns: columns, y: y) else {
      throw ProgressionError.notEstimable(
        effect: "the difference at the last visit",
        reason: "\(own.count) patients do not determine \(columns.count) effects")
    }
    let p = columns.count
    let df = Double(fit.residualDegreesOfFreedom)
    let variance = fit.residualSumOfSquares / df
    func covariance(_ a: [Int], _ b: [Int]) -> Double {
      variance * a.reduce(0) { sum, i in sum + b.reduce(0) { $0 + fit.inverseCross[i * p + $1] } }
    }
    func place(_ group: Int, _ arm: Int) -> Int { start + (group - 1) * arms + arm }
    let terms = (1..<max(1, count)).flatMap { group in (1..<arms).map { place(group, $0) } }
    let interaction =
      terms.isEmpty
      ? nil
      : try LinearHypothesis(
        wald: terms.map { fit.coefficients[$0] },
        covariance: terms.flatMap { i in terms.map { covariance([i], [$0]) } },
        degreesOfFreedom: df)
    return SubgroupComparison.Fitted(
      effects: data.arms.dropFirst().map { "\($0) against \(data.arms[0])" },
      estimates: (0..<count).map { group in
        (1..<arms).map { arm in
          let places = [arm] + (group > 0 ? [place(group, arm)] : [])
          return Estimate(
            value: places.reduce(0) { $0 + fit.coefficients[$1] },
            standardError: covariance(places, places).squareRoot(), degreesOfFreedom: df)
        }
      }, interaction: interaction)
  }
}
