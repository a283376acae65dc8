import Foundation
import Testing

@Suite("Therapies of one side")
struct TreatedSideTests {
  private static let daysPerMonth = 30.4375

  /// Ten patients with one tibialis anterior treated, eight visits thirty days apart, as a table to import and as
  /// one to compare; a patient without therapy, and one with both sides treated.
  private static func tables() -> (registry: String, plain: String) {
    var rows = [
      "subject,date,kind,value,muscle,side,therapy_kind,therapy_start,therapy_muscle,therapy_side"
    ]
    var plain = ["id,month,side,treated,start,value"]
    let start = Date(timeIntervalSince1970: 20_500 * 86_400)
    let format = ISO8601DateFormatter()
    format.formatOptions = [.withFullDate]
    func day(_ number: Int) -> String {
      format.string(from: start.addingTimeInterval(Double(number) * 86_400))
    }
    for patient in 0..<12 {
      for visit in 0..<8 {
        for (index, side) in ["left", "right"].enumerated() {
          let treated = patient % 2 == 0 ? "left" : "right"
          let own = Double((patient * 29) % 13) / 13 - 0.5
          let code: Int = patient * 37 + visit * 53 + index * 71 + patient * visit * 11
          let noise = Double(code % 17) / 17 - 0.5
          let sideOwn = Double((patient * 5 + index * 7) % 11) / 11 - 0.5
          let gain = side == treated ? 0.02 * Double(max(0, visit - 3)) : 0
          let slope = -0.05 + 0.04 * own + 0.01 * sideOwn
          let value = exp(4.5 + own + 0.2 * sideOwn + slope * Double(visit) + gain + 0.1 * noise)
          let therapy =
            patient == 10
            ? ",,," : "cells,\(day(100)),TA,\(patient == 11 ? side : treated)"
          rows.append(
            "S\(patient),\(day(30 * visit)),munix,\(value),tibialis anterior,\(side),\(therapy)")
          guard patient < 10 else { continue }
          plain.append(
            "S\(patient),\(Double(30 * visit) / daysPerMonth),\(side),"
              + "\(side == treated ? 1 : 0),\(100 / daysPerMonth),\(value)")
        }
      }
    }
    return (rows.joined(separator: "\n") + "\n", plain.joined(separator: "\n") + "\n")
  }

  private func sides(_ run: CommandRun) throws -> [[String: Any]] {
    #expect(run.code == 0, "\(run.errors)")
    let sides = try #require(try run.object()["sides"] as? [String: Any])
    #expect(sides["patients"] as? Int == 10)
    return try #require(sides["lines"] as? [[String: Any]])
  }

  @Test func theRegistryTellsTheTreatedSide() throws {
    let folder = try CommandFolder()
    let tables = Self.tables()
    try folder.write(tables.registry, to: "cohort.csv")
    try folder.write(tables.plain, to: "plain.csv")
    try folder.succeed("import", "cohort.csv")
    let own = try sides(
      folder.run("compare", "--within", "side", "--simulations", "0", "--json"))
    let other = try sides(
      folder.run(
        "compare", "--table", "plain.csv", "--subject", "id", "--time", "month", "--value",
        "value", "--log", "--therapy", "start", "--within", "side", "--treated", "treated",
        "--simulations", "0", "--json"))
    for (a, b) in zip(own, other) {
      let x = try #require(a["estimate"] as? [String: Any])
      let y = try #require(b["estimate"] as? [String: Any])
      for key in ["value", "standardError", "degreesOfFreedom"] {
        let (u, v) = (try #require(x[key] as? Double), try #require(y[key] as? Double))
        #expect(abs(u - v) < 1e-6 * abs(v), "\(key) \(u) \(v)")
      }
    }
    #expect(own.count == 2)
    let text = try folder.run("compare", "--within", "side", "--simulations", "0")
    #expect(text.output.contains("2 patients without a therapy of one side left out"))
    for (arguments, says) in [
      (["--within", "hand"], "expected side"), (["--within", "side", "--arm", "yes"], "one arm"),
      (["--within", "side", "--treated", "x"], "need --table"),
      (["--within", "side", "--muscle", "all"], "one muscle"),
    ] {
      let run = try folder.run(["compare"] + arguments)
      #expect(run.code == 64 && run.errors.contains(says), "\(run.errors)")
    }
    // What is exported comes back whole.
    for (format, name) in [("fhir", "bundle.json"), ("bids", "bids")] {
      try folder.succeed("export", "-o", name, "--format", format)
      try folder.succeed("import", name, "--registry", "\(format).sqlite")
      let again = try sides(
        folder.run(
          "compare", "--within", "side", "--simulations", "0", "--json", "--registry",
          "\(format).sqlite"))
      let (x, y) = (again[1]["estimate"] as? [String: Any], own[1]["estimate"] as? [String: Any])
      #expect(x?["value"] as? Double == y?["value"] as? Double)
    }
  }

  @Test func aTherapyOfASideIsNotedAndCorrected() throws {
    let folder = try CommandFolder()
    try folder.succeed("patient", "add", "P1")
    let run = try folder.succeed(
      "therapy", "add", "P1", "--start", "2026-02-01", "--kind", "cells", "--muscle", "TA",
      "--side", "left")
    #expect(run.output.contains("cells from 2026-02-01, tibialis anterior, left"))
    // The other side on the same day is another therapy; the same side is not.
    try folder.succeed(
      "therapy", "add", "P1", "--start", "2026-02-01", "--kind", "cells", "--side", "right")
    let again = try folder.run(
      "therapy", "add", "P1", "--start", "2026-02-01", "--kind", "cells", "--side", "right")
    #expect(again.code != 0)
    let shown = try folder.succeed("patient", "show", "P1").output
    #expect(shown.contains("tibialis anterior, left"))
  }
}
