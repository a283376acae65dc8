import Foundation
import TestSupport
import Testing

@Suite("Comparison of any long table")
struct TableComparisonTests {
  private func compare(_ file: URL, _ arguments: String...) throws -> [String: Any] {
    let folder = try CommandFolder()
    let run = try folder.run(["compare", "--table", file.path, "--json"] + arguments)
    #expect(run.code == 0, "\(run.errors)")
    return try run.object()
  }

  private func effect(_ name: String, _ result: [String: Any]) throws -> [String: Any] {
    let fixed = try #require(result["fixed"] as? [[String: Any]])
    return try #require(fixed.first { $0["name"] as? String == name })
  }

  private func near(_ value: Any?, _ expected: Double, _ tolerance: Double) -> Bool {
    (value as? Double).map { abs($0 - expected) <= tolerance } ?? false
  }

  @Test func sleepstudyAsPublished() throws {
    guard let file = SharedData.url("reference/trends/sleepstudy.csv") else { return }
    let result = try compare(
      file, "--subject", "Subject", "--time", "Days", "--value", "Reaction")
    #expect(near(result["criterion"], 1743.628271958, 1e-6))
    #expect(near(result["sigma"], 25.59181569, 1e-5))
    let theta = try #require(result["theta"] as? [Double])
    #expect(zip(theta, [0.96673292, 0.01516906, 0.23090959]).allSatisfy { abs($0 - $1) < 1e-5 })
    let days = try effect("Days", result)
    #expect(near(days["estimate"], 10.46728596, 1e-6))
    #expect(near(days["se"], 1.5457890, 1e-5) && near(days["df"], 17, 1e-3))
    #expect((result["posterior"] as? [Any])?.isEmpty == true)
  }

  @Test func cohortWithTherapyAsPublished() throws {
    guard let file = SharedData.url("reference/trends/als40_dropout.csv") else { return }
    let result = try compare(
      file, "--subject", "patient", "--time", "month", "--value", "mune", "--therapy",
      "therapy_month", "--log", "--model", "m3", "--simulations", "0")
    #expect(near(result["criterion"], -79.430915336, 1e-6))
    let post = try effect("post", result)
    #expect(near(post["estimate"], 0.0215007890, 1e-8))
    #expect(near(post["se"], 0.0081956597, 1e-6) && near(post["df"], 69.53436, 1e-2))
    let posterior = try #require(result["posterior"] as? [[String: Any]])
    let first = try #require(posterior.first { $0["subject"] as? String == "P00001" })
    #expect(near(first["change"], 0.0250837584, 1e-6))
    #expect(near(first["changeSD"], 0.0129531348, 1e-6))
    #expect(near(first["probabilityOfSlowing"], 0.97359682, 1e-5))
  }

  @Test func armsAsPublished() throws {
    guard let file = SharedData.url("reference/trends/als60_two_arm.csv") else { return }
    let result = try compare(
      file, "--subject", "patient", "--time", "month", "--value", "log_mune", "--therapy",
      "therapy_month", "--arm", "arm", "--simulations", "0")
    #expect(near(result["criterion"], -209.412172177, 1e-6))
    let arm = try effect("post:arm", result)
    #expect(near(arm["estimate"], 0.0222508782, 1e-8))
    let exact = try #require(arm["kenwardRoger"] as? [String: Any])
    #expect(near(exact["se"], 0.0090453823, 1e-7) && near(exact["df"], 57.83546, 1e-2))
    let satterthwaite = try #require(arm["satterthwaite"] as? [String: Any])
    #expect(near(satterthwaite["se"], 0.0088941745, 1e-7))
    #expect(near(satterthwaite["df"], 56.20697, 1e-2))
  }

  @Test func badTables() throws {
    let folder = try CommandFolder()
    let columns = ["--subject", "id", "--time", "t", "--value", "y"]
    let cases: [(name: String, text: String, says: String)] = [
      ("empty.csv", "", "no rows"), ("nan.csv", "id,t,y\nA,0,1\nA,1,nan\n", "line 3, column y"),
      ("text.csv", "id,t,y\nA,0,1\nA,one,2\n", "line 3, column t"),
      ("missing.csv", "id,t\nA,0\n", "no column y"), ("only.csv", "id,t,y\nA,0,NA\n", "no row"),
      ("wide.csv", "id,t,y\nA,0,1,7\n", "4 cells"), ("twice.csv", "id,t,y,t\nA,0,1,2\n", "twice"),
    ]
    for item in cases {
      let file = try folder.write(item.text, to: item.name)
      let run = try folder.run(["compare", "--table", file] + columns)
      #expect(run.code == 65, "\(item.name): \(run.errors)")
      #expect(run.errorLines.count == 1 && run.errors.contains(item.says), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    let none = try folder.run(["compare", "--table", "none.csv"] + columns)
    #expect(none.code == 66)
    #expect(try folder.run("compare", "--table", "none.csv").code == 64)
  }

  @Test func planTellsPowerOfOnePatient() throws {
    let folder = try CommandFolder()
    let plan = try folder.succeed("plan", "--json").object()
    let single = try #require(plan["single"] as? [String: Any])
    // Monthly visits from -3 to +6, one muscle, 12 %: the published power for a full arrest.
    #expect(near(single["standardError"], 0.0598, 0.0005))
    #expect(near(single["power"], 0.10, 0.01))
    let six = try folder.succeed("plan", "--muscles", "6", "--json").object()
    #expect(near((six["single"] as? [String: Any])?["power"], 0.36, 0.02))
    let runIn = try #require(plan["runIn"] as? [[String: Any]])
    #expect(near(runIn.last?["standardError"], 0.035, 0.001))
    #expect(try folder.run("plan", "--visits", "-1,x").code == 64)
    try folder.fail("plan", "--visits", "-1,0,1", code: 65, says: "at least 4 visits")
  }
}
