import Foundation

extension Deidentification {
  /// Writes header and signal files of a WFDB record under new names; returns what was taken out.
  ///
  /// Kept are the numbers of the header, the labels and units of the signals, and the samples. Comments,
  /// names of the record and its files, what signal files hold before and after the samples, and
  /// annotation files beside them are left behind. The time of day stays.
  func wfdb(
    _ text: String, _ path: String, to place: OutputPlace, origin: OutputOrigin
  ) throws -> [String] {
    let header = try WFDBHeader(text, path: path)
    var warnings: [String] = []
    let files = try WFDBSignalFiles(header, headerPath: path, warnings: &warnings)
    let stem = (place.name as NSString).deletingPathExtension
    guard (place.name as NSString).pathExtension.lowercased() == "hea", !stem.isEmpty,
      stem.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) })
    else {
      throw RecordingError(
        .wrongOption, path: place.path,
        "is no name for a WFDB record, which is a header and its signal files",
        remedy: "name the header: letters, digits, _ and - with the extension .hea")
    }
    var names: [String: String] = [:]
    var order: [WFDBHeader.Signal] = []
    for signal in header.signals where names[signal.fileName] == nil {
      names[signal.fileName] = "\(stem)-\(order.count + 1).dat"
      order.append(signal)
    }
    if order.count == 1 { names[order[0].fileName] = "\(stem).dat" }
    // All places are checked before anything is written.
    var place = place
    try place.protect(files.paths)
    let folder = place.parent
    let targets = try order.map { signal in
      try OutputPlace(
        folder + "/" + (names[signal.fileName] ?? ""), command: place.command,
        isForced: place.isForced, inputs: [path] + files.paths)
    }
    var removed = ["names of the record and its files"]
    for (signal, (source, target)) in zip(order, zip(files.paths, targets)) {
      let bytes = try FileBytes(path: source)
      let perFrame = header.signals.filter { $0.fileName == signal.fileName }
        .reduce(0) { $0 + $1.samplesPerFrame }
      let start = min(signal.byteOffset, bytes.count)
      let samples = Int.product(files.frameCount, perFrame, atMost: 1 << 42) ?? 0
      let end = min(bytes.count, start + signal.format.byteCount(samples: samples))
      try target.write(origin) { try Self.copy(bytes, from: start, to: end, into: $0) }
      if start > 0 { removed.append("\(start) bytes before the samples") }
      if end < bytes.count { removed.append("\(bytes.count - end) bytes after the samples") }
    }
    let (lines, dates) = headerLines(text, header, stem: stem, names: names)
    if dates { removed.append(days == nil ? "date" : "date moved") }
    if !header.comments.isEmpty { removed.append("\(header.comments.count) comments") }
    try place.write(origin, lines.joined(separator: "\n") + "\n")
    return removed
  }

  /// The lines of the copy's header, and whether the header held a date.
  private func headerLines(
    _ text: String, _ header: WFDBHeader, stem: String, names: [String: String]
  ) -> (lines: [String], hadDate: Bool) {
    let kept = text.split(whereSeparator: \.isNewline).map { String($0).trimmingWhitespace() }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }
      .prefix(1 + header.signals.count)
      .map { $0.split { $0 == " " || $0 == "\t" }.map { String($0) } }
    var record = [stem] + kept[0].dropFirst().prefix(3)
    if let start = header.startTime {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      let moved = start.addingTimeInterval(Double(days ?? 0) * 86_400)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second], from: moved)
      record.append(
        String(format: "%02d:%02d:%02d", parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0))
      if days != nil {
        record.append(
          String(format: "%02d/%02d/%04d", parts.day ?? 1, parts.month ?? 1, parts.year ?? 1))
      }
    } else if kept[0].count > 4,
      kept[0][4].allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ":" || $0 == ".") })
    {
      record.append(kept[0][4])
    }
    let signals = kept.dropFirst().map { words in
      ([names[words[0]] ?? ""] + words.dropFirst()).joined(separator: " ")
    }
    return ([record.joined(separator: " ")] + signals, kept[0].count > 5)
  }

  /// Copies the samples; as many zeros as there were bytes stand before them, since the header counts
  /// them.
  private static func copy(
    _ bytes: FileBytes, from start: Int, to end: Int, into path: String
  ) throws {
    func failure() -> RecordingError {
      RecordingError(.cannotWrite, path: path, "cannot be written: \(systemErrorText())")
    }
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw failure() }
    defer { try? handle.close() }
    do {
      var at = 0
      while at < end {
        let count = min(1 << 20, (at < start ? start : end) - at)
        let piece =
          at < start ? [UInt8](repeating: 0, count: count) : try bytes.read(at: at, count: count)
        try handle.write(contentsOf: piece)
        at += count
      }
      try handle.synchronize()
    } catch let error as RecordingError {
      throw error
    } catch {
      throw failure()
    }
  }
}
