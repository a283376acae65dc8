import Foundation
import TestSupport
import Testing

@testable import Progression

/// Survival and joint ranks of sixty patients against R 4.2 with survival 3.5-3.
///
/// Times are rounded up to whole months where ties are wanted; strata are the rows' numbers modulo 3.
@Suite struct SurvivalTests {
  private struct Row {
    let arm: Double
    let base: Double
    let time: Double
    let hasEvent: Bool
    let changes: [Double?]
    let score: Int
  }

  private func rows() throws -> [Row] {
    let url = try SharedData.file("reference/trials/cafs.csv")
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
    return lines.dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = cells.map { Double($0) }
      let base = numbers[2] ?? .nan
      return Row(
        arm: numbers[1] ?? .nan, base: base, time: numbers[3] ?? .nan, hasEvent: numbers[4] == 1,
        changes: (5..<11).map { column in numbers[column].map { $0 - base } },
        score: Int(numbers[11] ?? .nan))
    }
  }

  private func records(_ rows: [Row], rounded: Bool = true, strata: Bool = false)
    -> [SurvivalRecord]
  {
    rows.enumerated().map { index, row in
      SurvivalRecord(
        time: rounded ? row.time.rounded(.up) : row.time, hasEvent: row.hasEvent,
        group: row.arm == 1 ? "1" : "0", stratum: strata ? "\(index % 3)" : "")
    }
  }

  @Test func kaplanMeier() throws {
    let rows = try rows()
    let curve = try KaplanMeier(records(rows))
    #expect(curve.steps.map(\.atRisk) == [60, 58, 57, 55, 53, 49, 48, 46])
    let last = try #require(curve.steps.last)
    #expect(agree(last.survival, 0.75, relative: 1e-10))
    #expect(agree(last.lower ?? 0, 0.620006595917, relative: 1e-9))
    #expect(agree(last.upper ?? 0, 0.841027432305, relative: 1e-9))
    #expect(curve.median == nil && curve.atRisk(at: 4) == 55)
    let controls = records(rows, rounded: false).filter { $0.group == "0" }
    let mean = try KaplanMeier(controls).restrictedMean(to: 12)
    #expect(agree(mean.mean, 9.68534149357, relative: 1e-9))
    #expect(agree(mean.standardError, 0.68973631553, relative: 1e-9))
  }

  @Test func logRank() throws {
    let rows = try rows()
    let plain = try LogRankTest(records(rows))
    #expect(agree(plain.statistic, 0.781623959234, relative: 1e-9))
    #expect(agree(plain.expected[0], 7.310781300678, relative: 1e-9))
    let stratified = try LogRankTest(records(rows, strata: true))
    #expect(agree(stratified.statistic, 0.754959380574, relative: 1e-9))
  }

  @Test func coxWithTies() throws {
    let rows = try rows()
    let covariates = [("arm", rows.map(\.arm)), ("base", rows.map(\.base))]
    let plain = try CoxModel(records(rows), covariates: covariates)
    #expect(agree(plain.effects[0].estimate.value, -0.603325469599, relative: 1e-8))
    #expect(agree(plain.effects[0].estimate.standardError, 0.5408668213852, relative: 1e-8))
    #expect(agree(plain.logLikelihood, -58.0478563195, relative: 1e-9))
    let stratified = try CoxModel(records(rows, strata: true), covariates: covariates)
    #expect(agree(stratified.effects[1].estimate.value, -0.100005335138, relative: 1e-8))
    #expect(agree(stratified.logLikelihood, -41.5532038444, relative: 1e-9))
    // Whoever has the event has the covariate: the hazard ratio is infinite.
    #expect(throws: ProgressionError.self) {
      try CoxModel(
        self.records(rows), covariates: [("event", rows.map { $0.hasEvent ? 1 : 0 })])
    }
  }

  @Test func jointRank() throws {
    let rows = try rows()
    let joint = try JointRank(
      rows.map { .init(time: $0.time, hasEvent: $0.hasEvent, changes: $0.changes) })
    #expect(joint.scores == rows.map(\.score))
    let test = try JointRankTest(
      joint, isTreated: rows.map { $0.arm == 1 }, covariates: [rows.map(\.base)])
    #expect(agree(test.difference.value, 9.829506779268, relative: 1e-9))
    #expect(agree(test.difference.standardError, 4.460167708177, relative: 1e-9))
    #expect(agree(test.difference.p, 0.0315898414998, relative: 1e-7))
    #expect(agree(test.wilcoxonP, 0.0326509391784, relative: 1e-7))
  }

  /// Ranks by counting are those of comparing every pair, whatever is missing or tied.
  @Test func ranksAreThoseOfAllPairs() throws {
    var generator = TestGenerator(44)
    for _ in 0..<20 {
      let patients = (0..<30).map { _ in
        JointRank.Patient(
          time: Double(Int.random(in: 1...8, using: &generator)),
          hasEvent: Bool.random(using: &generator),
          changes: (0..<4).map { _ in
            Bool.random(using: &generator)
              ? Double(Int.random(in: -3...3, using: &generator)) : nil
          })
      }
      let scores = patients.indices.map { i in
        patients.indices.reduce(0) { sum, j in
          i == j ? sum : sum + Self.compare(patients[i], patients[j])
        }
      }
      #expect(try JointRank(patients).scores == scores)
    }
  }

  private static func compare(_ a: JointRank.Patient, _ b: JointRank.Patient) -> Int {
    func sign(_ x: Double) -> Int { x > 0 ? 1 : (x < 0 ? -1 : 0) }
    if a.hasEvent && b.hasEvent { return sign(a.time - b.time) }
    if a.hasEvent && a.time <= b.time { return -1 }
    if b.hasEvent && b.time <= a.time { return 1 }
    for (x, y) in zip(a.changes, b.changes).reversed() {
      if let x, let y { return sign(x - y) }
    }
    return 0
  }
}
