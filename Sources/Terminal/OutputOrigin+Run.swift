import Analyses
import Foundation
import Recordings
import Registry
import Signal

extension OutputOrigin {
  /// What a printed result says of this run.
  ///
  /// - Parameters:
  ///   - command: The command, such as "track".
  ///   - seed: Seed of its random numbers, where it has any.
  ///   - recordings: Recordings it was computed from.
  ///   - files: Paths of further files and result folders it was computed from.
  ///   - registry: The registry it was computed from.
  package static func run(
    _ command: String, seed: UInt64? = nil, recordings: [Recording] = [], files: [String] = [],
    registry: PatientRegistry? = nil
  ) throws -> OutputOrigin {
    var origin = OutputOrigin(
      version: SoftwareVersion.number, commit: SoftwareVersion.commit,
      kernel: BLASLibrary.kernel, command: command, invocation: CommandText.invocation,
      seed: seed,
      inputs: try recordings.map { try Input($0) } + files.compactMap { Input(fileOrFolder: $0) })
    if let head = try registry?.head() {
      origin.registryHead = "\(head.position ?? 0) \(head.hash)"
    }
    return origin
  }
}

extension OutputOrigin.Input {
  /// A recording with its name and hash.
  package init(_ recording: Recording) throws {
    self.init(name: recording.source.fileName, sha256: try recording.source.inputHash())
  }

  /// An input file with its name and hash; nil where it cannot be read.
  package init?(_ path: String) {
    guard let hash = try? RecordingSource(path: path, formatName: "").inputHash() else {
      return nil
    }
    self.init(name: URL(fileURLWithPath: path).lastPathComponent, sha256: hash)
  }

  /// A file, or of a result folder the file that holds its trains; nil where there is none to read.
  package init?(fileOrFolder path: String) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    guard isFolder.boolValue else {
      self.init(path)
      return
    }
    let folder = URL(fileURLWithPath: path)
    for name in ["units.json", "templates.json", "spikes.csv"] {
      let file = folder.appendingPathComponent(name).path
      guard FileManager.default.fileExists(atPath: file), let input = Self(file) else { continue }
      self.init(name: "\(folder.lastPathComponent)/\(name)", sha256: input.sha256)
      return
    }
    return nil
  }
}
