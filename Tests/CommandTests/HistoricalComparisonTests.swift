import Foundation
import Testing

@Suite("Controls of earlier trials at analysis")
struct HistoricalComparisonTests {
  /// 30 patients of two arms, monthly visits; the treated decline .5 a month less after month 3.
  private static var table: String {
    var lines = ["id,month,score,start,arm,age"]
    for patient in 0..<30 {
      for month in 0..<9 {
        let code = patient * 37 + month * 53 + (patient * month) % 7
        let noise = 0.6 * Double(code % 23 - 11) / 11
        let after = max(0, Double(month) - 3)
        let gain = patient % 2 == 1 ? 0.5 * after : 0
        let own = 0.25 * Double(patient % 5 - 2)
        let change = 0.1 * Double(patient % 7 - 3) * after
        let value = 42 + Double(patient % 6) - (1 + own) * Double(month) + gain + change + noise
        lines.append(
          "P\(patient),\(month),\(value),3,\(patient % 2 == 1 ? "active" : "control"),\(patient % 9)"
        )
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private let columns = [
    "compare", "--table", "trial.csv", "--subject", "id", "--time", "month", "--value", "score",
    "--therapy", "start", "--arm", "arm", "--simulations", "0",
  ]

  private func folder() throws -> CommandFolder {
    let folder = try CommandFolder()
    try folder.write(Self.table, to: "trial.csv")
    return folder
  }

  @Test func besideThePrimaryAnalysis() throws {
    let folder = try folder()
    var plain = try folder.run(columns + ["--json"]).object()
    let run = try folder.run(
      columns + ["--historical", "-1.05/0.1,-0.9/0.12", "--between-trial-prior", "0.1", "--json"])
    #expect(run.code == 0, "\(run.errors)")
    var found = try run.object()
    let own = try #require(found["historical"] as? [String: Any])
    found["historical"] = nil
    (plain["provenance"], found["provenance"]) = (nil, nil)
    // Nothing else changes.
    #expect(NSDictionary(dictionary: found) == NSDictionary(dictionary: plain))
    func number(_ name: String, _ part: String? = nil) throws -> Double {
      let object = part == nil ? own : own[part ?? ""] as? [String: Any]
      return try #require(object?[name] as? Double)
    }
    #expect(own["controls"] as? Int == 15)
    #expect(try number("effectiveSampleSize") > 1 && number("borrowedSampleSize") > 0)
    #expect(try number("conflictP") > 0.05 && number("vagueWeight") < 0.3)
    #expect(try number("probability") > 0.95)
    #expect(try number("standardDeviation", "control") < number("standardError", "controlAlone"))
    let alone = try number("value", "differenceAlone")
    #expect(try abs(number("mean", "difference") - alone) < 0.3)
  }

  /// A history that the trial contradicts is said to be, in text, plan and page.
  @Test func conflictIsSaid() throws {
    let folder = try folder()
    let run = try folder.run(
      columns + [
        "--historical", "-4/0.1", "--between-trial-sd", "0.05", "-o", "page.html", "--sap",
        "plan.md",
      ])
    #expect(
      run.output.contains("Prior-data conflict") && run.output.contains("never instead of it"))
    #expect(run.output.contains("Treated less controls, both"))
    let page = try String(contentsOfFile: folder.path("page.html"), encoding: .utf8)
    #expect(page.contains("Controls of earlier trials") && page.contains("Prior-data conflict"))
    let plan = try String(contentsOfFile: folder.path("plan.md"), encoding: .utf8)
    #expect(plan.contains("Controls of earlier trials (1)"))
    let agreeing = try folder.run(
      columns + ["--historical", "-1/0.1", "--between-trial-sd", "0.05"])
    #expect(agreeing.output.contains("No prior-data conflict"))
  }

  @Test func whatIsRefused() throws {
    let folder = try folder()
    let history = ["--historical", "-1/0.1", "--between-trial-sd", "0.1"]
    let single = columns.filter { $0 != "--arm" && $0 != "arm" }
    for (arguments, text) in [
      (single + history, "needs arms"),
      (columns + ["--historical", "-1/0.1"], "--between-trial-sd"),
      (columns + ["--historical", "-1/0", "--between-trial-sd", "1"], "SLOPE/SE"),
      (columns + ["--log", "--historical", "-95/1", "--between-trial-sd", "1"], "earlier trial"),
    ] {
      let run = try folder.run(arguments)
      #expect(run.code == 64 && run.errors.contains(text), "\(arguments): \(run.errors)")
    }
    // A covariate that changes the controls' slope leaves the other analyses.
    let run = try folder.run(columns + history + ["--covariates", "post:age"])
    #expect(run.output.contains("depends on a covariate (post:age)"))
  }
}
