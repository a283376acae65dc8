import Foundation
import Testing

@Suite("Endpoints named beforehand")
struct EndpointComparisonTests {
  /// 24 patients of two arms, five visits, columns with a large, a small and no effect; muscles in rows.
  private static func table(muscles: [String] = [""]) -> String {
    var lines = ["id,visit,muscle,arm,strong,weak,none,part"]
    for patient in 0..<24 {
      for visit in 0..<5 {
        for (index, muscle) in muscles.enumerated() {
          func value(_ effect: Double, _ column: Int) -> String {
            let code: Int = patient * 37 + visit * 53 + index * 71 + column * 29
            let noise = Double(code % 23 - 11) / 11
            let course = 40 + Double(patient % 5) - Double(visit)
            let gain = effect * Double(patient % 2) * Double(visit)
            return String(course + gain + noise)
          }
          let arm = patient % 2 == 1 ? "active" : "control"
          let cells: [String] = [
            "P\(patient)", "\(visit)", muscle, arm, value(1, 1), value(0.16, 2), value(0, 3),
            patient < 3 ? value(1, 4) : "NA",
          ]
          lines.append(cells.joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func endpoints(_ run: CommandRun) throws -> [[String: Any]] {
    #expect(run.code == 0, "\(run.errors)")
    let own = try #require(try run.object()["endpoints"] as? [String: Any])
    return try #require(own["endpoints"] as? [[String: Any]])
  }

  /// Each p is that of the endpoint alone; the adjusted ones follow Holm and the gate.
  @Test func familiesAreAdjusted() throws {
    let folder = try CommandFolder()
    let file = try folder.write(Self.table(), to: "trial.csv")
    let columns = [
      "compare", "--table", file, "--subject", "id", "--time", "visit", "--arm", "arm",
      "--method", "ancova", "--json",
    ]
    var single: [String: Double] = [:]
    for name in ["strong", "weak", "none"] {
      let result = try folder.run(columns + ["--value", name]).object()
      let randomised = try #require(result["randomised"] as? [String: Any])
      let last = try #require((randomised["visits"] as? [[String: Any]])?.last)
      let difference = try #require((last["differences"] as? [[String: Any]])?.first)
      let (value, error) = (
        try #require(difference["value"] as? Double),
        try #require(difference["standardError"] as? Double)
      )
      single[name] = value / error
    }
    let found = try endpoints(
      folder.run(columns + ["--primary", "strong", "--secondary", "weak,none"]))
    #expect(found.map { $0["family"] as? String } == ["primary", "secondary", "secondary"])
    var p: [Double] = []
    for item in found {
      let test = try #require(item["test"] as? [String: Any])
      let estimate = try #require(test["estimate"] as? [String: Any])
      let t = try #require(estimate["t"] as? Double)
      #expect(abs(t - (single[try #require(test["name"] as? String)] ?? 0)) < 1e-9)
      p.append(try #require(item["p"] as? Double))
    }
    let adjusted = found.compactMap { $0["adjustedP"] as? Double }
    #expect(abs(adjusted[0] - p[0]) < 1e-15)
    let low = min(p[1], p[2])
    #expect(abs(min(adjusted[1], adjusted[2]) - max(p[0], min(1, 2 * low))) < 1e-12)
    #expect(max(adjusted[1], adjusted[2]) >= max(p[1], p[2]))
    #expect(found[0]["isRejected"] as? Bool == true && found[1]["isTested"] as? Bool == true)
    // A primary endpoint without an effect closes the gate; the first one named is shown in full.
    let closed = try folder.run(columns + ["--primary", "none,strong", "--secondary", "weak"])
    let gate = try endpoints(closed)
    #expect(gate[2]["isTested"] as? Bool == false && gate[2]["isRejected"] as? Bool == false)
    #expect(gate[1]["isRejected"] as? Bool == true)
    #expect(try closed.object()["measure"] as? String == "none")
  }

  @Test func whatCannotBeTestedIsNotRejected() throws {
    let folder = try CommandFolder()
    let file = try folder.write(Self.table(), to: "trial.csv")
    let page = folder.path("page.html")
    let run = try folder.run([
      "compare", "--table", file, "--subject", "id", "--time", "visit", "--arm", "arm", "--method",
      "mmrm", "--primary", "log(strong),part", "--secondary", "weak", "-o", page,
    ])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("Endpoints named beforehand") && run.output.contains("not tested"))
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("Primary and secondary endpoints") && html.contains("log(strong)"))
    #expect(html.contains("active against control at 4 (%)"))
  }

  @Test func musclesAreEndpoints() throws {
    let folder = try CommandFolder()
    let file = try folder.write(Self.table(muscles: ["apb", "tibialis"]), to: "trial.csv")
    let columns = [
      "compare", "--table", file, "--subject", "id", "--time", "visit", "--muscle", "muscle",
      "--arm", "arm", "--method", "mmrm", "--json",
    ]
    let found = try endpoints(
      folder.run(
        columns + [
          "--value", "strong", "--primary", "apb,weak/tibialis", "--secondary", "TIBIALIS",
        ]
      ))
    #expect(found.count == 3 && found[0]["isRejected"] as? Bool == true)
    for (names, says) in [
      ("nothing", "neither"), ("strong/soleus", "no value of muscle soleus"), ("a,a", "twice"),
    ] where names != "nothing" {
      let run = try folder.run(columns + ["--value", "strong", "--primary", names])
      #expect(run.code != 0 && run.errors.contains(says), "\(run.errors)")
    }
    let unknown = try folder.run(
      ["compare", "--table", file, "--subject", "id", "--time", "visit", "--primary", "nothing"])
    #expect(unknown.code == 65 && unknown.errors.contains("no column of that name"))
    #expect(try folder.run("compare", "--secondary", "munix").code == 64)
  }

  @Test func measuresOfTheRegistry() throws {
    let folder = try CommandFolder()
    for index in 1...8 {
      let name = "ALS-0\(index)"
      try folder.succeed("patient", "add", name, "--arm", index % 2 == 1 ? "active" : "placebo")
      try folder.succeed("therapy", "add", name, "--start", "2026-02-1\(index)", "--kind", "cells")
      for month in 1...5 {
        let scatter = (index * 7 + month * month * 3 + index * month) % 5
        let drop = (index % 2 == 1 ? 1 : 3) * max(0, month - 2)
        try folder.succeed(
          "outcome", "add", name, "--date", "2026-0\(month)-1\(index)", "--alsfrs",
          "\(46 - drop - month + scatter % 3)", "--svc", "\(90 - 2 * month - scatter)", "--accept")
      }
    }
    let run = try folder.run(
      "compare", "--primary", "alsfrs-r", "--secondary", "svc-percent", "--method", "clda",
      "--covariance",
      "compound-symmetry", "--simulations", "0", "--json")
    let found = try endpoints(run)
    #expect(found.count == 2 && found[0]["isRejected"] as? Bool == true)
    #expect(found[1]["isTested"] as? Bool == true && found[1]["isRejected"] as? Bool == false)
    let bad = try folder.run("compare", "--primary", "elephant")
    #expect(bad.code == 65 && bad.errors.contains("neither a measure nor a muscle"))
  }
}
