import Foundation
import Testing

@Suite("What a trend says of one patient")
struct TrendCommandTests {
  private func importCohort(_ folder: CommandFolder, patients: Int) throws {
    var rows =
      "subject,onset_date,date,kind,value,standard_error,muscle,side,therapy_kind,therapy_start\n"
    for patient in 0..<patients {
      for (index, visit) in PatientFlowTests.visits.enumerated() {
        for (muscle, scale) in [("apb", 1.0), ("ta", 1.5)] {
          // The third visit of the first patient lacks a muscle.
          if patient == 0 && index == 2 && muscle == "ta" { continue }
          let noise =
            1 + 0.05 * Double((patient * 7 + index * 5 + (muscle == "ta" ? 3 : 0)) % 11 - 5) / 5
          let value = visit.value * scale * noise
          rows +=
            "T\(patient + 10),2024-07-15,\(visit.date),munix,\(value),\(0.08 * value),\(muscle),left,"
            + "drug,2025-05-20\n"
        }
      }
    }
    try folder.write(rows, to: "cohort.csv")
    try folder.succeed("import", "cohort.csv")
  }

  private func series(_ trend: [String: Any]) throws -> [String: Any] {
    try #require((trend["series"] as? [[String: Any]])?.first)
  }

  @Test func theCohortLendsStrength() throws {
    let folder = try CommandFolder()
    try importCohort(folder, patients: 8)
    let trend = try folder.succeed("trend", "T10", "--measure", "munix", "--json").object()
    let own = try series(trend)
    let cohort = try #require(own["cohort"] as? [String: Any])
    #expect(cohort["patients"] as? Int == 8)
    #expect(cohort["extent"] as? String == "all variances integrated out")
    let change = try #require(cohort["change"] as? [String: Double])
    let comparison = try #require(own["comparison"] as? [String: Any])
    let alone = try #require(comparison["difference"] as? [String: Any])
    let width = try #require(change["upper"]) - (change["lower"] ?? 0)
    let aloneWidth =
      try #require(alone["valueUpper"] as? Double) - (alone["valueLower"] as? Double ?? 0)
    #expect(width > 0 && width < aloneWidth)
    #expect(try #require(cohort["probabilityOfSlowing"] as? Double) > 0.95)
    let without = try folder.succeed(
      "trend", "T10", "--measure", "munix", "--no-cohort", "--json"
    ).object()
    #expect(try series(without)["cohort"] == nil)
    let text = try folder.succeed("trend", "T10", "--measure", "munix").output
    #expect(text.contains("With the cohort (8 patients"))
  }

  @Test func aSmallRegistryLendsNothing() throws {
    let folder = try CommandFolder()
    try importCohort(folder, patients: 3)
    let own = try series(try folder.succeed("trend", "T10", "--json").object())
    #expect(own["cohort"] == nil)
    #expect((own["cohortReason"] as? String)?.contains("6 are needed") == true)
  }

  @Test func megascoreAndM50() throws {
    let folder = try CommandFolder()
    try importCohort(folder, patients: 2)
    try folder.write(
      "measure,muscle,side,mean,sd\nmunix,apb,left,180,30\nmunix,ta,,260,50\n", to: "controls.csv")
    let trend = try folder.succeed(
      "trend", "T10", "--controls", "controls.csv", "--json"
    ).object()
    let derived = try #require(trend["derived"] as? [String: Any])
    let scores = try #require(derived["scores"] as? [[String: Any]])
    #expect(scores.compactMap { $0["combination"] as? String } == ["sum", "mean standard score"])
    let visits = try #require(scores.first?["visits"] as? [[String: Any]])
    #expect(visits.count == 9)
    let refused = try #require(scores.first?["refused"] as? [[String: Any]])
    #expect(refused.map { $0["date"] as? String } == ["2025-03-17"])
    let values = try #require(
      (trend["series"] as? [[String: Any]])?.map {
        ($0["values"] as? [[String: Any]])?.first?["value"] as? Double ?? 0
      })
    let sum = try #require(visits.first?["value"] as? Double)
    #expect(abs(sum - values.reduce(0, +)) < 1e-9)
    let halves = try #require(derived["halfLives"] as? [[String: Any]])
    #expect(halves.count == 2)
    let first = try #require(halves.first?["result"] as? [String: Any])
    let months = try #require(first["months"] as? Double)
    // Five visits before therapy, 6 to 10 months from onset, from 67 to 53 % of the control value.
    #expect(months > 8 && months < 13 && first["visits"] as? Int == 5)
    let text = try folder.succeed("trend", "T10", "--controls", "controls.csv").output
    #expect(text.contains("Megascore of munix (sum of 2 muscles), for display only"))
    #expect(text.contains("months from onset") && text.contains("2025-03-17: no score"))
    let one = try folder.succeed(
      "trend", "T10", "--score-muscles", "apb/left", "--json"
    ).object()
    let single = ((one["derived"] as? [String: Any])?["scores"] as? [[String: Any]])?.first
    #expect((single?["visits"] as? [Any])?.count == 10)
    try folder.write("measure,mean\nmunix,-3\n", to: "bad.csv")
    try folder.fail("trend", "T10", "--controls", "bad.csv", code: 65, says: "line 2")
    try folder.fail("trend", "T10", "--score-muscles", "apb/up", code: 64, says: "MUSCLE/SIDE")
  }

  @Test func everySingleCaseMethodIsShown() throws {
    let folder = try CommandFolder()
    try importCohort(folder, patients: 1)
    let secondary = try #require(
      try series(try folder.succeed("trend", "T10", "--json").object())["secondary"]
        as? [String: Any])
    for name in ["theilSen", "theilSenBefore", "theilSenAfter", "tauU", "detectableChange"] {
      #expect(secondary[name] != nil, "\(name)")
    }
    let change = try #require(secondary["detectableChange"] as? [String: Any])
    // The values state errors of .08, but visits vary by .14 (MUNIX): 1.96 sqrt(2) .14 on the ln
    // scale, as a fall: 100 (1 - e^-.3881).
    #expect(abs(try #require(change["fall"] as? Double) - 32.17) < 0.1)
    #expect((change["source"] as? String)?.hasPrefix("between visits") == true)
    #expect((secondary["serialCorrelation"] as? [Any])?.isEmpty == true)
    #expect((secondary["serialCorrelationReason"] as? String)?.contains("20 visits") == true)
    var rows = "subject,date,kind,value,muscle,side,therapy_kind,therapy_start\n"
    for month in 0..<24 {
      let value = 100 * pow(0.96, Double(month)) * (1 + 0.04 * Double((month * 7) % 5 - 2))
      let date = "\(2024 + month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)-10"
      rows += "L10,\(date),munix,\(value),apb,left,drug,2024-12-20\n"
    }
    try folder.write(rows, to: "long.csv")
    try folder.succeed("import", "long.csv")
    let long = try #require(
      try series(try folder.succeed("trend", "L10", "--json").object())["secondary"]
        as? [String: Any])
    let serial = try #require(long["serialCorrelation"] as? [[String: Any]])
    #expect(serial.count == 3 && serial.first?["method"] as? String == "Newey-West")
    #expect(long["serialCorrelationReason"] == nil)
  }
}
