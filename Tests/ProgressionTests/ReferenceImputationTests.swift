import TestSupport
import Testing

@testable import Progression

/// Imputation under stated assumptions: against another route to the same numbers, and against truth.
@Suite struct ReferenceImputationTests {
  private func last(
    _ rule: ReferenceImputation.Rule, _ table: LongitudinalTable, imputations: Int = 60,
    delta: Double = 0, seed: UInt64 = 1
  ) throws -> (RubinPooling, ReferenceImputation.Result) {
    var generator = TestGenerator(seed)
    let result = try ReferenceImputation(
      rule, imputations: imputations, delta: delta, burnIn: 40, thinning: 4
    ).fit(table, using: &generator)
    return (try #require(result.visits.last?.differences.first), result)
  }

  /// mice 3.15, pool.scalar (Scripts/references/imputation.R).
  @Test func rubinsRulesAsInMICE() {
    let pooled = RubinPooling(
      values: [1.2, 0.8, 1.5, 1.1, 0.9], variances: [0.25, 0.3, 0.28, 0.22, 0.26],
      degreesOfFreedom: 40)
    #expect(agree(pooled.estimate.value, 1.1, relative: 1e-12))
    #expect(agree(pooled.within, 0.262, relative: 1e-12))
    #expect(agree(pooled.between, 0.075, relative: 1e-12))
    #expect(agree(pooled.estimate.standardError, 0.352.squareRoot(), relative: 1e-12))
    #expect(agree(pooled.estimate.degreesOfFreedom, 19.3913020284, relative: 1e-9))
    let complete = RubinPooling(values: [1, 1], variances: [1, 1], degreesOfFreedom: .infinity)
    #expect(complete.estimate.degreesOfFreedom == .infinity && complete.missingShare == 0)
  }

  /// Conditional means at nlme's fit (Scripts/references/imputation.R), within four errors of the seed and
  /// what the two routes differ by in 40 patients.
  @Test(arguments: [
    (ReferenceImputation.Rule.mar, 2.035601494), (.jumpToReference, 1.757002795),
    (.copyReference, 1.783977825), (.copyIncrements, 1.862651219),
  ])
  func rulesAsByConditionalMeans(_ rule: ReferenceImputation.Rule, _ expected: Double) throws {
    let (pooled, result) = try last(rule, ReferenceTrial.arms(), imputations: 100)
    #expect(abs(pooled.estimate.value - expected) < 4 * pooled.monteCarloError + 0.01)
    #expect(result.patients == [20, 20] && result.leavers == [3, 3])
    #expect(result.intermittent == 8 && result.visits[0].differences[0].between < 1e-20)
  }

  /// Missing at random the imputation repeats the likelihood: estimate, error and visits before.
  @Test func missingAtRandomIsTheMMRM() throws {
    let table = try ReferenceTrial.arms()
    let exact = try RandomisedArms(.mmrm).fit(table).visits
    let (_, result) = try last(.mar, table, imputations: 150, seed: 3)
    for (visit, reference) in zip(result.visits, exact) {
      let own = visit.differences[0]
      #expect(
        abs(own.estimate.value - reference.differences[0].value) < 4 * own.monteCarloError + 0.01)
      #expect(
        agree(
          own.estimate.standardError, reference.differences[0].standardError, relative: 0.05))
    }
  }

  @Test func deltaShiftsByWhatIsMissing() throws {
    let table = try ReferenceTrial.arms()
    let (plain, result) = try last(.jumpToReference, table)
    let (shifted, _) = try last(.jumpToReference, table, delta: -2)
    // 3 of 20 treated patients have no last visit; baselines differ a little.
    let slope = (shifted.estimate.value - plain.estimate.value) / -2
    let expected = Self.adjustedShare(table)
    #expect(abs(slope - expected) < 1e-9 && abs(expected - 0.15) < 0.03)
    let point = try #require(result.tippingPoints[0])
    #expect(point < 0)
    let (edge, _) = try last(.jumpToReference, table, delta: point)
    #expect(abs(edge.estimate.lower) < 1e-9)
    // Without an effect there is nothing to tip.
    let none = try LongitudinalTable(
      table.rows.map { row in
        var row = row
        row.arm = (Int(row.subject) ?? 0) % 4 < 2 ? "0" : "1"
        return row
      })
    #expect(try last(.jumpToReference, none).1.tippingPoints == [nil])
  }

  /// Difference of the arms in the share of treated leavers, adjusted for baseline by hand.
  private static func adjustedShare(_ table: LongitudinalTable) -> Double {
    var means: [(share: Double, baseline: Double)] = []
    var (cross, square) = (0.0, 0.0)
    for arm in ["0", "1"] {
      let own = table.subjects.map(\.rows).filter { $0[0].arm == arm }
      let points = own.map { rows in
        (rows[0].value, arm == "1" && (rows.last?.time ?? 0) < 4 ? 1.0 : 0)
      }
      let count = Double(points.count)
      let baseline = points.reduce(0) { $0 + $1.0 } / count
      let share = points.reduce(0) { $0 + $1.1 } / count
      for (x, y) in points {
        cross += (x - baseline) * (y - share)
        square += (x - baseline) * (x - baseline)
      }
      means.append((share, baseline))
    }
    return means[1].share - means[0].share
      - cross / square * (means[1].baseline - means[0].baseline)
  }

  @Test func theSeedDecides() throws {
    let table = try ReferenceTrial.arms()
    #expect(try last(.copyReference, table).1 == last(.copyReference, table).1)
    #expect(try last(.copyReference, table).0 != last(.copyReference, table, seed: 2).0)
  }

  @Test func visitsOfFewPatientsAreRefused() throws {
    let table = try ReferenceTrial.arms()
    let sparse = try #require(
      table.filter { $0.time < 4 || (Int($0.subject) ?? 0) <= 6 })
    #expect(throws: ProgressionError.self) { try last(.mar, sparse) }
    let one = try #require(table.filter { $0.arm == "1" })
    #expect(throws: ProgressionError.self) { try last(.mar, one) }
  }

  /// Enough patients at each visit, but too few with all of them: the covariance would become singular.
  @Test func fewCompletePatientsAreRefusedWithTheirNumber() throws {
    let table = try ReferenceTrial.arms()
    let end = table.rows.map(\.time).max() ?? 0
    let visits = Set(table.rows.map(\.time)).filter { $0 > 0 }.sorted()
    // Half of each arm have the last visit, and lack one of the others but for a few.
    let patchy = try #require(
      table.filter { row in
        let number = Int(row.subject) ?? 0
        return row.time == end
          ? number % 4 < 2
          : row.time <= 0 || number % 4 > 1 || number <= 6
            || row.time != visits[number / 4 % (visits.count - 1)]
      })
    let error = #expect(throws: ProgressionError.self) { try self.last(.mar, patchy) }
    #expect(error?.description.contains("leave out the visits that few have") == true)
  }

  /// The rules' answers in closed form, where treated patients leave by chance.
  ///
  /// Three visits with an effect of 1, 2 and 3; shares leave after baseline, visit 1 and visit 2.
  @Test(.enabled(if: TestTier.isLong)) func rulesInClosedForm() throws {
    var generator = TestGenerator(60_411)
    let shares = [0.1, 0.2, 0.15]
    let rho = 0.6
    var rows: [LongitudinalTable.Row] = []
    for i in 0..<2_400 {
      let arm = i % 2
      let u = generator.nextUniform()
      // Visits that a treated patient keeps.
      let kept = arm == 0 ? 3 : u < 0.1 ? 0 : u < 0.3 ? 1 : u < 0.45 ? 2 : 3
      let common = generator.nextNormal()
      let base = 40 + 5 * generator.nextNormal()
      rows.append(LongitudinalTable.Row(subject: "\(i)", time: 0, value: base, arm: "\(arm)"))
      for k in 1...3 {
        let noise =
          2 * (rho.squareRoot() * common + (1 - rho).squareRoot() * generator.nextNormal())
        if k > kept { continue }
        let value = base - Double(k) + Double(arm * k) + noise
        rows.append(
          LongitudinalTable.Row(subject: "\(i)", time: Double(k), value: value, arm: "\(arm)"))
      }
    }
    let table = try LongitudinalTable(rows)
    let stayed = 1 - shares.reduce(0, +)
    // Compound symmetry: what a deviation of k earlier visits says of the last, rho / (1 + (k - 1) rho)
    // for each of them.
    let copied = shares[1] * rho * 1 + shares[2] * rho / (1 + rho) * (1 + 2)
    let expected: [(ReferenceImputation.Rule, Double)] = [
      (.mar, 3), (.jumpToReference, 3 * stayed),
      (.copyIncrements, 3 * stayed + shares[1] * 1 + shares[2] * 2),
      (.copyReference, 3 * stayed + copied),
    ]
    for (rule, value) in expected {
      let (pooled, _) = try last(rule, table, imputations: 12, seed: 4)
      // The shares are random too: .45 of leavers to .015 of the effect of 3.
      let error =
        (pooled.estimate.standardError * pooled.estimate.standardError + 0.045 * 0.045)
        .squareRoot()
      #expect(abs(pooled.estimate.value - value) < 3.5 * error, "\(rule) \(pooled.estimate.value)")
    }
  }

  @Test func chiSquareHasItsMoments() {
    var generator = TestGenerator(8)
    for degrees in [0.7, 3, 40] {
      let draws = (0..<20_000).map { _ in generator.nextChiSquare(degrees) }
      let mean = draws.reduce(0, +) / 20_000
      let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
      #expect(abs(mean - degrees) < 4 * (2 * degrees / 20_000).squareRoot())
      #expect(agree(variance, 2 * degrees, relative: 0.12))
    }
  }
}
