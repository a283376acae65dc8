import Foundation
import MATFiles
import Recordings

/// Files that recordings are written to.
package enum RecordingFile {
  /// Extensions that can be written.
  package static let extensions = ["wav", "edf", "bdf", "csv", "mat"]

  /// Writes a recording; the format follows from the extension of the path.
  ///
  /// Audio files hold the EMG channels only, the other formats the force as well.
  /// - Throws: `AnalysisError` for an extension that is not known, `RecordingError`.
  package static func write(_ recording: Recording, to path: String) throws {
    switch (path as NSString).pathExtension.lowercased() {
    case "wav": try WAVWriter.write(recording, to: path, configuration: .init(format: .wavPCM16))
    case "edf": try EDFWriter.write(recording, to: path)
    case "bdf": try EDFWriter.write(recording, to: path, configuration: .init(isBDF: true))
    case "csv": try TableWriter.write(recording, to: path)
    case "mat": try MATWriter.write(recording, to: path)
    default:
      throw AnalysisError(
        .wrongSetting, path: path, "the extension must be .wav, .edf, .bdf, .csv or .mat")
    }
  }
}
