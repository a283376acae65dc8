import Foundation
import Testing

@Suite("Tracking units over visits")
struct TrackCommandTests {
  /// Two sessions of one muscle of 30 electrodes, quick enough for every run of the tests.
  private static func simulate(_ folder: CommandFolder, seed: Int, muscle: Int = 8) throws {
    try folder.succeed(
      "simulate", "array", "-o", "v\(seed).edf", "--truth", "t\(seed).csv", "--rows", "6",
      "--columns", "5", "--duration", "15", "--fs", "1024", "--units", "30", "--seed", "\(seed)",
      "--muscle-seed", "\(muscle)")
  }

  /// The true unit of each found one.
  private static func truth(_ folder: CommandFolder, _ results: String, _ table: String) throws
    -> [String: String]
  {
    let score = try folder.succeed("score", results, "--truth", table, "--json").object()
    let pairs = try #require(score["pairs"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: pairs.compactMap { pair in
        guard let found = pair["found"] as? String, let truth = pair["truth"] as? String else {
          return nil
        }
        return (found, truth)
      })
  }

  @Test func foldersAreMatchedAndLinksAreRight() throws {
    let folder = try CommandFolder()
    for seed in [3, 4] {
      try Self.simulate(folder, seed: seed)
      try folder.succeed("decompose", "v\(seed).edf", "-o", "d\(seed)", "--rounds", "4")
    }
    let summary = try folder.succeed("track", "d3", "d4", "--json").object()
    let links = try #require(summary["links"] as? [[String: Any]])
    #expect(links.count >= 4)
    let first = try Self.truth(folder, "d3", "t3.csv")
    let second = try Self.truth(folder, "d4", "t4.csv")
    for link in links {
      let a = try #require(link["first"] as? String)
      let b = try #require(link["second"] as? String)
      #expect(first[a] != nil && first[a] == second[b])
      #expect(try #require(link["probability"] as? Double) >= 0.9)
    }
    #expect((summary["note"] as? String)?.contains("not thereby lost") == true)
    let configuration = try #require(summary["configuration"] as? [String: Any])
    #expect(configuration["mountingSimilarity"] as? Double == 0.6)
    let strict = try folder.succeed(
      "track", "d3", "d4", "--json", "--set", "tracking.acceptedFrom=1"
    ).object()
    #expect((strict["links"] as? [Any])?.isEmpty == true)
    let text = try folder.succeed("track", "d3", "d4", "--repeat", "d4").output
    #expect(text.contains("normalised by the same-day repeat"))
    #expect(text.contains("Warning: d4 and d4 are results of the same recording"))
    #expect((summary["warnings"] as? [String]) == [])
    let none = try folder.run("track", "d3", "nowhere")
    #expect(none.code == 66 && none.errors.contains("templates.json"))
    try folder.write("{}", to: "d4/templates.json")
    let damaged = try folder.run("track", "d3", "d4")
    #expect(damaged.code == 65 && damaged.errors.contains("not a file of templates"))
  }

  @Test func recordingsOfOtherMusclesAreNotLinkedAndItIsSaid() throws {
    let folder = try CommandFolder()
    for (seed, muscle) in [(3, 8), (4, 8), (6, 21)] {
      try Self.simulate(folder, seed: seed, muscle: muscle)
      try folder.succeed("decompose", "v\(seed).edf", "-o", "d\(seed)", "--rounds", "4")
    }
    let two = try folder.succeed("track", "d3", "d6", "--json").object()
    #expect((two["links"] as? [Any])?.isEmpty == true)
    let warning = try #require((two["warnings"] as? [String])?.first)
    #expect(warning.contains("no unit in common"))
    let three = try folder.succeed("track", "d3", "d4", "d6", "--json").object()
    let links = try #require(three["links"] as? [[String: Any]])
    #expect(links.count >= 3)
    #expect(links.allSatisfy { ($0["second"] as? [String: Any])?["visit"] as? Int == 1 })
    #expect((three["warnings"] as? [String])?.contains { $0.hasPrefix("d6: no unit") } == true)
  }

  @Test func unitsAreFollowedOverManyVisitsAndSurvivalIsStored() throws {
    let folder = try CommandFolder()
    let dates = [3: "2026-01-15", 4: "2026-04-15", 5: "2026-07-15"]
    for seed in [3, 4, 5] { try Self.simulate(folder, seed: seed) }
    for seed in [3, 4, 5] {
      try folder.succeed("decompose", "v\(seed).edf", "-o", "d\(seed)", "--rounds", "4")
    }
    let summary = try folder.succeed("track", "d3", "d4", "d5", "--json").object()
    let links = try #require(summary["links"] as? [[String: Any]])
    #expect(links.count >= 8)
    let truths = try [3, 4, 5].map { try Self.truth(folder, "d\($0)", "t\($0).csv") }
    func trueUnit(_ member: Any?) throws -> String? {
      let member = try #require(member as? [String: Any])
      let visit = try #require(member["visit"] as? Int)
      return truths[visit][try #require(member["unit"] as? String)]
    }
    let right = try links.count {
      let first = try trueUnit($0["first"])
      return try first != nil && first == trueUnit($0["second"])
    }
    #expect(Double(right) >= 0.95 * Double(links.count))
    let text = try folder.succeed("track", "d3", "d4", "d5").output
    #expect(text.contains("identified units over 3 recordings") && text.contains("Survival"))
    let strict = try folder.succeed(
      "track", "d3", "d4", "d5", "--json", "--set", "following.acceptedFrom=1"
    ).object()
    #expect((strict["links"] as? [Any])?.isEmpty == true)
    #expect(try folder.run("track", "d3", "d4", "d5", "--repeat", "d4").code == 64)

    try folder.succeed("patient", "add", "P001")
    for seed in [3, 4, 5] {
      try folder.succeed(
        "visit", "add", "P001", "v\(seed).edf", "--date", try #require(dates[seed]), "--muscle",
        "ta", "--side", "left", "--rounds", "4")
    }
    let place = ["--muscle", "ta", "--side", "left"]
    let follow =
      ["visit", "link", "P001", "--visits"] + dates.values.sorted() + place
    let followed = try folder.run(follow + ["--json"])
    #expect(followed.code == 0, "\(followed.errors)")
    let again = try folder.run(follow)
    #expect(again.code != 0 && again.errors.contains("linked already"))
    #expect(try folder.run(follow + ["--replace"]).code == 0)
    #expect(try folder.succeed("registry", "check").output.contains("sound"))
    let trend = try folder.succeed("trend", "P001", "--json").object()
    let courses = try #require(trend["unitSurvival"] as? [[String: Any]])
    let visits = try #require(courses.first?["visits"] as? [[String: Any]])
    #expect(courses.count == 1 && visits.count == 3)
    #expect(visits.first?["survival"] as? Double == 1)
    let bounds = try #require(visits[2]["bounds"] as? [Double])
    let survival = try #require(visits[2]["survival"] as? Double)
    #expect(bounds[0] <= survival && survival <= bounds[1])
    #expect(
      try folder.succeed("trend", "P001").output.contains("Survival of followed units"))
    try folder.succeed("report", "P001", "-o", "page.html")
    let page = try String(contentsOfFile: folder.path("page.html"), encoding: .utf8)
    #expect(page.contains("Survival of followed units, tibialis anterior"))
    // Linking two of them anew withdraws the curve, which rested on the links between them.
    let pair = ["visit", "link", "P001", "--from", "2026-01-15", "--to", "2026-04-15"] + place
    #expect(try folder.run(pair).code != 0)
    #expect(try folder.run(pair + ["--replace"]).code == 0)
    let later = try folder.succeed("trend", "P001", "--json").object()
    #expect((later["unitSurvival"] as? [Any])?.isEmpty == true)
    #expect(try folder.run(["visit", "link", "P001", "--visits", "2026-01-15"] + place).code == 64)
  }

  @Test func visitsAreLinkedOnceAndAgainOnlyWhereAsked() throws {
    let folder = try CommandFolder()
    for seed in [3, 4] { try Self.simulate(folder, seed: seed) }
    try folder.succeed("patient", "add", "P001")
    for (seed, date) in [(3, "2026-01-15"), (4, "2026-04-15")] {
      try folder.succeed(
        "visit", "add", "P001", "v\(seed).edf", "--date", date, "--muscle", "ta", "--side",
        "left", "--rounds", "4")
    }
    let link = [
      "visit", "link", "P001", "--from", "2026-01-15", "--to", "2026-04-15", "--muscle", "ta",
      "--side", "left",
    ]
    // Interrupted at any moment, links are stored all or none; tables and JSON appear whole.
    try folder.succeed("registry", "backup", "--to", "copy.sqlite")
    for seconds in [0.05, 0.1, 0.2, 0.4, 0.8] {
      let copy = ["--registry", folder.path("copy.sqlite")]
      let stopped = try folder.interrupt(link + copy + ["--replace"], after: seconds)
      #expect([0, 130].contains(stopped.code), "\(stopped.errors)")
      #expect(try folder.run(["registry", "check"] + copy).output.contains("sound"))
    }
    let run = try folder.run(link + ["--json"])
    #expect(run.code == 0, "\(run.errors)")
    let matching = try #require(try run.object()["matching"] as? [String: Any])
    #expect((matching["links"] as? [Any])?.isEmpty == false)
    let again = try folder.run(link)
    #expect(again.code != 0 && again.errors.contains("linked already"))
    #expect(try folder.run(link + ["--replace"]).code == 0)
    #expect(try folder.succeed("visit", "list", "P001").output.contains("found again"))
    #expect(try folder.succeed("registry", "check").output.contains("sound"))
    let backwards = try folder.run(
      "visit", "link", "P001", "--from", "2026-04-15", "--to", "2026-01-15", "--muscle", "ta",
      "--side", "left")
    #expect(backwards.code == 64)
  }

  @Test func theExtrapolationIsShownOnlyWhereAsked() throws {
    let folder = try CommandFolder()
    try Self.simulate(folder, seed: 3)
    let usual = try folder.succeed("decompose", "v3.edf", "-o", "usual", "--rounds", "4").output
    #expect(!usual.lowercased().contains("extrapolated"))
    #expect(!folder.contents.contains("usual/extrapolated-counts.csv"))
    let research = try folder.succeed(
      "decompose", "v3.edf", "-o", "research", "--rounds", "4", "--research"
    ).output
    #expect(research.contains("depends on assumed size spread"))
    // Ten units and more, and nothing else amiss, are no reason for a flag; either is said.
    #expect(research.contains("Flags: ") != research.contains("No flags."))
    let few = try folder.succeed(
      "decompose", "v3.edf", "-o", "few", "--rounds", "1", "--research"
    ).output
    #expect(few.contains("fewer than") || few.contains("No window has the five"))
    #expect(folder.contents.contains("research/extrapolated-counts.csv"))
  }
}
