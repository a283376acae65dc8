import Progression
import Testing

@Suite struct ResidualDiagnosticsTests {
  @Test func influenceIsWhatLeavingOutDoes() throws {
    let table = try ReferenceData.cohort("als60_two_arm.csv")
    let model = MixedModel()
    let fit = try model.fit(table)
    let diagnostics = fit.residualDiagnostics()
    #expect(diagnostics.rows.count == 480 && diagnostics.influence.count == 60)
    #expect(diagnostics.rows.map(\.row) == Array(1...480))
    // Deletion with the variances refitted differs only a little from deletion with them kept.
    for subject in [0, 17, 42] {
      let name = fit.subjects[subject]
      let rest = try #require(table.filter { $0.subject != name })
      let without = try model.fit(rest)
      let expected = without.coefficients[2] - fit.coefficients[2]
      let error = fit.covariance[2][2].squareRoot()
      #expect(abs(diagnostics.influence[subject].changes[2] - expected) < 0.03 * error)
    }
  }

  @Test func standardisedResidualsHaveUnitVarianceAndShowOutliers() throws {
    var generator = TestGenerator(4)
    let table = CohortSimulation(patients: 60).table(using: &generator)
    let clean = try MixedModel().fit(table).residualDiagnostics()
    let squares = clean.rows.reduce(0) { $0 + $1.standardised * $1.standardised }
    #expect(abs(squares / Double(clean.rows.count) - 1) < 0.1)
    #expect(clean.normalityP > 0.001)
    for row in clean.rows {
      #expect(agree(row.fitted + row.residual, table.rows[row.row - 1].value, relative: 1e-9))
    }
    var rows = table.rows
    rows[100].value += 1.5
    let spoiled = try MixedModel().fit(LongitudinalTable(rows)).residualDiagnostics()
    #expect(spoiled.outliers.contains { $0.row == 101 })
    #expect(spoiled.normalityP < 1e-6)
  }
}
