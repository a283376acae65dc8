import Foundation
import Recordings

extension Deidentification {
  /// Whether a file is a MAT file, of which `copyMAT` makes the copy.
  public static func isMAT(_ path: String) -> Bool {
    guard let file = try? SniffedFile(path: path) else { return false }
    return MATReader().recognises(file)
  }

  /// Writes a MAT file of what is known to be signal alone; returns what was taken out, in words.
  ///
  /// What laboratories keep in further variables is not known, so nothing is copied but the samples of
  /// all channels, their names and units, and the sampling rate: the rest stays behind, with it the date
  /// and units that another program found. `recording` is of a MAT file. Above 2 GB the copy is of
  /// version 7.3.
  ///
  /// - Throws: `RecordingError`, `OutputError`.
  public func copyMAT(
    _ recording: Recording, to place: OutputPlace, origin: OutputOrigin
  ) throws -> [String] {
    var place = place
    try place.protect(recording.source.files)
    var bare = recording
    bare.startTime = nil
    bare.remarks = []
    bare.annotations = []
    let bytes = bare.channels.reduce(0) { $0 + 4 * $1.sampleCount }
    try place.write(origin) {
      try MATWriter.write(bare, to: $0, version: bytes < 1 << 30 ? .level5 : .version73)
    }
    var removed = ["all variables but samples, names and units of channels and the sampling rate"]
    if recording.startTime != nil { removed.append("date") }
    if let spikes = try recording.storedSpikes(), !spikes.trains.isEmpty {
      removed.append("stored discharges of \(spikes.trains.count) units")
    }
    return removed
  }
}
