import Foundation
import TestSupport
import Testing

@Suite("Plan and script of a comparison")
struct PaperTrailTests {
  /// 40 patients of two arms with baseline, covariates, and visits that every fifth pair misses at the end.
  private static func trial() -> String {
    var rows = ["id,arm,month,age,site,munix,alsfrs,start"]
    for patient in 0..<40 {
      for month in 0..<6 {
        if patient / 2 % 5 == 0, month > 3 { continue }
        if (patient * 7 + month) % 23 == 0, month > 0 { continue }
        func noise(_ a: Int, _ b: Int) -> Double {
          let code: Int = patient * a + month * b + patient * month * 11
          return Double(code % 17) / 17 - 0.5
        }
        let isTreated = patient % 2 == 1
        let post = Double(max(0, month - 2))
        let own = Double((patient * 29) % 13) / 13 - 0.5
        let slope = -0.05 + 0.05 * own
        let gain = (isTreated ? 0.03 : 0) + 0.02 * (Double((patient * 31) % 11) / 11 - 0.5)
        let log = 4.5 + 0.4 * own + slope * Double(month) + gain * post + 0.1 * noise(37, 53)
        let score = 40 + 3 * own - Double(month) + gain * 20 * post + 2 * noise(41, 59)
        let cells: [String] = [
          "P\(patient)", isTreated ? "cells" : "placebo", "\(month)", "\(50 + patient % 9)",
          "\(patient % 3 + 1)", "\(exp(log))", "\(score)", "2",
        ]
        rows.append(cells.joined(separator: ","))
      }
    }
    return rows.joined(separator: "\n") + "\n"
  }

  private static let columns = [
    "compare", "--table", "trial.csv", "--subject", "id", "--time", "month", "--arm", "arm",
    "--simulations", "0",
  ]
  private static let slopes = columns + ["--value", "munix", "--log", "--therapy", "start"]

  private func text(_ folder: CommandFolder, _ name: String) throws -> String {
    try String(contentsOfFile: folder.path(name), encoding: .utf8)
  }

