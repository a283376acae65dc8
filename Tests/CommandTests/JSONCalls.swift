import Foundation
import TestSupport
import Testing

/// One call with `--json` of each command, on small simulated input in one folder.
struct JSONCalls {
  let folder: CommandFolder
  /// Names of the schemas that an output was checked against.
  private(set) var done: Set<String> = []

  init(folder: CommandFolder) {
    self.folder = folder
  }

  /// Runs a command, which checks its JSON, and notes it.
  private mutating func call(_ arguments: String...) throws {
    let run = try folder.run(arguments + ["--json"])
    try #require(run.code == 0, "\(arguments.joined(separator: " ")): \(run.errors)")
    let name = try #require(try JSONContract.schema(arguments + ["--json"]))
    done.insert(name)
    guard Self.results.contains(name) else {
      _ = try run.json()
      return
    }
    // Of several files each result says for itself where it comes from.
    let tree = try JSONDecoder().decode(JSONTree.self, from: Data(run.output.utf8))
    for result in tree.entries.isEmpty ? [tree] : tree.entries {
      let source = try #require(result.members["provenance"]?.members, "\(name): no provenance")
      #expect(source["version"]?.text?.isEmpty == false)
      #expect(source["invocation"]?.text?.hasPrefix("motorpool \(arguments[0])") == true)
      let inputs = source["inputs"]?.entries ?? []
      #expect(inputs.allSatisfy { $0.members["sha256"]?.text?.count == 64 })
      let isFromNothing = ["plan", "simulate-methods"].contains(name)
      #expect(
        isFromNothing || !inputs.isEmpty || source["registryHead"] != nil,
        "\(arguments): no input and no registry")
    }
  }

  /// Commands whose result says which run and which input it comes from.
  private static let results: Set = [
    "apply", "compare", "convert", "decompose", "export-units", "info", "mune", "munix", "plan",
    "rerun", "scan", "score", "simulate-methods", "sta-mune", "survival", "track", "trend",
    "validate", "visit-change",
  ]

  mutating func recordings() throws {
    for (name, seed) in [("a.edf", "3"), ("b.edf", "4")] {
      try folder.succeed(
        "simulate", "array", "-o", name, "--truth", "\(name).csv", "--fs", "1000", "--rows", "4",
        "--columns", "4", "--spacing", "10", "--units", "20", "--duration", "12", "--snr", "25",
        "--muscle-seed", "3", "--seed", seed)
    }
    try folder.succeed(
      "simulate", "needle", "-o", "needle.edf", "--truth", "needle.csv", "--duration", "4",
      "--units", "2", "--background-units", "3", "--channels", "1", "--seed", "5")
    try call("info", "a.edf")
    try call("convert", "a.edf", "-o", "a.bdf")
    try call("deidentify", "a.edf", "-o", "plain.edf")
    try call("decompose", "a.edf", "-o", "a", "--save-model", "m.filters", "--rounds", "2")
    try call("decompose", "b.edf", "-o", "b", "--rounds", "2")
    try call("decompose", "needle.edf", "-o", "needle")
    try call("rerun", "a", "a.edf")
    try call("apply", "m.filters", "b.edf", "-o", "applied")
    try call("apply", "m.filters", "b.edf", "-o", "streamed", "--stream")
    try call("validate", "a.edf", "--rounds", "2")
    try call("score", "a", "--truth", "a.edf.csv")
    try call("export-units", "a", "--recording", "a.edf", "--format", "csv", "-o", "exported")
    try call("import-units", "a", "--recording", "a.edf", "-o", "imported")
    try call("track", "a", "b")
    try call("track", "a", "b", "a")
    try call("config")
  }

  mutating func batches() throws {
    let files = FileManager.default
    try files.createDirectory(atPath: folder.path("plain"), withIntermediateDirectories: true)
    try files.copyItem(atPath: folder.path("a.edf"), toPath: folder.path("plain/a.edf"))
    try call("bids", "plain", "out", "participant", "--list")
    try call("slurm", "submit", "plain", "out", "--write-only")
    try call("slurm", "status", "out")
    let run = try folder.run(
      ["bids", "plain", "out", "participant", "--log-format", "json", "--json"])
    #expect(run.code == 0)
    for line in run.errorLines {
      try JSONContract.expect(String(line), "batch-event", JSONSchemas.project.get())
    }
    try call("slurm", "status", "out")
    try call("bids", "plain", "out", "group", "--registry", "group.sqlite")
  }

  mutating func unitNumbers() throws {
    for (name, units) in [("scan", "12"), ("other", "60")] {
      try folder.succeed(
        "simulate", "scan", "-o", "\(name).csv", "--truth", "\(name)-truth.json", "--units", units,
        "--seed", "3")
    }
    try call("scan", "scan.csv")
    try call("scan", "scan.csv", "other.csv", "-o", "scans")
    try call("scan", "scan.csv", "other.csv", "--same-visit")
    let progress = try folder.run("scan", "scan.csv", "--live-check", "--json")
    try JSONContract.expect(progress.output, "scan", JSONSchemas.project.get())
    try call(
      "sta-mune", "a", "--recording", "a.edf", "--channels", "1", "--cmap-mv", "8.4", "-o", "sta")
    try folder.succeed("simulate", "pool", "-o", "pool", "--seed", "3", "--units", "30")
    try call("munix", "pool/sip.edf", "--cmap", "pool/cmap.edf", "-o", "munix")
    for (method, table) in [
      ("incremental", "levels"), ("multipoint", "sites"), ("mps", "units"), ("statistical", "runs"),
    ] { try call("mune", method, "pool/\(table).csv", "--cmap-mv", "8.4") }
    try call(
      "simulate", "methods", "--pools", "2", "--stages", "12,6", "--method", "incremental")
  }

  mutating func patients() throws {
    try PatientFlowTests.addPatient(to: folder)
    try call("patient", "add", "P002", "--arm", "treated")
    try call("patient", "list")
    let place = ["--muscle", "ta", "--side", "left"]
    for (file, date) in [("a.edf", "2026-01-15"), ("b.edf", "2026-04-15")] {
      let visit = try folder.run(
        ["visit", "add", "P001", file, "--date", date, "--json", "--rounds", "2"] + place)
      try #require(visit.code == 0, "\(visit.errors)")
    }
    for (file, date) in [("scan.csv", "2026-01-15"), ("other.csv", "2026-04-15")] {
      try call("visit", "add", "P001", file, "--date", date, "--muscle", "ta", "--side", "left")
    }
    try call("visit", "add", "P001", "--date", "2026-05-15", "--status", "missed")
    try folder.write(
      "patient,file,date,muscle,side\nP001,other.csv,2026-06-15,ta,left\n", to: "visits.csv")
    try call("visit", "add", "--from", "visits.csv", "--preview")
    try call("visit", "list", "P001")
    try call("visit", "change", "P001", "--from", "2026-01-15", "--to", "2026-04-15")
    try call(
      "visit", "link", "P001", "--from", "2026-01-15", "--to", "2026-04-15", "--muscle", "ta",
      "--side", "left")
    try call("visit", "reanalyse", "P001", "scan.csv", "--reason", "again")
    try call("therapy", "add", "P002", "--start", "2026-02-01", "--kind", "tofersen")
    try call("event", "add", "P002", "--date", "2026-08-01", "--kind", "niv")
    try call("outcome", "add", "P002", "--date", "2026-02-15", "--alsfrs", "40")
    try call(
      "measure", "add", "P002", "--date", "2026-02-15", "--kind", "munix", "--value", "80",
      "--muscle", "apb", "--side", "left")
    try call("measure", "kinds")
    try call("patient", "show", "P001")
    let recording = try number("recording", of: "P001")
    try call("recording", "move", recording, "--side", "right", "--reason", "entered wrongly")
    try call(
      "visit", "change-date", "P002", "--from", "2026-02-15", "--to", "2026-02-16", "--reason",
      "wrong in source")
  }

  mutating func registry() throws {
    let value = try number("measurement", of: "P002")
    try call("registry", "correct", value, "value=81", "--reason", "digits")
    try call("registry", "history", value)
    try call("registry", "records", "P001")
    try call("registry", "retract", value, "--reason", "wrong", "--with-dependents")
    try call("registry", "verify")
    try call("registry", "check")
    try call("registry", "key", "--key", "site.key")
    try call("registry", "seal", "--to", "seal.txt", "--key", "site.key")
    try call("registry", "backup", "--to", "backup.sqlite")
    try call("registry", "restore", "--from", "backup.sqlite", "--registry", "restored.sqlite")
    try call("registry", "export-audit", "--to", "audit.jsonl")
    let audit = try String(contentsOfFile: folder.path("audit.jsonl"), encoding: .utf8)
    for line in audit.split(separator: "\n") {
      try JSONContract.expect(String(line), "audit-entry", JSONSchemas.project.get())
    }
    try folder.succeed(
      "measure", "add", "P002", "--date", "2090-02-15", "--kind", "munix", "--value", "80",
      "--muscle", "apb", "--side", "left", "--accept")
    let shown = try folder.succeed("patient", "show", "P002", "--json").object()
    let warning = try #require((shown["warnings"] as? [[String: Any]])?.first?["warning"] as? Int)
    try call("registry", "accept", String(warning), "--reason", "checked")
    try call("export", "-o", "values.csv")
    try folder.succeed(
      "import", "values.csv", "--preview", "--save-profile", "import-profile.json", "--registry",
      "copy.sqlite")
    try call("import", "values.csv", "--registry", "copy.sqlite", "--accept")
    for name in ["P003", "P004"] { try call("patient", "add", name) }
    try call("patient", "merge", "P003", "--into", "P002", "--reason", "enrolled twice")
    try call("patient", "erase", "P004", "--confirm", "P004", "--reason", "consent withdrawn")
  }

  mutating func trends() throws {
    for index in 1...4 { try PatientFlowTests.addPatient("C0\(index)", to: folder) }
    try call("trend", "P001")
    try call("trend", "C01", "--cohort")
    try call("report", "C01", "-o", "C01.html")
    try call("compare", "--measure", "munix")
    try call("compare", "--measure", "munix", "--sensitivity")
    try call("plan", "--patients", "20", "--method", "scan", "--muscle", "TA")
    try folder.succeed("event", "add", "C01", "--date", "2026-08-02", "--kind", "death")
    try folder.succeed("event", "add", "C02", "--date", "2026-09-02", "--kind", "death")
    try call("survival")
  }

  /// The number of a patient's first record in a table.
  private func number(_ table: String, of patient: String) throws -> String {
    let records = try folder.succeed("registry", "records", patient, "--table", table, "--json")
    let list = try #require(try records.json() as? [[String: Any]])
    return String(try #require(list.first?["id"] as? Int))
  }

  /// Every JSON file that was written keeps to the schema that goes with its name.
  func checkFiles() throws {
    let names = [
      "units.json": "units", "templates.json": "templates", "manifest.json": "provenance",
      "scans.json": "scans", "munix.json": "munix", "sta-mune.json": "sta-mune",
      "truth.json": "pool-truth", "scan-truth.json": "scan-truth",
      "other-truth.json": "scan-truth", "done.json": "batch-done", "plan.json": "batch-plan",
      "import-profile.json": "import-profile",
    ]
    var checked: Set<String> = []
    for path in folder.contents where path.hasSuffix(".json") {
      let file = path.split(separator: "/").last.map(String.init) ?? path
      // The sidecars and descriptions of a BIDS dataset are named by that standard.
      if file.hasSuffix("_events.json") || file == "dataset_description.json"
        || file.hasSuffix("_emg.json")
      {
        continue
      }
      let isStatus = path.contains("/.status/") || Int(file.dropLast(5)) != nil
      let name = try #require(
        names[file] ?? (file.hasSuffix(".provenance.json") ? "provenance" : nil)
          ?? (isStatus ? "batch-status" : nil),
        "\(path) has no schema")
      let text = try String(contentsOfFile: folder.path(path), encoding: .utf8)
      try JSONContract.expect(text, name, JSONSchemas.project.get(), [path])
      checked.insert(name)
    }
    #expect(checked == Set(names.values).union(["batch-status"]))
  }
}
