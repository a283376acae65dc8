import Foundation
import TestSupport
import Testing

@testable import Progression

/// One side treated: lme4 with pbkrtest (4_split_body.R of the shared references).
@Suite struct SideComparisonTests {
  private static func table() throws -> LongitudinalTable {
    let rows = try ReferenceData.csv("split2.csv", folder: "trials")
    return try LongitudinalTable(
      rows.map { row in
        LongitudinalTable.Row(
          subject: row["id"] ?? "", time: ReferenceData.number(row["t"]),
          value: ReferenceData.number(row["y"]), therapyTime: ReferenceData.number(row["T"]),
          muscle: row["side"], covariates: ["treated": ReferenceData.number(row["treated"])])
      })
  }

  @Test func modelAsInLME4() throws {
    let table = try Self.table()
    let fit = try SideComparison.model(MixedModel(), treated: "treated").fit(table)
    #expect(fit.effectNames == ["sideL", "sideR", "t", "post", "post:treated"])
    let effects = try fit.kenwardRoger().effects
    let expected = [
      (4.014412655, 0.13264413, 17.80928), (4.014412655 + 0.051441170, .nan, .nan),
      (-0.029018579, 0.01153367, 39.98670), (-0.011586886, 0.01449753, 50.60398),
      (0.008632343, 0.01036064, 210.85551),
    ]
    for (own, (value, error, df)) in zip(effects, expected) {
      #expect(agree(own.estimate.value, value, relative: 1e-4), "\(own.name)")
      guard error.isFinite else { continue }
      #expect(agree(own.estimate.standardError, error, relative: 1e-4), "\(own.name)")
      #expect(agree(own.estimate.degreesOfFreedom, df, relative: 1e-3), "\(own.name)")
    }
    let sides = try SideComparison(table, model: MixedModel(), treated: "treated")
    #expect(sides.patients == 16 && sides.lines.count == 2)
    #expect(sides.lines[0].estimate == effects[4].estimate)
    // Slopes of their own nest the model of equal ones.
    let criteria = try sides.lines.map { try #require($0.criterion) }
    #expect(criteria[1] <= criteria[0] + 1e-7)
    let slowing = try #require(sides.lines[0].slowing)
    #expect(
      agree(
        slowing.percentSlowing, -100 * 0.008632343 / (-0.029018579 - 0.011586886), relative: 1e-3))
  }

  @Test func whatHasNoTwoSidesIsRefused() throws {
    let table = try Self.table()
    let one = try #require(table.filter { $0.covariates["treated"] == 1 })
    #expect(throws: ProgressionError.self) {
      try SideComparison(one, model: MixedModel(), treated: "treated")
    }
    #expect(throws: ProgressionError.self) {
      try SideComparison(table, model: MixedModel(), treated: "nothing")
    }
  }

  /// No effect of the treatment: level at which the chosen structure rejects, where sides differ in level.
  @Test(.enabled(if: TestTier.isLong))
  func levelIsKept() throws {
    var random = TestGenerator(8_231)
    var rejected = 0
    let replicates = 600
    for _ in 0..<replicates {
      var rows: [LongitudinalTable.Row] = []
      for patient in 0..<16 {
        let (u, v) = random.nextNormalPair()
        let w = random.nextNormal()
        for side in 0..<2 {
          let (level, slope) = random.nextNormalPair()
          for visit in 0..<8 {
            let t = Double(visit)
            let post = max(0, t - 3)
            rows.append(
              LongitudinalTable.Row(
                subject: "\(patient)", time: t,
                value: 4 + 0.45 * u + 0.2 * level + (-0.045 + 0.03 * v + 0.015 * slope) * t
                  + 0.015 * w * post + 0.12 * random.nextNormal(), therapyTime: 3,
                muscle: side == 0 ? "L" : "R",
                covariates: ["treated": (patient + side) % 2 == 0 ? 1 : 0]))
          }
        }
      }
      let sides = try SideComparison(
        LongitudinalTable(rows), model: MixedModel(), treated: "treated")
      if try #require(sides.lines[sides.chosen].estimate).p < 0.05 { rejected += 1 }
    }
    let error = (0.05 * 0.95 / Double(replicates)).squareRoot()
    #expect(abs(Double(rejected) / Double(replicates) - 0.05) < 3.5 * error, "\(rejected)")
  }
}