  @Test func thePlanOfSlopes() throws {
    let folder = try CommandFolder()
    try folder.write(Self.trial(), to: "trial.csv")
    let run = try folder.run(
      Self.slopes + [
        "--covariates", "age,post:age", "--factor", "site", "--residuals", "--sap", "plan.md",
      ])
    #expect(run.code == 0, "\(run.errors)")
    let plan = try text(folder, "plan.md").replacingOccurrences(of: "\\", with: "")
    for part in [
      "Statistical analysis plan", "## Estimands", "difference of the arms' mean change of slope",
      "post:arm + age + post:age + site=2 + site=3 + (month | id) + (0 + post | id)",
      "continuous AR(1)", "lowest restricted Akaike criterion", "placebo is the reference (0)",
      "site is a factor of 3 labels, each compared with 1", "age is a number",
      "missing at random", "treatment policy", "One primary hypothesis", "## Interim looks",
      "level of 0.05", "Kenward and Roger", "MotorPool 0.", "trial.csv", "seed 1",
    ] { #expect(plan.contains(part), "\(part)") }
  }

  @Test func thePlanOfVisitsAndEndpoints() throws {
    let folder = try CommandFolder()
    try folder.write(Self.trial(), to: "trial.csv")
    let run = try folder.run(
      Self.columns + [
        "--method", "mmrm", "--primary", "alsfrs", "--secondary", "log(munix)", "--impute",
        "j2r", "--imputations", "5", "--tipping-point", "--sap", "plan.html", "-o", "page.html",
      ])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("Statistical analysis plan in plan.html"))
    let plan = try text(folder, "plan.html")
    for part in [
      "change ~ visit + arm:visit + baseline:visit", "unstructured", "jump to reference",
      "5 completed data sets", "Tipping point", "Primary endpoints: alsfrs",
      "Secondary endpoints: log(munix)", "Holm", "gatekeeping",
      "coefficient of its own at each visit",
    ] { #expect(plan.contains(part), "\(part)") }
  }

  @Test func filesObeyTheRuleOfOutputs() throws {
    let folder = try CommandFolder()
    try folder.write(Self.trial(), to: "trial.csv")
    let before = try text(folder, "trial.csv")
    let script = Self.slopes + ["--script", "r", "--script-output"]
    // The values of trial.R would take the place of the input.
    let input = try folder.run(script + ["trial.R", "--force"])
    #expect(input.code == 73 && input.errors.contains("trial.csv"), "\(input.errors)")
    #expect(try text(folder, "trial.csv") == before)
    try folder.write("mine", to: "own.csv")
    let refused = try folder.run(script + ["own.R"])
    #expect(refused.code == 73 && refused.errors.contains("--force"))
    #expect(!folder.contents.contains("own.R"))
    #expect(try folder.run(script + ["own.R", "--force"]).code == 0)
    #expect(try folder.run(script + ["own.R"]).code == 0)
    let twice = try folder.run(script + ["own.html", "-o", "own.html"])
    #expect(twice.code == 73 && twice.errors.contains("twice"), "\(twice.errors)")
    #expect(try folder.run(script + ["own.csv"]).code == 64)
    #expect(try folder.run(Self.slopes + ["--script", "r"]).code == 64)
    #expect(try folder.run(Self.slopes + ["--script", "stata"]).code == 64)
    // What has no counterpart is refused before anything is written.
    let names = folder.contents
    let toeplitz = try folder.run(
      Self.columns + [
        "--value", "munix", "--method", "mmrm", "--covariance", "toeplitz", "--script", "r",
        "--script-output", "t.R", "-o", "t.html",
      ])
    #expect(toeplitz.code == 64 && toeplitz.errors.contains("no counterpart"))
    #expect(folder.contents == names)
  }

  @Test func scriptsForSAS() throws {
    let folder = try CommandFolder()
    try folder.write(Self.trial(), to: "trial.csv")
    func script(_ arguments: [String]) throws -> String {
      let run = try folder.run(arguments + ["--script", "sas", "--script-output", "a.sas"])
      #expect(run.code == 0, "\(run.errors)")
      return try text(folder, "a.sas")
    }
    let slopes = try script(Self.slopes + ["--factor", "site"])
    for part in [
      "infile \"a.csv\"", "input id y t post arm site_2 site_3;",
      "model y = t post post*arm site_2 site_3 / solution cl ddfm=kr;",
      "random intercept t / subject=id type=un;", "random post / subject=id;",
    ] { #expect(slopes.contains(part), "\(part)") }
    #expect(try text(folder, "a.csv").hasPrefix("id,y,t,post,arm,site_2,site_3\n\"P0\","))
    let visits = try script(
      Self.columns + ["--value", "alsfrs", "--method", "mmrm", "--covariance", "ar1"])
    for part in [
      "class id visit;", "model y = visit visit*cells visit*baseline / noint solution cl ddfm=kr;",
      "repeated visit / subject=id type=ar(1);",
    ] { #expect(visits.contains(part), "\(part)") }
  }

  /// What the script states, and what R finds by it, to five digits.
  private func expectAgreement(
    _ arguments: [String], in folder: CommandFolder, tests: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try folder.run(arguments + ["--script", "r", "--script-output", "a.R"])
    #expect(run.code == 0, "\(run.errors)", sourceLocation: sourceLocation)
    let (here, inR) = try RScriptRun.effects(of: "a.R", in: folder)
    #expect(here.count == 1 && inR.count == 1, sourceLocation: sourceLocation)
    for (own, other) in zip(here, inR) {
      func agree(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-5 * max(abs(a), abs(b)) }
      #expect(
        agree(own.estimate, other.estimate), "\(own) \(other)", sourceLocation: sourceLocation)
      guard tests else { continue }
      #expect(agree(own.error, other.error), "\(own) \(other)", sourceLocation: sourceLocation)
      #expect(agree(own.df, other.df), "\(own) \(other)", sourceLocation: sourceLocation)
      #expect(agree(own.p, other.p), "\(own) \(other)", sourceLocation: sourceLocation)
    }
  }

  @Test(
    .enabled(if: RScriptRun.has("lmerTest", "pbkrtest")),
    arguments: [
      [], ["--covariates", "age,post:age", "--factor", "site"], ["--arm-effects", "all"],
      ["--model", "m1"], ["--model", "uncorrelated"], ["--ml"], ["--level-step"],
    ])
  func lme4FindsTheSame(options: [String]) throws {
    let folder = try CommandFolder()
    try folder.write(Self.trial(), to: "trial.csv")
    try expectAgreement(Self.slopes + options, in: folder)
  }

  @Test(.enabled(if: RScriptRun.has("lmerTest", "pbkrtest")))
  func lme4FindsTheSameOfMusclesAndSides() throws {
    let folder = try CommandFolder()
    let muscles = try SharedData.file("reference/trends/als24_muscles.csv")
    let sides = try SharedData.file("reference/trials/split2.csv")
    try expectAgreement(
      [
        "compare", "--table", muscles.path, "--subject", "patient", "--time", "month", "--value",
        "log_mune", "--therapy", "therapy_month", "--muscle", "muscle", "--simulations", "0",
      ], in: folder)
    try expectAgreement(
      [
        "compare", "--table", sides.path, "--subject", "id", "--time", "t", "--value", "y",
        "--therapy", "T", "--within", "side", "--treated", "treated", "--simulations", "0",
      ], in: folder)
  }

  @Test(
    .enabled(if: RScriptRun.has("nlme")),
    arguments: [
      ["mmrm"], ["mmrm", "--covariates", "age", "--factor", "site"],
      ["mmrm", "--covariance", "compound-symmetry"], ["mmrm", "--covariance", "ar1"], ["clda"],
      ["clda", "--covariance", "ar1", "--covariates", "age"], ["ancova"],
      ["ancova", "--covariates", "age"],
    ])
  func visitsAreTheSameInR(options: [String]) throws {
    let folder = try CommandFolder()
    try folder.write(Self.trial(), to: "trial.csv")
    try expectAgreement(
      Self.columns + ["--value", "munix", "--log", "--method"] + options, in: folder)
  }

  /// nlme's standard errors are not those of Kenward and Roger.
  @Test(.enabled(if: RScriptRun.has("nlme"))) func residualsAreTheSameInNLME() throws {
    let folder = try CommandFolder()
    var rows = ["id,t,y,T"]
    for patient in 0..<24 {
      let own = Double((patient * 29) % 13) / 13 - 0.5
      for visit in 0..<10 {
        // A slow wave of the residuals, which no random effect takes up.
        let wave = sin(Double(patient) * 1.7 + Double(visit) * 0.9)
        let noise = Double((patient * 37 + visit * 53 + patient * visit * 11) % 17) / 17 - 0.5
        let slope = -0.05 + 0.05 * own
        let value =
          4 + own + slope * Double(visit) + 0.03 * Double(max(0, visit - 4)) + 0.1 * wave
          + 0.05 * noise
        rows.append("P\(patient),\(visit),\(value),4")
      }
    }
    try folder.write(rows.joined(separator: "\n") + "\n", to: "waves.csv")
    let columns = [
      "compare", "--table", "waves.csv", "--subject", "id", "--time", "t", "--value", "y",
      "--therapy", "T", "--simulations", "0", "--residuals",
    ]
    try expectAgreement(columns, in: folder, tests: false)
    let script = try text(folder, "a.R")
    #expect(script.contains("corCAR1(form = ~ t | id)"), "\(script)")
  }

  @Test(.enabled(if: RScriptRun.has("glmmTMB"))) func countsAreTheSameInGLMMTMB() throws {
    let file = try SharedData.file("reference/trials/counts_ties_raw.csv")
    try expectAgreement(
      [
        "compare", "--table", file.path, "--subject", "id", "--time", "t", "--value", "y",
        "--therapy", "T", "--simulations", "0", "--counts", "--model", "m1",
      ], in: try CommandFolder())
  }
}
