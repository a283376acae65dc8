import Progression
import Testing

@Suite struct TwoStageComparisonTests {
  @Test func everyPatientOfACohortIsFittedAndTested() throws {
    guard let table = try ReferenceData.cohort("als40.csv") else { return }
    var generator = TestGenerator(1)
    let result = TwoStageComparison(table, using: &generator)
    #expect(result.patients.count == 40)
    #expect(result.patients.allSatisfy { $0.fit != nil })
    let sign = try #require(result.signTest)
    #expect(sign.positive + sign.negative == 40)
    let mean = try #require(result.meanDifference)
    #expect(mean.degreesOfFreedom == 39)
    let values = result.patients.compactMap { $0.fit?.difference.value }
    #expect(agree(mean.value, values.reduce(0, +) / 40, relative: 1e-12))
    let flip = try #require(result.signFlipTest)
    #expect(!flip.isExact)
    // With 40 patients the permutation and the t test agree closely.
    #expect(abs(flip.p - mean.p) < 0.03)
  }

  @Test func patientsWithoutTherapyOrVisitsSayWhy() throws {
    var rows = (0..<6).map {
      LongitudinalTable.Row(subject: "A", time: Double($0), value: -0.1 * Double($0))
    }
    rows.append(LongitudinalTable.Row(subject: "B", time: 0, value: 1, therapyTime: 1))
    var generator = TestGenerator(1)
    let result = TwoStageComparison(try LongitudinalTable(rows), using: &generator)
    #expect(result.patients[0].reason == "no therapy date")
    #expect(result.patients[1].reason?.contains("1 values") == true)
    #expect(result.meanDifference == nil && result.signTest == nil)
  }
}

@Suite struct SignTestTests {
  @Test func exactBinomial() {
    let test = SignTest([1, 2, 3, 4, 5, 6, 7, 8, -1, -2, 0])
    #expect(test.positive == 8 && test.negative == 2 && test.zero == 1)
    // 2 (1 + 10 + 45) / 1024
    #expect(agree(test.p, 112.0 / 1024, relative: 1e-12))
    #expect(SignTest([1, -1]).p == 1)
  }
}

@Suite struct SignFlipTestTests {
  @Test func allPatternsAreCounted() {
    var generator = TestGenerator(3)
    let test = SignFlipTest([1, 2, 4], using: &generator)
    #expect(test.isExact && test.permutations == 8)
    #expect(test.p == 0.25)
    // Fisher's example of ten paired differences: 10 of 1,024 patterns... counted by brute force.
    let values = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2.0]
    var hits = 0
    let observed = abs(values.reduce(0, +))
    for pattern in 0..<1024 {
      var sum = 0.0
      for (bit, value) in values.enumerated() {
        sum += pattern >> bit & 1 == 1 ? value : -value
      }
      if abs(sum) >= observed - 1e-9 { hits += 1 }
    }
    #expect(SignFlipTest(values, using: &generator).p == Double(hits) / 1024)
  }

  @Test func randomPatternsAreReproducible() {
    let values = (0..<30).map { Double($0 % 7) - 2 }
    var first = TestGenerator(5)
    var second = TestGenerator(5)
    #expect(SignFlipTest(values, using: &first) == SignFlipTest(values, using: &second))
  }
}
