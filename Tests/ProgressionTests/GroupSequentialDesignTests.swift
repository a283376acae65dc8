import TestSupport
import Testing

@testable import Progression

/// Interim looks against published bounds and rpact 3.3.4 (Scripts/references/sequential.R).
@Suite struct GroupSequentialDesignTests {
  private static let fifths = [0.2, 0.4, 0.6, 0.8, 1]

  /// Jennison and Turnbull 2000, tables 2.1 and 2.3, and rpact, whose searches stop at 1e-8.
  @Test(arguments: [
    (
      GroupSequentialDesign.Boundary.obrienFleming,
      [4.56174233, 3.22563893, 2.63372316, 2.28087116, 2.04007319], 1.028411, 0.81757009, 1.0247342
    ),
    (
      .pocock, [2.41318029, 2.41318029, 2.41318029, 2.41318029, 2.41318029], 1.2285727,
      0.79912303, 1.2133706
    ),
    (
      .spendingOBrienFleming, [4.87688495, 3.35701192, 2.68028007, 2.28981677, 2.03103206],
      1.0247199, 0.82366274, 1.0213558
    ),
    (
      .spendingPocock, [2.43797669, 2.42681386, 2.41019414, 2.39664929, 2.38599970], 1.2126131,
      0.79571068, 1.1981109
    ),
  ])
  func fiveLooksAsPublished(
    _ boundary: GroupSequentialDesign.Boundary, _ critical: [Double], _ inflation: Double,
    _ underEffect: Double, _ underNone: Double
  ) throws {
    let result = try GroupSequentialDesign(information: Self.fifths, boundary: boundary).result()
    for (look, z) in zip(result.looks, critical) {
      #expect(agree(look.critical, z, relative: 3e-8), "\(look.critical) \(z)")
    }
    #expect(agree(result.inflation, inflation, relative: 1e-7))
    // rpact counts information from that of one analysis.
    #expect(
      agree(result.underEffect.expectedInformation * inflation, underEffect, relative: 1e-7))
    #expect(agree(result.underNone.expectedInformation * inflation, underNone, relative: 1e-7))
    #expect(agree(result.underEffect.power, 0.8, relative: 1e-10))
    #expect(agree(try #require(result.looks.last).spent, 0.05, relative: 1e-9))
  }

  @Test func unevenLooksAndFutilityAsInRPACT() throws {
    let uneven = try GroupSequentialDesign(information: [0.3, 0.7, 1]).result(power: 0.9)
    for (look, z) in zip(uneven.looks, [3.92857254, 2.43874238, 2.00000858]) {
      #expect(agree(look.critical, z, relative: 3e-8))
    }
    #expect(agree(uneven.inflation, 1.013896237, relative: 1e-8))
    let thirds = try GroupSequentialDesign(
      information: [1.0 / 3, 2.0 / 3, 1], hasFutility: true
    ).result()
    for (look, (z, low)) in zip(
      thirds.looks,
      [(3.71030287, -0.23614461), (2.51142748, 1.17037203), (1.99304748, 1.99304748)])
    {
      #expect(agree(look.critical, z, relative: 3e-8))
      #expect(agree(try #require(look.futility), low, relative: 1e-7))
    }
    #expect(agree(thirds.inflation, 1.104334, relative: 1e-6))
    let ratio = thirds.inflation
    #expect(
      agree(thirds.underEffect.expectedInformation * ratio, 0.87520995, relative: 1e-6))
    #expect(agree(thirds.underNone.expectedInformation * ratio, 0.62740952, relative: 1e-6))
    let other = try GroupSequentialDesign(
      information: [0.4, 0.75, 1], boundary: .spendingPocock, hasFutility: true
    ).result(power: 0.9)
    #expect(agree(try #require(other.looks[0].futility), 0.773357092, relative: 1e-7))
    #expect(agree(try #require(other.looks[1].futility), 1.687975428, relative: 1e-7))
    #expect(agree(other.inflation, 1.3660997, relative: 1e-7))
  }

  @Test func oneLookIsTheFixedDesign() throws {
    for boundary in GroupSequentialDesign.Boundary.allCases {
      let result = try GroupSequentialDesign(information: [1], boundary: boundary).result()
      #expect(agree(result.looks[0].critical, 1.959963984540, relative: 1e-10))
      #expect(agree(result.inflation, 1, relative: 1e-9))
      #expect(result.underEffect.expectedInformation > 0.999_999)
    }
  }

  /// Brownian paths with the bounds of two kinds: power, level and expected information.
  @Test func pathsDoWhatTheBoundsSay() throws {
    var generator = TestGenerator(52)
    let design = GroupSequentialDesign(
      information: [0.35, 0.8, 1], boundary: .spendingPocock, hasFutility: true)
    let result = try design.result(power: 0.85)
    for (drift, expected) in [(result.drift, result.underEffect), (0, result.underNone)] {
      var shown = 0
      var used = 0.0
      let paths = 8_000
      for _ in 0..<paths {
        var (score, before) = (0.0, 0.0)
        for look in result.looks {
          let step = look.information - before
          score += drift * step + step.squareRoot() * generator.nextNormal()
          before = look.information
          let z = score / before.squareRoot()
          if z > look.critical { shown += 1 }
          if z > look.critical || z < look.futility ?? -.infinity || before == 1 { break }
        }
        used += before
      }
      let error = (expected.power * (1 - expected.power) / Double(paths)).squareRoot()
      #expect(abs(Double(shown) / Double(paths) - expected.power) < 4 * error)
      #expect(abs(used / Double(paths) - expected.expectedInformation) < 4 * 0.3 / 89)
    }
    // Futility stops take from the level what the bounds for efficacy do not count on.
    #expect(result.underNone.power < 0.025)
    #expect(
      design.operation(drift: result.drift, looks: result.looks) == result.underEffect)
  }

  @Test func impossibleDesignsAreRefused() {
    for information in [[], [0.5, 0.4, 1], [0.5], [0, 1], [0.5, 1.2]] {
      #expect(throws: ProgressionError.self) {
        try GroupSequentialDesign(information: information).result()
      }
    }
    #expect(throws: ProgressionError.self) {
      try GroupSequentialDesign(information: [1]).result(power: 0.01)
    }
  }
}
