extension Recording {
  /// The recording as it may leave a reader: every rate and size within `RecordingLimits`, every
  /// text on one line without control characters, and not more of them than a person reads.
  ///
  /// All readers go through here, so that no format has to be trusted.
  ///
  /// - Throws: `RecordingError`.
  func checked() throws -> Recording {
    var result = self
    guard RecordingLimits.channelCount.contains(channels.count) else {
      throw RecordingError(
        .malformed, path: source.path,
        "holds \(channels.count) channels, expected 1 to \(RecordingLimits.channelCount.upperBound)"
      )
    }
    for index in channels.indices {
      let channel = channels[index]
      guard RecordingLimits.samplingRate.contains(channel.samplingRate),
        RecordingLimits.sampleCount.contains(channel.sampleCount)
      else {
        throw RecordingError(
          .malformed, path: source.path,
          place: "channel \(index + 1) (\(channel.name.shortened))",
          "states \(channel.samplingRate) Hz and \(channel.sampleCount) samples, "
            + "which no recording has",
          remedy: .stateSamplingRate)
      }
      result.channels[index].name = channel.name.shortened
      result.channels[index].gainProvenance = channel.gainProvenance.shortened
      if case .other(let text) = channel.unit {
        result.channels[index].unit = .other(text.shortened)
      }
    }
    result.warnings = Self.readable(warnings)
    result.remarks = Self.readable(remarks)
    if annotations.count > RecordingLimits.annotationCount {
      result.annotations = Array(annotations.prefix(RecordingLimits.annotationCount))
      result.warnings.append(
        "only the first \(RecordingLimits.annotationCount) of \(annotations.count) remarks are read"
      )
    }
    for index in result.annotations.indices {
      result.annotations[index].text = result.annotations[index].text.onOneLine
    }
    for index in result.electrodeGrids.indices {
      result.electrodeGrids[index].name = result.electrodeGrids[index].name.shortened
    }
    return result
  }

  private static func readable(_ lines: [String]) -> [String] {
    var seen: Set<String> = []
    let different = lines.map(\.onOneLine).filter { seen.insert($0).inserted }
    var kept = different.prefix(RecordingLimits.messageCount).map { line in
      line.count > RecordingLimits.messageLength
        ? line.prefix(RecordingLimits.messageLength) + "..." : line
    }
    if different.count > kept.count { kept.append("and \(different.count - kept.count) more") }
    return kept
  }
}

extension String {
  /// The text on one line, cut where it is longer than a name can be.
  fileprivate var shortened: String {
    let line = onOneLine
    return line.count > RecordingLimits.nameLength
      ? line.prefix(RecordingLimits.nameLength) + "..." : line
  }
}
