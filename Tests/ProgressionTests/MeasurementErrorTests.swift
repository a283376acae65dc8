import Testing

@testable import Progression

@Suite struct MeasurementErrorTests {
  static func table(_ errors: (Int) -> Double) throws -> LongitudinalTable {
    var generator = TestGenerator(21)
    var rows = CohortSimulation(patients: 30, measurementSD: 1e-9).table(using: &generator).rows
    for i in rows.indices {
      let known = errors(i)
      rows[i].standardError = known
      let (a, b) = generator.nextNormalPair()
      rows[i].value += known * a + 0.05 * b
    }
    return try LongitudinalTable(rows)
  }

  @Test func equalWeightsChangeNothing() throws {
    let table = try Self.table { _ in 0.1 }
    let plain = try MixedModel().fit(table)
    let weighted = try MixedModel(measurementError: .weights).fit(table)
    #expect(agree(weighted.criterion, plain.criterion, relative: 1e-10))
    #expect(agree(weighted.sigma, plain.sigma, relative: 1e-6))
    // With one common known error the additive model only splits the residual variance.
    let additive = try MixedModel(measurementError: .additive).fit(table)
    #expect(agree(additive.criterion, plain.criterion, relative: 1e-8))
    #expect(
      agree(additive.sigma * additive.sigma + 0.01, plain.sigma * plain.sigma, relative: 1e-5))
    for k in 0..<3 {
      #expect(agree(additive.coefficients[k], plain.coefficients[k], relative: 1e-6))
      let a = try additive.kenwardRoger().effects[k].estimate
      let b = try plain.kenwardRoger().effects[k].estimate
      #expect(agree(a.standardError, b.standardError, relative: 1e-5))
      #expect(agree(a.degreesOfFreedom, b.degreesOfFreedom, relative: 1e-4))
      let c = try additive.satterthwaite().effects[k].estimate
      let d = try plain.satterthwaite().effects[k].estimate
      #expect(agree(c.degreesOfFreedom, d.degreesOfFreedom, relative: 1e-4))
    }
  }

  @Test func unequalErrorsAreWeighed() throws {
    let table = try Self.table { $0 % 3 == 0 ? 0.3 : 0.06 }
    let plain = try MixedModel().fit(table)
    let additive = try MixedModel(measurementError: .additive).fit(table)
    #expect(agree(additive.sigma, 0.05, relative: 0.5))
    #expect(additive.criterion < plain.criterion - 20)
    #expect(additive.covariance[2][2] < plain.covariance[2][2])
  }

  @Test func analyticDerivativesAgreeWithDifferences() throws {
    let table = try Self.table { $0 % 3 == 0 ? 0.3 : 0.06 }
    for error in [MixedModel.MeasurementError.ignored, .additive, .weights] {
      for criterion in [MixedModel.Criterion.restricted, .full] {
        let model = MixedModel(
          randomEffects: .m2, criterion: criterion, measurementError: error)
        let objective = MixedModelCriterion(try MixedModelDesign(table, model: model))
        var x = [0.8, 0.2, -0.1, 0.5, 0.15, 0.3]
        if error == .additive { x.append(0.08) }
        try Self.compareWithDifferences(objective, at: x)
      }
    }
  }

  static func compareWithDifferences(_ objective: MixedModelCriterion, at x: [Double]) throws {
    let exact = try #require(objective.derivatives(x))
    let h = 1e-5
    for k in x.indices {
      var up = x
      var down = x
      up[k] += h
      down[k] -= h
      let above = try #require(objective.value(up))
      let below = try #require(objective.value(down))
      let slope = (above - below) / (2 * h)
      #expect(agree(exact.gradient[k], slope, relative: 1e-5, absolute: 1e-4))
      let high = try #require(objective.derivatives(up)).gradient
      let low = try #require(objective.derivatives(down)).gradient
      for l in x.indices {
        let second = (high[l] - low[l]) / (2 * h)
        let analytic = exact.hessian[k * x.count + l]
        #expect(agree(analytic, second, relative: 1e-5, absolute: 1e-2))
      }
    }
  }

  @Test func missingStandardErrorsAreRefused() throws {
    var rows: [LongitudinalTable.Row] = []
    for i in 0..<12 {
      rows.append(
        LongitudinalTable.Row(
          subject: "S\(i / 4)", time: Double(i % 4), value: Double(i * i % 5),
          standardError: i == 7 ? nil : 0.1))
    }
    let table = try LongitudinalTable(rows)
    #expect(throws: ProgressionError.self) {
      try MixedModel(measurementError: .additive).fit(table)
    }
  }

  /// Standard errors larger than all scatter take the residual SD to zero, which is said.
  @Test func overstatedErrorsAreSaid() throws {
    var generator = TestGenerator(14)
    let table = CohortSimulation(patients: 12).table(using: &generator)
    func fit(_ error: Double) throws -> MixedModelFit {
      try MixedModel(measurementError: .additive).fit(
        LongitudinalTable(
          table.rows.map { row in
            var row = row
            row.standardError = error
            return row
          }))
    }
    #expect(try fit(0.05).errorRemarks.isEmpty)
    #expect(try fit(1).errorRemarks.first?.contains("overstated") == true)
  }
}
