import Progression
import Testing

@Suite struct MixedModelInputTests {
  private func message(_ rows: [LongitudinalTable.Row], _ model: MixedModel) -> String {
    do {
      _ = try model.fit(LongitudinalTable(rows))
      return "fitted"
    } catch { return "\(error)" }
  }

  private func rows(_ subjects: Int, _ visits: Int, therapy: Double? = 2)
    -> [LongitudinalTable.Row]
  {
    var rows: [LongitudinalTable.Row] = []
    for subject in 0..<subjects {
      for visit in 0..<visits {
        let wobble = Double((subject * 7 + visit * 5) % 11) / 50
        rows.append(
          LongitudinalTable.Row(
            subject: "S\(subject)", time: Double(visit),
            value: 4 - 0.05 * Double(visit) + wobble, therapyTime: therapy))
      }
    }
    return rows
  }

  @Test func impossibleRequestsSayWhatIsMissing() {
    #expect(message(rows(1, 8), MixedModel()).contains("of 1 subjects"))
    #expect(
      message(rows(4, 3, therapy: 1), MixedModel(randomEffects: .m2))
        .contains("12 rows of 4 subjects for 12 random"))
    #expect(message(rows(4, 6), MixedModel(armEffects: .slopeChange)).contains("found no arm"))
    #expect(message(rows(4, 6), MixedModel(muscles: true)).contains("found no muscle"))
    #expect(message(rows(4, 6), MixedModel(covariates: ["age"])).contains("no covariate age"))
    #expect(message(rows(4, 6, therapy: 9), MixedModel()).contains("post cannot be estimated"))
    let flat = rows(4, 6).map { row in
      var row = row
      row.value = 1 + 0.5 * row.time
      return row
    }
    #expect(message(flat, MixedModel()).contains("lie on the fixed effects exactly"))
    #expect(message(rows(6, 8), MixedModel()) == "fitted")
  }

  @Test func withoutTherapyTheModelIsATrend() throws {
    let fit = try MixedModel().fit(LongitudinalTable(rows(8, 6, therapy: nil)))
    #expect(fit.effectNames == ["(Intercept)", "t"])
    #expect(throws: ProgressionError.self) { try fit.subjectSlopes() }
  }

  @Test func rowOrderAndOriginOfMonthsDoNotMatter() throws {
    let table = try ReferenceData.cohort("als40_dropout.csv")
    let plain = try MixedModel().fit(table)
    var generator = TestGenerator(3)
    let shuffled = try MixedModel().fit(
      LongitudinalTable(table.rows.shuffled(using: &generator)))
    #expect(agree(shuffled.criterion, plain.criterion, relative: 1e-10))
    let moved = try MixedModel().fit(
      LongitudinalTable(
        table.rows.map { row in
          var row = row
          row.time += 7
          row.therapyTime = row.therapyTime.map { $0 + 7 }
          return row
        }))
    #expect(agree(moved.criterion, plain.criterion, relative: 1e-9))
    #expect(agree(moved.coefficients[2], plain.coefficients[2], relative: 1e-7))
  }

  @Test func aChangeOfSlopeNeedsVisitsOnBothSides() throws {
    #expect(
      message(rows(4, 6, therapy: 9), MixedModel()).contains("no visit comes after the first dose"))
    #expect(
      message(rows(4, 6, therapy: 0), MixedModel()).contains("no visit comes before the first dose")
    )
    // Where some were never treated they show the slope without therapy.
    let some = rows(6, 6, therapy: 0).map { row in
      var row = row
      if row.subject < "S3" { row.therapyTime = nil }
      return row
    }
    #expect(message(some, MixedModel()) == "fitted")
    // One treated patient tells the change but not how it varies.
    let one = rows(6, 8).map { row in
      var row = row
      if row.subject != "S1" { row.therapyTime = nil }
      return row
    }
    #expect(message(one, MixedModel()).contains("only one has visits after a first dose"))
    #expect(message(one, MixedModel(randomEffects: .m1)) == "fitted")
  }

  @Test func valuesWithoutScatterOrBeyondTheArithmeticAreNamed() throws {
    let level = rows(6, 8).map { row in
      var row = row
      row.value = row.subject.hasSuffix("3") ? 2 : 1
      return row
    }
    #expect(message(level, MixedModel()).contains("lie exactly on its own line"))
    let lines = rows(6, 8).enumerated().map { index, row in
      var row = row
      row.value = 3 - 0.01 * Double(index / 8) * row.time
      return row
    }
    #expect(message(lines, MixedModel()).contains("lie exactly on its own line"))
    for factor in [1e200, 1e-200] {
      let extreme = rows(6, 8).map { row in
        var row = row
        row.value *= factor
        return row
      }
      #expect(message(extreme, MixedModel()).contains("another unit"))
    }
  }
}
