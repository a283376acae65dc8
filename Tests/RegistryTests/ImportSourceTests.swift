import Foundation
import Testing

@testable import Registry

@Suite final class ImportSourceTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("import-source-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  @Test func whatIsNotThereIsSaid() {
    let path = folder.appendingPathComponent("none.csv").path
    #expect(throws: RegistryError.cannotOpen(path: path, found: "no such file or folder")) {
      try ImportSource(path, profile: nil)
    }
  }

  @Test func previewsOfNoRegistryStoreNothing() throws {
    let file = folder.appendingPathComponent("values.csv")
    try Data("subject,date,munix\nP01,2026-01-15,80\n".utf8).write(to: file)
    #expect(ImportSource.isTable(file.path))
    #expect(!ImportSource.isTable(folder.path))
    #expect(!ImportSource.isTable("bundle.json"))
    let source = try ImportSource(file.path, profile: nil)
    let report = try source.preview(in: nil, acceptsDoubts: false)
    #expect(report.newSubjects == 1 && report.newMeasurements == 1 && !report.isStored)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["values.csv"])
  }
}
