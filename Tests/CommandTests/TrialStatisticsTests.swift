import Foundation
import TestSupport
import Testing

/// What a trial's statistics have to keep to whatever its table looks like.
@Suite("Trial statistics from tables")
struct TrialStatisticsTests {
  /// Forty patients, visits before and after a start of therapy at zero, two arms.
  ///
  /// - Parameters:
  ///   - unit: length of a month in the unit of the times.
  ///   - extra: rows to add.
  private static func trial(
    unit: Double = 1, time: String = "month", died: Double? = nil, zeros: Bool = false,
    extra: [String] = [], first: Bool = false
  ) -> String {
    var rows: [String] = []
    for patient in 0..<40 {
      let isTreated = patient % 2 == 1
      let own = Double((patient * 29) % 13) / 13 - 0.5
      for (index, visit) in [-4.0, -2, 0, 2, 4, 6, 8, 10, 12].enumerated() {
        let noise = Double((patient * 37 + index * 53 + patient * index * 11) % 17) / 17 - 0.5
        let slope = -1 + 0.6 * own
        let gain = (isTreated ? 0.5 : 0.1) * max(0, visit)
        let value = 40 + 4 * own + slope * visit + gain + 2 * noise
        let count =
          zeros && patient % 4 == 0 && visit > 8 ? 0 : Int(exp(2 + 0.4 * own - 0.05 * visit))
        let death = patient == 4 || patient == 8 ? died.map { "\($0 * unit)" } ?? "" : ""
        rows.append(
          "P\(patient),\(visit * unit),\(value),0,\(isTreated ? "active" : "placebo"),"
            + "\(count),\(death)")
      }
    }
    return
      (["id,\(time),value,start,arm,count,death"] + (first ? extra : []) + rows
      + (first ? [] : extra)).joined(separator: "\n") + "\n"
  }

  private func compare(
    _ table: String, time: String = "month", value: String = "value", _ arguments: String...
  ) throws -> CommandRun {
    try compare(table, time: time, value: value, arguments)
  }

  private func compare(
    _ table: String, time: String = "month", value: String = "value", _ arguments: [String]
  ) throws -> CommandRun {
    let folder = try CommandFolder()
    try folder.write(table, to: "trial.csv")
    return try folder.run(
      [
        "compare", "--table", "trial.csv", "--subject", "id", "--time", time, "--value", value,
        "--therapy", "start", "--arm", "arm",
      ] + arguments)
  }

