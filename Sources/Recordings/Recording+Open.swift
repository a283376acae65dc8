extension Array where Element == any RecordingReader {
  /// The readers of this module; callers append those of other modules (MAT).
  public static var standard: [any RecordingReader] {
    [
      EDFReader(), AudioReader(), WFDBReader(), OTBReader(), OpenHDEMGReader(), IntanReader(),
      C3DReader(), MUedit2Reader(), TableReader(),
    ]
  }

  /// The formats by name, for help: what each reader says of itself, without what is in brackets.
  public var formatNames: String {
    map { String($0.formats.prefix { $0 != "(" }).trimmingWhitespace() }.joined(separator: ", ")
  }

  /// Extensions of the files that are looked for in folders.
  public var extensions: Set<String> { Set(flatMap(\.extensions)) }
}

extension Recording {
  /// Opens a recording, whatever its format, deciding by content.
  ///
  /// - Parameters:
  ///   - path: the file; of a WFDB recording the `.hea` file, of openhdemg's module the folder.
  ///   - options: what the user states beyond the file.
  ///   - readers: the formats that can be read, asked in order.
  /// - Throws: `RecordingError`, one line, also for every kind of malformed content.
  public static func open(
    _ path: String, options: RecordingOptions = RecordingOptions(),
    readers: [any RecordingReader] = .standard
  ) throws -> Recording {
    try options.check(path: path)
    let file = try SniffedFile(path: OpenHDEMGModule.file(of: path))
    guard let reader = readers.first(where: { $0.recognises(file) }) else {
      throw UnknownFormat.error(file, readers: readers)
    }
    let recording = try reader.open(file, options: options).checked().withoutMissingTail()
    return try options.applied(to: recording)
  }
}
