/// Writes recordings as CSV or TSV tables with a time column and units in the header.
public enum TableWriter {
  /// Writes the file atomically, in bounded memory; numbers keep the whole precision of Float.
  ///
  /// All channels written must have one rate; `channels` nil takes all. A path ending in `.tsv` is
  /// separated by tabs.
  ///
  /// - Throws: `RecordingError`.
  public static func write(
    _ recording: Recording, to path: String, channels: [Int]? = nil
  ) throws {
    let indices = channels ?? Array(recording.channels.indices)
    guard let first = indices.first.map({ recording.channels[$0] }), first.sampleCount > 0 else {
      throw RecordingError(.cannotWrite, path: path, "there are no samples to write")
    }
    guard
      indices.allSatisfy({
        recording.channels[$0].samplingRate == first.samplingRate
          && recording.channels[$0].sampleCount == first.sampleCount
      })
    else {
      throw RecordingError(
        .cannotWrite, path: path, "a table has one sampling rate, the channels differ",
        remedy: "choose channels of one rate")
    }
    let separator = path.lowercased().hasSuffix(".tsv") ? "\t" : ","
    let names = indices.map { index -> String in
      let channel = recording.channels[index]
      let clean = String(
        channel.name.map { ",;\"\t\n\r[]()".contains($0) ? " " : $0 })
      return channel.unit == .relative ? "\(clean) [relative]" : "\(clean) [\(channel.unit.symbol)]"
    }
    let file = try AtomicFile(path: path)
    try file.append(
      Array((["time [s]"] + names).joined(separator: separator).utf8) + [UInt8(ascii: "\n")])
    try recording.forEachChunk(channels: indices, length: 1 << 12) { start, block in
      var text = ""
      for row in block[0].indices {
        text += "\(Double(start + row) / first.samplingRate)"
        for values in block {
          text += separator
          text += "\(values[row])"
        }
        text += "\n"
      }
      try file.append(Array(text.utf8))
    }
    try file.finish()
  }
}