  private func lines(_ run: CommandRun) throws -> [String: Double] {
    #expect(run.code == 0, "\(run.errors)")
    let sensitivity = try #require(try run.object()["sensitivity"] as? [String: Any])
    let lines = try #require(sensitivity["lines"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: lines.compactMap { line in
        guard let name = line["name"] as? String,
          let value = (line["estimate"] as? [String: Any])?["value"] as? Double
        else { return nil }
        return (name, value)
      })
  }

  /// A lag of three months is one, whether the table counts days or months.
  @Test func lagsAreMonthsWhateverTheUnit() throws {
    let days = Self.trial(unit: 30.4375, time: "day")
    let first = try lines(
      try compare(Self.trial(), "--sensitivity", "--simulations", "0", "--json"))
    let second = try lines(
      try compare(days, time: "day", "--sensitivity", "--simulations", "0", "--json"))
    #expect(Set(first.keys) == Set(second.keys) && first["onset after 3 months"] != nil)
    for (name, value) in first {
      let other = try #require(second[name]) * 30.4375
      #expect(abs(value - other) < 1e-5 * abs(value), "\(name) \(value) \(other)")
    }
    func change(_ run: CommandRun) throws -> Double {
      let fixed = try #require(try run.object()["fixed"] as? [[String: Any]])
      return try #require(
        fixed.first { $0["name"] as? String == "post:arm" }?["estimate"] as? Double)
    }
    let lag = ["--onset-lag", "3", "--simulations", "0", "--json"]
    let own = try change(try compare(Self.trial(), lag))
    let other = try change(try compare(days, time: "day", lag))
    #expect(abs(own - 30.4375 * other) < 1e-6)
    #expect(abs(own - (first["onset after 3 months"] ?? 0)) < 1e-9)
    let unknown = try compare(
      Self.trial(time: "x"), time: "x", "--onset-lag", "3", "--simulations", "0")
    #expect(unknown.output.contains("unit of the times is not known"))
  }

  /// The order of rows changes nothing, and the mean of a visit counts.
  @Test func repeatedRowsOfAVisitCountAsTheirMean() throws {
    let extra = ["P1,12,70,0,active,1,", "P3,12,20,0,active,1,"]
    func last(_ table: String) throws -> Double {
      let run = try compare(table, "--method", "mmrm", "--simulations", "0", "--json")
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.output.contains("their mean where visits are compared"))
      let randomised = try #require(try run.object()["randomised"] as? [String: Any])
      let visit = try #require((randomised["visits"] as? [[String: Any]])?.last)
      return try #require((visit["differences"] as? [[String: Any]])?.first?["value"] as? Double)
    }
    let after = try last(Self.trial(extra: extra))
    let before = try last(Self.trial(extra: extra, first: true))
    #expect(abs(after - before) < 1e-9)
  }

  @Test func namedVisitsAreTheOnesCompared() throws {
    let run = try compare(
      Self.trial(), "--method", "mmrm", "--visits", "4,8,12", "--simulations", "0", "--json")
    #expect(run.code == 0, "\(run.errors)")
    let randomised = try #require(try run.object()["randomised"] as? [String: Any])
    let visits = try #require(randomised["visits"] as? [[String: Any]])
    #expect(visits.map { $0["time"] as? Double } == [4, 8, 12])
    for wrong in ["4,x", "0,4", "8,4"] {
      #expect(try compare(Self.trial(), "--visits", wrong).code == 64)
    }
  }

  @Test func responderRules() throws {
    func responders(_ arguments: String...) throws -> (count: Int, chance: [Double], text: String) {
      let run = try compare(
        Self.trial(), arguments[0], arguments[1], "--simulations", "10", "--json")
      #expect(run.code == 0, "\(run.errors)")
      let own = try #require(try run.object()["responders"] as? [String: Any])
      let chance = try #require(own["chance"] as? [String: Any])
      return (
        (own["responders"] as? [String])?.count ?? -1,
        ["posterior", "twoLines"].compactMap { chance[$0] as? Double }, run.output
      )
    }
    let mild = try responders("--responder-share", "25")
    let strict = try responders("--responder-share", "100")
    #expect(mild.count >= strict.count && mild.chance[1] > strict.chance[1])
    let stopped = try responders("--responder-slope", "0")
    #expect(stopped.count == strict.count && stopped.chance == strict.chance)
    let text = try compare(Self.trial(), "--responder-slope", "-0.5", "--simulations", "2")
    #expect(text.output.contains("has a slope after it of"), "\(text.output)")
    #expect(
      try compare(Self.trial(), "--responder-slope", "0", "--responder-share", "25").code == 64)
  }

  /// The line of the figure is that of the rule: a share of the decline, none for a slope.
  @Test func theFigureShowsTheRuleOfTheResponders() throws {
    for (rule, line) in [("--responder-share", "75"), ("--responder-slope", "-0.5")] {
      let folder = try CommandFolder()
      try folder.write(Self.trial(), to: "trial.csv")
      let run = try folder.run(
        "compare", "--table", "trial.csv", "--subject", "id", "--time", "month", "--value", "value",
        "--therapy", "start", "--arm", "arm", rule, line, "--simulations", "2", "-o", "page.html")
      #expect(run.code == 0, "\(run.errors)")
      let page = try String(contentsOfFile: folder.path("page.html"), encoding: .utf8)
      #expect(page.contains(" reach 75 %.") == (rule == "--responder-share"))
      #expect(!page.contains(" reach 50 %."))
    }
  }

  /// Deaths before the first visit are refused, as `survival` refuses them.
  @Test func impossibleDeathsAreRefused() throws {
    let run = try compare(Self.trial(died: -9), "--death", "death", "--simulations", "0")
    #expect(run.code != 0 && run.errors.contains("before the first visit"), "\(run.errors)")
  }

  /// Arms count from the start of therapy wherever they are compared.
  @Test func survivalCountsFromTheStartOfTherapy() throws {
    let run = try compare(Self.trial(died: 7), "--death", "death", "--simulations", "0", "--json")
    #expect(run.code == 0, "\(run.errors)")
    let survival = try #require(try run.object()["survival"] as? [String: Any])
    #expect(survival["timeZero"] as? String == "the start of therapy")
    #expect(survival["horizon"] as? Double == 12)
    let text = try compare(Self.trial(died: 7), "--death", "death", "--simulations", "0")
    #expect(text.output.contains("Survival from the start of therapy"))
    #expect(text.output.contains("% of the controls' slope after"))
  }

  @Test func countsAreToldInTheUnitOfTheTable() throws {
    let run = try compare(Self.trial(), value: "count", "--counts", "--simulations", "0")
    #expect(run.code == 0 && run.output.contains("(% per month)"), "\(run.errors)")
    #expect(!run.output.contains("unit of time"))
    let estimands = try #require(
      try compare(Self.trial(), value: "count", "--counts", "--simulations", "0", "--json")
        .object()["estimands"] as? [[String: Any]])
    #expect(estimands.first?["analysis"] as? String == "mixed model of the counts")
    #expect(estimands.last?["variable"] as? String == "slope of count per month")
  }

  /// The fit with zeros at half the smallest value is made where it is promised.
  @Test func zerosAtHalfTheSmallestValue() throws {
    let run = try compare(
      Self.trial(zeros: true), value: "count", "--log", "--sensitivity", "--simulations", "0",
      "--json")
    let found = try lines(run)
    let half = try #require(found["zeros at half the smallest value above zero"])
    #expect(half != found["as planned"])
  }

  @Test func covariatesAreNamedAsTheColumn() throws {
    let rows = Self.trial().split(separator: "\n").enumerated().map { index, row in
      "\(row)," + (index == 0 ? "site" : index == 30 ? "" : ["A", "B", "C"][(index - 1) / 9 % 3])
    }
    let run = try compare(
      rows.joined(separator: "\n") + "\n", "--covariates", "site", "--simulations", "0")
    #expect(run.code != 0 && run.errors.contains("column site"), "\(run.errors)")
  }

  /// Joint models of very many patients wait to be asked for; everything else is made.
  @Test func jointModelsOfLargeCohortsWaitToBeAskedFor() throws {
    var rows = ["id,month,value,start,death"]
    for patient in 0..<1_020 {
      let own = Double((patient * 29) % 31) / 31 - 0.5
      let hasDied = patient % 8 == 0
      for (index, visit) in [-3.0, 0, 3, 6].enumerated() where !hasDied || visit < 4 {
        let noise = Double((patient * 37 + index * 53 + patient * index * 11) % 17) / 17 - 0.5
        let value = 40 + 4 * own - (1 + own) * visit + 0.3 * max(0, visit) + 2 * noise
        rows.append("P\(patient),\(visit),\(value),0,\(hasDied ? "4.5" : "")")
      }
    }
    let folder = try CommandFolder()
    try folder.write(rows.joined(separator: "\n") + "\n", to: "large.csv")
    let run = try folder.run([
      "compare", "--table", "large.csv", "--subject", "id", "--time", "month", "--value", "value",
      "--therapy", "start", "--death", "death", "--simulations", "0", "--json",
    ])
    #expect(run.code == 0, "\(run.errors)")
    let dropout = try #require(try run.object()["dropout"] as? [String: Any])
    #expect(dropout["patternMixture"] != nil && dropout["joint"] == nil)
    for name in ["jointReason", "currentValueReason"] {
      #expect((dropout[name] as? String)?.contains("made only on request") == true)
    }
  }

  /// Several treated arms have controls too.
  @Test func threeArmsAreNotWithoutControls() throws {
    var rows = Self.trial().split(separator: "\n").map(String.init)
    for index in 1..<rows.count where (index - 1) / 9 % 3 == 0 {
      rows[index] = rows[index].replacing(",active,", with: ",other,")
        .replacing(",placebo,", with: ",other,")
    }
    let table = rows.joined(separator: "\n") + "\n"
    let run = try compare(table, "--simulations", "0")
    #expect(run.code == 0 && run.output.contains("post:armother"), "\(run.errors)")
    #expect(run.output.contains("A difference between the arms"))
    #expect(!run.output.contains("without controls"))
  }

  /// The mean time of one patient has no error to be compared by.
  @Test func anArmOfOnePatientHasNoMeanToCompare() throws {
    var rows = ["id,arm,time,event"]
    for patient in 0..<30 { rows.append("P\(patient),a,\(3 + patient % 9),\(patient % 2)") }
    rows.append("X,x,2,1")
    let folder = try CommandFolder()
    try folder.write(rows.joined(separator: "\n") + "\n", to: "arms.csv")
    let result = try folder.succeed(
      "survival", "--table", "arms.csv", "--subject", "id", "--time", "time", "--event", "event",
      "--arm", "arm", "--json"
    ).object()
    #expect((result["meanDifferences"] as? [Any])?.isEmpty == true)
    let warnings = try #require(result["warnings"] as? [String])
    #expect(warnings.contains { $0.contains("arm x has one patient") })
  }
}
