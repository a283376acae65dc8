import Foundation
import Testing

@testable import Progression

/// Responders and several hypotheses against R (Scripts/references/trial.R).
@Suite struct MultiplicityTests {
  @Test func holmAsInR() {
    let adjusted = HolmAdjustment.adjusted([0.012, 0.04, 0.001, 0.3, 0.021])
    for (own, reference) in zip(adjusted, [0.048, 0.08, 0.005, 0.3, 0.063]) {
      #expect(agree(own, reference, relative: 1e-12))
    }
    #expect(HolmAdjustment.adjusted([.nan, 0.01]) == [1, 0.02])
  }

  @Test func gatesCloseBehindAFailure() {
    let open = Gatekeeping([[("a", 0.01), ("b", 0.04)], [("c", 0.03), ("d", 0.02)]])
    // The second family starts at the largest adjusted p of the first.
    #expect(open.families[0].map(\.adjustedP) == [0.02, 0.04])
    #expect(open.families[1].map(\.adjustedP) == [0.04, 0.04])
    #expect(open.families.joined().allSatisfy { $0.isRejected && $0.isTested })
    let closed = Gatekeeping([[("a", 0.01), ("b", 0.06)], [("c", 0.0001)], [("d", 0.0001)]])
    #expect(closed.families[0].map(\.isRejected) == [true, false])
    #expect(!closed.families[1][0].isTested && closed.families[1][0].adjustedP == 0.06)
    #expect(!closed.families[2][0].isRejected)
  }

  /// Independent true hypotheses: any rejection in .05 of the studies at most.
  @Test func familyErrorIsKept() {
    var random = TestGenerator(77)
    var errors = 0
    for _ in 0..<4_000 {
      func p() -> Double { Double.random(in: 0..<1, using: &random) }
      let gate = Gatekeeping([[("a", p()), ("b", p())], [("c", p()), ("d", p())]])
      if gate.families.joined().contains(where: \.isRejected) { errors += 1 }
    }
    // .0494 expected for two hypotheses by Holm; standard error .0034.
    #expect(abs(Double(errors) / 4_000 - 0.0494) < 4 * 0.0034)
  }

  @Test func fisherAsInR() {
    let table = FisherExactTest(9, of: 20, against: 3, of: 20)
    #expect(agree(table.p, 0.08235877701951, relative: 1e-10))
    #expect(agree(table.oddsRatio ?? 0, 9 * 17 / (11 * 3.0), relative: 1e-12))
    let empty = FisherExactTest(5, of: 5, against: 4, of: 12)
    #expect(agree(empty.p, 0.02941176470588, relative: 1e-10) && empty.oddsRatio == .infinity)
    #expect(FisherExactTest(0, of: 5, against: 0, of: 9).p == 1)
    #expect(FisherExactTest(0, of: 5, against: 0, of: 9).oddsRatio == nil)
  }

  @Test func logisticAsInR() throws {
    let outcomes = (0..<40).map { $0 < 9 || (20..<23).contains($0) }
    let columns = [
      [Double](repeating: 1, count: 40), (0..<40).map { $0 < 20 ? 1.0 : 0 },
      (0..<40).map { Double($0 % 7) },
    ]
    let names = ["(Intercept)", "arm", "x"]
    let fit = try LogisticRegression(outcomes, columns: columns, names: names)
    let expected = [
      (-1.22840326611489, 0.78261492067914), (1.56805176614636, 0.78358623556303),
      (-0.19204465958980, 0.19417612871581),
    ]
    for (k, (value, error)) in expected.enumerated() {
      #expect(agree(fit.coefficients[k], value, relative: 1e-8))
      #expect(agree(fit.standardErrors[k], error, relative: 1e-8))
    }
    let p = try LogisticRegression.likelihoodRatioP(
      outcomes, columns: columns, names: names, effect: 1)
    #expect(agree(p, 0.03379821480864, relative: 1e-7))
  }

  /// Two groups: Firth's estimate is that of half a patient more in every cell.
  @Test func separatedGroupsHavePenalisedEstimates() throws {
    let outcomes = (0..<17).map { $0 < 5 || (5..<9).contains($0) }
    let columns = [[Double](repeating: 1, count: 17), (0..<17).map { $0 < 5 ? 1.0 : 0 }]
    let names = ["(Intercept)", "arm"]
    #expect(throws: ProgressionError.self) {
      try LogisticRegression(outcomes, columns: columns, names: names)
    }
    let fit = try LogisticRegression(
      outcomes, columns: columns, names: names, isPenalised: true)
    #expect(agree(fit.coefficients[0], log(4.5 / 8.5), relative: 1e-8))
    #expect(agree(fit.coefficients[1], log(5.5 / 0.5) - log(4.5 / 8.5), relative: 1e-8))
    let p = try LogisticRegression.likelihoodRatioP(
      outcomes, columns: columns, names: names, effect: 1, isPenalised: true)
    #expect(p > 0.005 && p < 0.05)
    #expect(throws: ProgressionError.self) {
      try LogisticRegression(
        outcomes, columns: [columns[0], columns[0]], names: names, isPenalised: true)
    }
  }

  /// In a table of two by two Firth's penalty adds a half to each cell, whatever the size.
  @Test(arguments: [(3, 10, 0, 9), (355, 5_000, 400, 5_000), (20_000, 50_000, 20_400, 50_000)])
  func respondersOfLargeArms(_ a: Int, _ first: Int, _ b: Int, _ second: Int) throws {
    let found = try #require(
      ResponderContrast(responders: a, treated: first, controlResponders: b, controls: second))
    let (x, y) = (Double(a) + 0.5, Double(b) + 0.5)
    let odds = x / (Double(first - a) + 0.5) / (y / (Double(second - b) + 0.5))
    #expect(agree(found.logOddsRatio.value, log(odds), relative: 1e-8))
    #expect(found.logisticP > 0 && found.logisticP < 1)
  }

  /// The interval is that of the test: profile penalised likelihood (optim and uniroot in R).
  @Test func oddsRatioIntervalAgreesWithItsTest() throws {
    let found = try #require(
      ResponderContrast(responders: 7, treated: 30, controlResponders: 1, controls: 30))
    #expect(agree(exp(found.logOddsLower), 1.24, relative: 5e-3))
    #expect(agree(exp(found.logOddsUpper), 62.6, relative: 5e-3))
    #expect(found.logisticP < 0.05 && found.logOddsLower > 0)
    // Whatever the counts, zero is outside where the test says so.
    for (a, b) in [(0, 0), (3, 1), (6, 1), (9, 2), (10, 0), (5, 5), (10, 10)] {
      let own = try #require(
        ResponderContrast(responders: a, treated: 12, controlResponders: b, controls: 11))
      #expect((own.logOddsLower > 0 || own.logOddsUpper < 0) == (own.logisticP < 0.05))
    }
  }
}
