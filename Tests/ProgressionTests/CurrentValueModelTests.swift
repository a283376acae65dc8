import RealModule
import TestSupport
import Testing

@testable import Progression

/// Joint models whose hazard follows the current value, against brute-force integrals and simulated truth.
@Suite struct CurrentValueModelTests {
  private static func cohort(
    _ scenario: Int, patients: Int, seed: UInt64
  ) -> (LongitudinalTable, [SharedParameterModel.Survival]) {
    var random = TestGenerator(seed)
    return JointCalibration.cohort(
      CohortSimulation(patients: patients, slopeChange: 0.02, hasControls: true),
      JointCalibration.scenarios[scenario], using: &random)
  }

  private let model = MixedModel(armEffects: .slopeChange)

  /// Without an association the likelihoods of visits and of deaths separate.
  @Test func withoutAssociationLikelihoodsSeparate() throws {
    let (table, survival) = Self.cohort(0, patients: 40, seed: 5)
    var full = model
    full.criterion = .full
    let fit = try full.fit(table)
    let ordered = try fit.subjects.map { name in
      try #require(survival.first { $0.subject == name })
    }
    let likelihood = try CurrentValueLikelihood(
      fit, table: table, survival: ordered, includesSlope: true, slopeUnit: 0.01)
    #expect(likelihood.pieces == 1)
    let deaths = Double(ordered.count { $0.died })
    let exposure = ordered.reduce(0) { $0 + $1.time }
    let rate = Double.log(deaths / exposure)
    let x = fit.evaluation.beta + fit.parameters + [Double.log(fit.sigma), rate, 0, 0]
    let separate = fit.criterion - 2 * (deaths * rate - deaths)
    #expect(agree(try #require(likelihood.value(x)), separate, relative: 1e-9))
  }

  /// The rule of 14 points against a product rule of 9 nodes for each effect on the conditional normal
  /// distribution, with the hazard integrated in small steps.
  @Test func integralsAgainstBruteForce() throws {
    let (table, survival) = Self.cohort(1, patients: 14, seed: 6)
    var full = model
    full.criterion = .full
    let fit = try full.fit(table)
    let ordered = try fit.subjects.map { name in
      try #require(survival.first { $0.subject == name })
    }
    let likelihood = try CurrentValueLikelihood(
      fit, table: table, survival: ordered, includesSlope: true, slopeUnit: 0.01)
    let (level, byValue, bySlope) = (-3.6, -0.4, -0.25)
    let head = fit.evaluation.beta + fit.parameters + [Double.log(fit.sigma), level]
    let own = try #require(likelihood.value(head + [byValue, bySlope]))
    // The part of the visits alone, from the likelihood that separates.
    let deaths = Double(ordered.count { $0.died })
    let exposure = ordered.reduce(0) { $0 + $1.time }
    let visits =
      try #require(likelihood.value(head + [0, 0]))
      + 2 * (deaths * level - exposure * Double.exp(level))
    let values = table.rows.map(\.value)
    let mean = values.reduce(0, +) / Double(values.count)
    let effects = fit.statistics.subjectEffects(
      lambda: fit.objective.lambda(fit.parameters), evaluation: fit.evaluation,
      subjects: ordered.count, kernel: BlockKernel(q: 3, width: fit.design.p + 1))
    let nodes = GaussHermite.nodes(9)
    let scales = fit.design.scales
    var sum = 0.0
    for (index, record) in ordered.enumerated() {
      let rows = table.rows.filter { $0.subject == record.subject }
      let therapy = try #require(rows[0].therapyTime)
      let isTreated = rows[0].arm == "1"
      let b = fit.coefficients
      let modes = (0..<3).map { effects.modes[index * 3 + $0] / scales[$0] }
      let covariance = (0..<9).map { cell in
        fit.sigma * fit.sigma * effects.conditional[index * 9 + cell]
          / (scales[cell / 3] * scales[cell % 3])
      }
      // M3: the change of slope depends on the other two through the visits, so take the full factor.
      let root = try #require(SymmetricMatrix.cholesky(covariance, 3, tolerance: 1e-14))
      var likelihood = 0.0
      for n0 in nodes {
        for n1 in nodes {
          for n2 in nodes {
            let z = [n0.x, n1.x, n2.x]
            let u = (0..<3).map { i in
              modes[i] + (0...i).reduce(0.0) { $0 + root[i * 3 + $1] * z[$1] }
            }
            let level0 = b[0] + u[0]
            let slope = b[1] + u[1]
            let change = b[2] + (isTreated ? b[3] : 0) + u[2]
            func logHazard(_ t: Double) -> Double {
              let value = level0 + slope * t + change * max(0, t - therapy)
              let current = slope + (t > therapy ? change : 0)
              return level + byValue * (value - mean) / self.unit(values)
                + bySlope * (current - b[1]) / 0.01
            }
            var cumulative = 0.0
            // Simpson's rule on both sides of the first dose.
            let first = rows[0].time
            let breaks = [
              first, min(max(therapy, first), first + record.time), first + record.time,
            ]
            for (from, to) in zip(breaks, breaks.dropFirst()) where to > from {
              let h = (to - from) / 20
              for k in 0...20 {
                let weight = k == 0 || k == 20 ? 1.0 : k % 2 == 1 ? 4 : 2
                let t = min(max(from + h * Double(k), from + 1e-9), to - 1e-9)
                cumulative += weight * h / 3 * Double.exp(logHazard(t))
              }
            }
            likelihood +=
              n0.weight * n1.weight * n2.weight
              * Double.exp(
                (record.died ? logHazard(first + record.time) : 0) - cumulative)
          }
        }
      }
      sum -= 2 * Double.log(likelihood)
    }
    #expect(abs(own - visits - sum) < 0.02, "\(own - visits) \(sum)")
  }

