import Foundation
import Testing

@testable import Recordings

@Suite struct OutputPlaceTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  private func put(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  private func origin(_ command: String) -> OutputOrigin {
    OutputOrigin(
      version: "1", command: command, invocation: "motorpool \(command) -- x", seed: 3,
      inputs: [.init(name: "in.edf", sha256: String(repeating: "a", count: 64))])
  }

  private func write(
    _ text: String, _ name: String, by command: String, force: Bool = false, inputs: [String] = []
  ) throws {
    let place = try OutputPlace(
      path(name), command: command, isForced: force, inputs: inputs)
    try place.write(origin(command), text)
  }

  /// A file that SQLite and this program would take for a registry, by its first bytes.
  private func putRegistry(_ name: String) throws {
    var bytes = Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 84)
    bytes.replaceSubrange(68..<72, with: Array("MPRG".utf8))
    try Data(bytes).write(to: folder.appendingPathComponent(name))
  }

  private func mode(_ name: String) throws -> Int {
    try #require(
      FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int)
  }

  @Test func largeFoldersAndFilesAsFoldersAreRefused() throws {
    try put("x", "file.db")
    let below = #expect(throws: OutputError.self) {
      try OutputPlace(path("file.db/run"), form: .folder, command: "decompose")
    }
    #expect(below?.description.contains("file.db is no folder") == true)
    for number in 0...FolderContent.limit { #expect(mkdir(path("f\(number)"), 0o700) == 0) }
    for force in [false, true] {
      let error = #expect(throws: OutputError.self) {
        try OutputPlace(folder.path, form: .folder, command: "decompose", isForced: force)
      }
      #expect(error?.description.contains("more than 20000 files") == true)
    }
    try FileManager.default.removeItem(at: folder)
  }

  @Test(arguments: ["values.csv", "page.html"])
  func theSameCommandReplacesItsOwnUnchangedWork(_ name: String) throws {
    try write("first\n", name, by: "export")
    #expect(try mode(name) == 0o600)
    try write("second\n", name, by: "export")
    #expect(try text(name).hasPrefix("second\n"))
    let error = #expect(throws: OutputError.self) { try write("x", name, by: "report") }
    #expect(error?.canBeForced == true)
    try put(try text(name) + "mine\n", name)
    #expect(throws: OutputError.self) { try write("third\n", name, by: "export") }
    #expect(try text(name).hasSuffix("mine\n"))
    try write("third\n", name, by: "export", force: true)
    #expect(try text(name).hasPrefix("third\n"))
    try write("fourth\n", name, by: "export")
  }

  @Test func aFileOfAnotherOriginIsRefusedAndAnEmptyOneIsNot() throws {
    try put("thesis", "thesis.csv")
    #expect(throws: OutputError.self) { try write("x", "thesis.csv", by: "export") }
    #expect(try text("thesis.csv") == "thesis")
    try put("", "empty.csv")
    try write("x", "empty.csv", by: "export")
    try put("data", "old.csv.provenance.json")
    #expect(throws: OutputError.self) { try write("x", "old.csv", by: "export") }
  }

  @Test func provenanceTellsCommandSeedAndInputs() throws {
    try write("a,b\n", "values.csv", by: "export")
    let read = try #require(OutputOrigin.read(path("values.csv.provenance.json")))
    #expect(read.software == "MotorPool" && read.version == "1" && read.seed == 3)
    #expect(read.inputs.map(\.sha256) == [String(repeating: "a", count: 64)])
    #expect(read.files == ["values.csv": FileIdentity.sha256(Array("a,b\n".utf8))])
    try write("<html></html>\n", "page.html", by: "report -- all")
    #expect(try !text("page.html").dropFirst(30).contains("report --"))
  }

  @Test func inputsAreRefusedWhateverPathLeadsToThem() throws {
    try put("samples", "in.edf")
    symlink(path("in.edf"), path("soft.edf"))
    link(path("in.edf"), path("hard.edf"))
    for name in ["in.edf", "soft.edf", "hard.edf", "./in.edf"] {
      let error = #expect(throws: OutputError.self) {
        try write("x", name, by: "simulate array", force: true, inputs: [path("in.edf")])
      }
      #expect(error?.canBeForced == false)
    }
    #expect(try text("in.edf") == "samples")
  }

  @Test func registriesAndTheirCompanionsAreNeverReplaced() throws {
    try putRegistry("r.sqlite")
    try putRegistry("backup.sqlite")
    symlink(path("r.sqlite"), path("soft.html"))
    link(path("r.sqlite"), path("hard.html"))
    let names = [
      "r.sqlite", "r.sqlite-wal", "r.sqlite-shm", "r.sqlite-journal", "backup.sqlite", "soft.html",
      "hard.html",
    ]
    for name in names {
      #expect(throws: OutputError.self) { try write("x", name, by: "report", force: true) }
    }
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
    try putRegistry("data/r.sqlite")
    #expect(throws: OutputError.self) {
      try OutputPlace(path("data"), form: .folder, command: "decompose", isForced: true)
    }
  }

  @Test func aRegistryThatIsNotThereYetKeepsItsNameFree() throws {
    #expect(throws: OutputError.self) {
      try write("x", "new.sqlite-wal", by: "export", inputs: [path("new.sqlite")])
    }
    #expect(throws: OutputError.self) {
      try write("x", "new.sqlite", by: "export", inputs: [path("new.sqlite")])
    }
  }

  private func writeFolder(
    _ files: [String], by command: String, force: Bool = false
  ) throws -> String? {
    let place = try OutputPlace(
      path("results"), form: .folder, command: command, isForced: force)
    var result = ResultFolder()
    for file in files { result.add(file, "\(command) \(file)") }
    return try result.write(to: place, origin(command))
  }

  private var results: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path("results"))) ?? []).sorted()
  }

  @Test func aFolderIsReplacedWhole() throws {
    #expect(try writeFolder(["units.json", "templates.json"], by: "decompose") == nil)
    #expect(try mode("results") == 0o700 && mode("results/units.json") == 0o600)
    #expect(try writeFolder(["units.json", "units.eaf"], by: "decompose") == nil)
    #expect(results == ["manifest.json", "units.eaf", "units.json"])
    #expect(throws: OutputError.self) { try writeFolder(["a"], by: "apply") }
    let manifest = try #require(OutputOrigin.read(path("results/manifest.json")))
    #expect(manifest.files.keys.sorted() == ["units.eaf", "units.json"])
  }

  @Test func aFolderWithFilesOfOthersIsKeptUnderAnotherName() throws {
    _ = try writeFolder(["units.json"], by: "decompose")
    try put("my notes", "results/notes.txt")
    #expect(throws: OutputError.self) { try writeFolder(["units.json"], by: "decompose") }
    let kept = try writeFolder(["units.json"], by: "decompose", force: true)
    #expect(kept == path("results.replaced-1"))
    #expect(try text("results.replaced-1/notes.txt") == "my notes")
    #expect(results == ["manifest.json", "units.json"])
    try put("edited", "results/units.json")
    #expect(throws: OutputError.self) { try writeFolder(["units.json"], by: "decompose") }
  }

  @Test func aFolderThatHoldsAnInputIsRefused() throws {
    _ = try writeFolder(["units.json"], by: "track")
    link(path("results/units.json"), path("in.json"))
    for input in ["results/units.json", "in.json", "results"] {
      #expect(throws: OutputError.self) {
        try OutputPlace(
          path("results"), form: .folder, command: "track", isForced: true, inputs: [path(input)])
      }
    }
  }

  @Test func aFailureLeavesNothingBehind() throws {
    struct Stop: Error {}
    let place = try OutputPlace(path("x.csv"), command: "export")
    #expect(throws: Stop.self) {
      try place.write(origin("export")) { path in
        try Data("half".utf8).write(to: URL(fileURLWithPath: path))
        throw Stop()
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    #expect(throws: OutputError.self) { try OutputPlace(path("no/x.csv"), command: "export") }
  }

  @Test func leftoversOfKilledRunsAreRemovedAndThoseOfRunningOnesAreNot() throws {
    let dead = ".motorpool-\(UUID().uuidString).partial"
    let alive = ".motorpool-\(UUID().uuidString).partial"
    for name in [dead, alive] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
      try put("half", name + "/x.csv")
    }
    let descriptor = open(path(alive), O_RDONLY | O_DIRECTORY)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    defer { close(descriptor) }
    _ = try OutputPlace(path("x.csv"), command: "export")
    #expect(!FileManager.default.fileExists(atPath: path(dead)))
    #expect(FileManager.default.fileExists(atPath: path(alive) + "/x.csv"))
    try put("half", ".y.csv.\(UUID().uuidString).tmp")
    let running = try AtomicFile(path: path("y.csv"))
    try running.append(Array("whole".utf8))
    try AtomicFile.write("other", to: path("y.csv"))
    try running.finish()
    #expect(try text("y.csv") == "whole")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == [alive, "y.csv"])
  }

  @Test func outputsOfOneRunLieApart() throws {
    let first = try OutputPlace(path("a.csv"), command: "simulate")
    let same = try OutputPlace(path("./a.csv"), command: "simulate")
    let around = try OutputPlace(folder.path + "/r", form: .folder, command: "decompose")
    try OutputPlace.requireApart([first, around])
    #expect(throws: OutputError.self) { try OutputPlace.requireApart([first, same]) }
    try FileManager.default.createDirectory(atPath: path("r"), withIntermediateDirectories: true)
    let inside = try OutputPlace(path("r/model"), command: "decompose")
    #expect(throws: OutputError.self) { try OutputPlace.requireApart([around, inside]) }
  }

  @Test func errorsNameTheOutputAndNotWhereItIsMade() throws {
    let place = try OutputPlace(path("a.flac"), command: "convert")
    let error = #expect(throws: RecordingError.self) {
      try place.write(origin("convert")) { file in
        throw RecordingError(.cannotWrite, path: file, "too many channels", remedy: "choose fewer")
      }
    }
    #expect(error?.description == path("a.flac") + ": too many channels; choose fewer")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
