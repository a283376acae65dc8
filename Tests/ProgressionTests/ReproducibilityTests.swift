import Progression
import Testing

@Suite struct ReproducibilityTests {
  /// Two pairs know their SD poorly: the change has to exceed t on 2 df, not 1.96, times sqrt(2) s.
  @Test func fewRepetitionsNeedALargerChange() throws {
    let few = try Reproducibility(replicates: [[1, 2], [4, 5]])
    #expect(
      agree(
        few.minimalDetectableChange, 4.302652730 * 2.0.squareRoot() * 0.5.squareRoot(),
        relative: 1e-8))
  }

  @Test func pooledReplicates() throws {
    // Two groups: squares 2 (df 2) and .5 (df 1).
    let result = try Reproducibility(replicates: [[1, 2, 3], [4, 5], [9]])
    #expect(result.degreesOfFreedom == 3)
    #expect(agree(result.standardDeviation, (2.5 / 3).squareRoot(), relative: 1e-12))
    #expect(result.lower < result.standardDeviation && result.upper > result.standardDeviation)
    // chi-squared(.975, 3) = 9.348404.
    #expect(agree(result.lower, (2.5 / 9.348404).squareRoot(), relative: 1e-6))
    #expect(throws: ProgressionError.self) { try Reproducibility(replicates: [[1], [2]]) }
  }

  @Test func twelvePercentVariationHidesAFallOf28Percent() {
    let s = Reproducibility.logSD(coefficientOfVariation: 0.12)
    let change = Reproducibility.minimalDetectableChange(standardDeviation: s)
    #expect(agree(Reproducibility.percentFall(change), 28.2, relative: 2e-3))
  }

  @Test func shroutAndFleissExample() throws {
    // Shrout and Fleiss 1979, table 2: ICC(1,1) = .17, ICC(2,1) = .29, ICC(3,1) = .71.
    let table: [[Double]] = [
      [9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7],
    ]
    let result = try IntraclassCorrelation(table)
    #expect(agree(result.oneWay, 0.1657, relative: 1e-3))
    #expect(agree(result.agreement, 0.2898, relative: 1e-3))
    #expect(agree(result.consistency, 0.7148, relative: 1e-3))
    // Published interval of ICC(1,1): -.13 to .72.
    #expect(abs(result.oneWayLower + 0.133) < 2e-3 && abs(result.oneWayUpper - 0.723) < 2e-3)
  }

  @Test func replicatesOfATableAreAveraged() throws {
    let table = try LongitudinalTable([
      LongitudinalTable.Row(subject: "A", time: 0, value: 1),
      LongitudinalTable.Row(subject: "A", time: 0, value: 2),
      LongitudinalTable.Row(subject: "A", time: 1, value: 5),
    ])
    let averaged = try table.averagingReplicates()
    #expect(averaged.table.rows.map(\.value) == [1.5, 5])
    let s = 0.5.squareRoot()
    #expect(agree(averaged.table.rows[0].standardError ?? 0, s / 2.0.squareRoot(), relative: 1e-12))
    #expect(agree(averaged.table.rows[1].standardError ?? 0, s, relative: 1e-12))
  }
}
