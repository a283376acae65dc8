import Foundation
import Recordings

/// Reads NWB files (Neurodata Without Borders 2, over HDF5).
///
/// Each ElectricalSeries of `/acquisition` is EMG, other TimeSeries are what unit and name say. Value
/// = stored * `conversion` * `channel_conversion` + `offset`; time by `starting_time` and `rate` or
/// by `timestamps`. The electrodes table gives names and grids, the Units table stored discharges.
/// The library runs in a process of its own, as for MAT files; links and data in other files are
/// not followed.
public struct NWBReader: RecordingReader {
  private let isolation: MATIsolation?

  /// Makes the reader; `isolation` nil reads in this process, for files that are trusted.
  public init(isolation: MATIsolation? = .ofThisProcess) { self.isolation = isolation }

  /// The formats of this reader.
  public var formats: String { "NWB (.nwb, HDF5)" }

  /// Their extensions.
  public var extensions: [String] { ["nwb"] }

  /// Whether the file starts as HDF5 does.
  public func recognises(_ file: SniffedFile) -> Bool {
    file.has([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  /// Opens the file; throws `RecordingError` naming the series.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    let worker = try isolation.map {
      try MATWorkerProcess(
        $0, path: file.path,
        format: ("an HDF5 file", "copy it again from its origin"))
    }
    let nwb = NWBFile(path: file.path, worker: worker)
    guard case .structure(let fields) = try nwb.contents(),
      case .structure(let session)? = fields["session"],
      let version = session["version"]?.string
    else {
      throw RecordingError(
        .unknownFormat, path: file.path,
        "is an HDF5 file but no NWB file (it states no nwb_version)",
        remedy: "save matrices as MAT 7.3, or signals as NWB, EDF or WAV")
    }
    var layout = NWBLayout(file: nwb, options: options, fields: fields)
    var recording = try layout.recording()
    recording.source = RecordingSource(path: file.path, formatName: "NWB \(version.onOneLine)")
    recording.startTime = Self.date(session["start"]?.string)
    for name in ["description", "age", "sex", "species"] {
      if let text = session[name]?.string, !text.isEmpty {
        recording.remarks.append("\(name): \(text)")
      }
    }
    return recording
  }

  /// The time of the session as it prints in the file; the first of 1970 stands for none.
  static func date(_ text: String?) -> Date? {
    guard let text, !text.hasPrefix("1970-01-01T00:00:00") else { return nil }
    let digits = text.prefix { $0 != "+" && $0 != "Z" }
    let parts = digits.split { "-T: ".contains($0) }.map { String($0) }
    guard parts.count >= 6, parts.prefix(5).allSatisfy({ Int($0) != nil }),
      let seconds = Double(parts[5])
    else { return nil }
    var components = DateComponents()
    components.timeZone = .gmt
    (components.year, components.month, components.day) = (
      Int(parts[0]), Int(parts[1]), Int(parts[2])
    )
    (components.hour, components.minute) = (Int(parts[3]), Int(parts[4]))
    return Calendar(identifier: .gregorian).date(from: components)?.addingTimeInterval(seconds)
  }
}
