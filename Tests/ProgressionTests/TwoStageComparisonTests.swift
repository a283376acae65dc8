import Progression
import Testing

@Suite struct TwoStageComparisonTests {
  @Test func everyPatientOfACohortIsFittedAndTested() throws {
    let table = try ReferenceData.cohort("als40.csv")
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
