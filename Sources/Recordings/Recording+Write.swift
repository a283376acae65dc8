import Foundation

extension Recording {
  /// Extensions that `write(to:)` understands.
  public static let writableExtensions = [
    "wav", "rf64", "w64", "flac", "aiff", "caf", "edf", "bdf", "csv", "tsv",
  ]

  /// Writes the recording in the format that the path's extension names, with its defaults.
  ///
  /// Audio formats take the EMG channels, the others all channels.
  ///
  /// - Throws: `RecordingError`.
  public func write(to path: String) throws {
    switch URL(fileURLWithPath: path).pathExtension.lowercased() {
    case "wav": try WAVWriter.write(self, to: path)
    case "rf64": try WAVWriter.write(self, to: path, configuration: .init(format: .rf64Float32))
    case "w64": try WAVWriter.write(self, to: path, configuration: .init(format: .wave64Float32))
    case "flac": try WAVWriter.write(self, to: path, configuration: .init(format: .flacPCM16))
    case "aiff", "aif":
      try WAVWriter.write(self, to: path, configuration: .init(format: .aiffPCM16))
    case "caf": try WAVWriter.write(self, to: path, configuration: .init(format: .cafFloat32))
    case "edf": try EDFWriter.write(self, to: path)
    case "bdf": try EDFWriter.write(self, to: path, configuration: .init(isBDF: true))
    case "csv", "tsv": try TableWriter.write(self, to: path)
    case let other:
      throw RecordingError(
        .cannotWrite, path: path, "the extension \(other.quoted) names no format",
        remedy: "can be written: " + Self.writableExtensions.joined(separator: ", "))
    }
  }
}