  private func unit(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  /// One cohort of 200 patients: every estimate within four standard errors of the truth.
  @Test func aLargeCohortShowsTheTruth() throws {
    let (table, survival) = Self.cohort(1, patients: 200, seed: 7)
    let joint = try CurrentValueModel(table, model: model, survival: survival, slopeUnit: 0.01)
    #expect(joint.effect == "post:arm" && joint.deaths > 40)
    #expect(joint.pieces == min(6, joint.deaths / 10))
    let slope = try #require(joint.slope)
    let scale = joint.valueUnit
    for (estimate, truth) in [
      (joint.change, 0.02), (joint.value, 0.8 * scale), (slope, 0.2),
    ] {
      #expect(abs(estimate.value - truth) < 4 * estimate.standardError)
    }
    #expect(joint.value.lower > 0)
    // More parameters fit no worse.
    let alone = try CurrentValueModel(
      table, model: model, survival: survival, includesSlope: false)
    #expect(alone.slope == nil && joint.criterion <= alone.criterion + 1e-4)
  }

  @Test func whatIsRefused() throws {
    let (table, survival) = Self.cohort(0, patients: 30, seed: 8)
    #expect(throws: ProgressionError.self) {
      try CurrentValueModel(table, model: model, survival: Array(survival.dropLast()))
    }
    let alive = survival.map {
      SharedParameterModel.Survival(subject: $0.subject, time: $0.time, died: false)
    }
    #expect(throws: ProgressionError.self) {
      try CurrentValueModel(table, model: model, survival: alive)
    }
    // A covariate that changes from visit to visit has no straight course.
    let uneven = try LongitudinalTable(
      table.rows.enumerated().map { index, row in
        var row = row
        row.covariates["place"] = index % 3 == 0 ? 1 : 0
        return row
      })
    var other = model
    other.covariates = ["place"]
    #expect(throws: ProgressionError.self) {
      try CurrentValueModel(uneven, model: other, survival: survival)
    }
  }
}
