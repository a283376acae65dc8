import Analyses
import Foundation
import Recordings
import UnitNumber

/// Recordings of a registry that are kept for looking at them and editing their units: a folder beside
/// the registry with one for each file, known by its hash.
struct KeptRecordings: Sendable {
  let folder: String

  /// The folder that belongs to a registry.
  static func path(registry: String) -> String { registry + ".recordings" }

  private func place(_ sha256: String) -> String? {
    guard sha256.count == 64, sha256.allSatisfy({ $0.isHexDigit && $0.isASCII }) else { return nil }
    return folder + "/" + sha256.lowercased()
  }

  /// Moves a file here, with what was stated of it.
  ///
  /// - Throws: `ViewerError` or `RecordingError` where it cannot be written.
  func keep(_ path: String, sha256: String, reading: RecordingReading) throws {
    let place = try made(sha256)
    let end = URL(fileURLWithPath: path).pathExtension.lowercased().filter {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+")
    }
    let target = place + "/recording" + (end.isEmpty ? "" : "." + end)
    guard rename(path, target) == 0 else {
      throw ViewerError.cannotWrite("\(target): \(String(cString: strerror(errno)))")
    }
    try AtomicFile.write(try JSONEncoder().encode(reading), to: place + "/reading.json")
  }

  /// A scan that is kept: stimuli and responses, without what its file says beside them.
  struct Scan: Codable, Sendable {
    /// Stimuli in mA, in order of delivery.
    let stimulus: [Double]
    /// Responses in mV.
    let response: [Double]
    /// Stimuli of the same strength at the beginning and the end, where the file tells.
    var preScanCount: Int?
    var postScanCount: Int?

    /// Keeps what the estimate needs.
    init(_ scan: CMAPScan) {
      stimulus = scan.stimulusMilliamps
      response = scan.responseMillivolts
      preScanCount = scan.preScanCount
      postScanCount = scan.postScanCount
    }

    /// The scan, to be estimated again.
    func scan(name: String, muscle: String?) -> CMAPScan {
      var acquisition = CMAPScanAcquisition()
      acquisition.muscle = muscle
      return CMAPScan(
        name: name, stimulusMilliamps: stimulus, responseMillivolts: response,
        preScanCount: preScanCount, postScanCount: postScanCount, acquisition: acquisition)
    }
  }

  /// Keeps a scan.
  ///
  /// - Throws: `ViewerError` or `RecordingError` where it cannot be written.
  func keep(_ scan: Scan, sha256: String) throws {
    let place = try made(sha256)
    try AtomicFile.write(try JSONEncoder().encode(scan), to: place + "/scan.json")
  }

  /// Whether a scan is kept.
  func hasScan(_ sha256: String) -> Bool {
    place(sha256).map { FileManager.default.fileExists(atPath: $0 + "/scan.json") } ?? false
  }

  /// A scan that is kept; nil where there is none.
  func scan(_ sha256: String) -> Scan? {
    guard let place = place(sha256),
      let data = FileManager.default.contents(atPath: place + "/scan.json")
    else { return nil }
    return try? JSONDecoder().decode(Scan.self, from: data)
  }

  /// The folder of a file, made where it is missing.
  private func made(_ sha256: String) throws -> String {
    guard let place = place(sha256) else { throw ViewerError.badRequest("the hash is no SHA-256") }
    do {
      try FileManager.default.createDirectory(
        atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      chmod(folder, 0o700)
    } catch {
      throw ViewerError.cannotWrite("\(folder): cannot be made")
    }
    return place
  }

  /// A file that is kept, and what was stated of it; nil where there is none.
  func recording(_ sha256: String) -> (path: String, folder: String, reading: RecordingReading)? {
    guard let place = place(sha256),
      let names = try? FileManager.default.contentsOfDirectory(atPath: place),
      let name = names.first(where: { $0.hasPrefix("recording") }),
      let data = FileManager.default.contents(atPath: place + "/reading.json"),
      let reading = try? JSONDecoder().decode(RecordingReading.self, from: data)
    else { return nil }
    return (place + "/" + name, place, reading)
  }

  /// Hashes of all files that are kept.
  var hashes: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { place($0) != nil }
  }

  /// Removes a file with its runs.
  func remove(_ sha256: String) {
    guard let place = place(sha256) else { return }
    try? FileManager.default.removeItem(atPath: place)
  }
}
