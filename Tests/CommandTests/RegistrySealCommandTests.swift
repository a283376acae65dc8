import Foundation
import Testing

@Suite("Seals and reading without permission to write")
struct RegistrySealCommandTests {
  /// A machine whose configuration of OpenSSL switches on the legacy provider alone: the usual
  /// context has neither SHA-256 nor Ed25519 then.
  @Test func hashesAndSealsNeedNoConfigurationOfOpenSSL() throws {
    let folder = try CommandFolder()
    try folder.write(
      "openssl_conf = a\n[a]\nproviders = b\n[b]\nlegacy = c\n[c]\nactivate = 1\n", to: "o.cnf")
    for words in [
      ["patient", "add", "P001"], ["registry", "key"], ["registry", "seal", "--to", "s.txt"],
      ["registry", "verify", "--seal", "s.txt"],
    ] {
      let run = try folder.run(words, environment: ["OPENSSL_CONF": folder.path("o.cnf")])
      #expect(run.code == 0, "\(words): \(run.errors)")
    }
  }

  @Test func aSealIsMadeAndVerified() throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    #expect(try folder.succeed("registry", "verify").output.contains("cannot show"))
    try folder.fail("registry", "seal", "--to", "s.txt", code: 65, says: "site.key")
    try folder.succeed("registry", "key")
    try folder.fail("registry", "key", code: 73, says: "exists")
    try folder.succeed("registry", "seal", "--to", "s.txt")
    let refused = try folder.run("registry", "seal", "--to", "s.txt")
    #expect(refused.code == 73)
    try folder.succeed("patient", "add", "P002")
    let verified = try folder.succeed(
      "registry", "verify", "--seal", "s.txt", "--public-key", ".config/motorpool/site.key.pub")
    #expect(verified.output.contains("up to entry 22"))
    try folder.succeed("registry", "key", "--key", "other.key")
    try folder.fail(
      "registry", "verify", "--seal", "s.txt", "--public-key", "other.key.pub", code: 65,
      says: "another key")
    try folder.fail(
      "registry", "verify", "--expect", String(repeating: "a", count: 64), code: 69,
      says: "is missing")
    // The head that a report and an export name is one that verify takes.
    try folder.succeed("export", "-o", "values.csv")
    let provenance = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.url.appendingPathComponent("values.csv.provenance.json")))
        as? [String: Any])
    let head = try #require((provenance["registryHead"] as? String)?.split(separator: " ").last)
    try folder.succeed("registry", "verify", "--expect", String(head))
    try folder.succeed("report", "P001", "-o", "P001.html")
    let page = try String(contentsOfFile: folder.path("P001.html"), encoding: .utf8)
    #expect(page.contains(head))
  }

  /// Runs as an account that may read but not write.
  private func asAuditor(_ folder: CommandFolder, _ arguments: [String]) throws -> CommandRun {
    if getuid() != 0 { return try folder.run(arguments) }
    let process = folder.process([])
    process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
    process.arguments =
      ["--reuid", "65534", "--regid", "65534", "--clear-groups", CommandRun.program.path]
      + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let error = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return CommandRun(
      code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: error, as: UTF8.self))
  }

  @Test(.enabled(if: getuid() != 0 || FileManager.default.fileExists(atPath: "/usr/bin/setpriv")))
  func anAuditorReadsWithoutPermissionToWrite() throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    chmod(folder.path("registry.sqlite"), 0o444)
    chmod(folder.url.path, 0o555)
    defer { chmod(folder.url.path, 0o755) }
    let commands = [
      ["registry", "verify"], ["registry", "check"], ["patient", "list"],
      ["visit", "list", "P001"],
      ["registry", "records", "P001"], ["trend", "P001"],
    ]
    for command in commands {
      let run = try asAuditor(folder, command)
      #expect(run.code == 0, "\(command): \(run.errors)")
    }
    let report = folder.path("") + "/../auditor-\(UUID().uuidString).html"
    let written = try asAuditor(folder, ["report", "P001", "-o", report])
    #expect(written.code == 0, "\(written.errors)")
    try? FileManager.default.removeItem(atPath: report)
    let refused = try asAuditor(folder, ["patient", "add", "P002"])
    #expect(refused.code == 69 && refused.errors.contains("may read but not write"))
  }
}
