/// When the data records of an EDF+ or BDF+ file start, as gaps and first onset.
struct EDFTimes {
  /// Seconds from the header's start time to the first sample (below 1 in regular files).
  var firstOnset = 0.0
  var gaps: [Gap] = []
  /// Annotations with onsets relative to the first sample.
  var annotations: [Annotation]
  var warnings: [String] = []

  /// Derives the gaps; `tolerance` in seconds is what counts as rounding.
  ///
  /// - Throws: `RecordingError` where a discontinuous file does not tell a record's time, or where
  ///   records overlap.
  init(_ lists: EDFAnnotations, _ header: EDFHeader, path: String, tolerance: Double) throws {
    annotations = lists.annotations
    if lists.malformedCount > 0 {
      warnings.append("\(lists.malformedCount) annotations cannot be understood and are left out")
    }
    if lists.surplusCount > 0 {
      warnings.append("\(lists.surplusCount) further annotations are left out")
    }
    if lists.isUnread, !header.isDiscontinuous {
      warnings.append("annotations are not read: there are \(header.recordCount) data records")
      return
    }
    let onsets = lists.recordOnsets
    if header.isDiscontinuous, let record = onsets.firstIndex(where: { $0 == nil }) {
      throw RecordingError(
        .malformed, path: path, place: "data record \(record + 1)",
        "a discontinuous file must state the time of each record, none was found")
    }
    if header.isDiscontinuous && onsets.isEmpty {
      throw RecordingError(
        .malformed, path: path, "is discontinuous but has no annotation signal with the times")
    }
    guard let first = onsets.first.flatMap({ $0 }) else { return }
    firstOnset = first
    // Continuous files have no gaps by declaration: only jumps beyond any rounding contradict it.
    let tolerance = header.isDiscontinuous ? tolerance : max(tolerance, 0.01)
    var expected = first
    for (record, onset) in onsets.enumerated() {
      guard let onset else {
        expected += header.recordDuration
        continue
      }
      let jump = onset - expected
      // Rounded onsets may not drift into a gap, so each is compared with the record before it.
      if jump > tolerance {
        gaps.append(
          Gap(
            position: Double(record) * header.recordDuration, onset: expected - first,
            duration: jump))
      } else if jump < -tolerance {
        throw RecordingError(
          .malformed, path: path, place: "data record \(record + 1)",
          "starts at \(onset) s, before the end of the record before it (\(expected) s)")
      }
      expected = onset + header.recordDuration
    }
    if !header.isDiscontinuous && !gaps.isEmpty {
      warnings.append(
        "the header says continuous, but the records' times show \(gaps.count) gaps")
    }
    for index in annotations.indices { annotations[index].onset -= first }
    annotations.sort { $0.onset < $1.onset }
  }
}
