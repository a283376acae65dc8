import Foundation

/// The `.dat` files beside an `info.rhd`: one for each kind of signal, or one for each channel.
struct IntanFolder {
  private let file: SniffedFile
  private let header: IntanHeader
  private let folder: URL

  init(_ file: SniffedFile, _ header: IntanHeader) {
    self.file = file
    self.header = header
    folder = URL(fileURLWithPath: file.path).deletingLastPathComponent()
  }

  /// Names of the file of one kind of signal.
  private static let kinds: [(kind: IntanHeader.Kind, name: String)] = [
    (.amplifier, "amplifier.dat"), (.auxiliaryInput, "auxiliary.dat"),
    (.supplyVoltage, "supply.dat"), (.boardADC, "analogin.dat"), (.digitalInput, "digitalin.dat"),
    (.digitalOutput, "digitalout.dat"),
  ]

  /// Prefix of the file of one channel.
  private static let prefixes: [IntanHeader.Kind: String] = [
    .amplifier: "amp-", .auxiliaryInput: "aux-", .supplyVoltage: "vdd-", .boardADC: "board-",
    .digitalInput: "board-", .digitalOutput: "board-",
  ]

  func recording(_ options: RecordingOptions) throws -> Recording {
    var files: [FileBytes] = []
    var channels: [Channel] = []
    var layouts: [IntanSamples.Layout] = []
    var doubts = ChannelDoubts()
    var amplifierWords = 0
    func add(_ channel: IntanHeader.Channel, words: Int, stride: Int, offset: Int, isShared: Bool) {
      var signal = IntanSignal(channel, header, options, isSigned: true)
      if case .bit = signal.meaning, !isShared {
        // A file of one digital line holds 0 and 1.
        var single = channel
        single.nativeOrder = 0
        signal = IntanSignal(single, header, options)
      }
      doubts.add(signal.doubt, channel: channel.name)
      // Slow signals stand in these files at the amplifiers' rate, each value several times; where a
      // program has not repeated them, the length of the file tells.
      let slower: [IntanHeader.Kind: Int] = [
        .auxiliaryInput: 4, .supplyVoltage: header.samplesPerBlock,
      ]
      let ratio = slower[channel.kind] ?? 1
      if channel.kind == .amplifier { amplifierWords = max(amplifierWords, words) }
      let perSample = amplifierWords > 0 && 2 * words < amplifierWords ? 1 : ratio
      channels.append(
        signal.described(
          rate: header.samplingRate / Double(ratio),
          sampleCount: (words + perSample - 1) / perSample))
      layouts.append(
        IntanSamples.Layout(
          file: files.count - 1, start: 0, bytesPerBlock: stride, samplesPerBlock: 1,
          offset: offset, stride: 2, wordsPerSample: perSample, meaning: signal.meaning))
    }
    var rest: [String] = []
    for (kind, name) in Self.kinds {
      let members = header.channels.filter { $0.kind == kind }
      if members.isEmpty { continue }
      let isDigital = kind == .digitalInput || kind == .digitalOutput
      let path = folder.appendingPathComponent(name).path
      if FileManager.default.fileExists(atPath: path) {
        files.append(try FileBytes(path: path))
        let columns = isDigital ? 1 : members.count
        let words = files[files.count - 1].count / (2 * columns)
        if files[files.count - 1].count % (2 * columns) != 0 { rest.append(name) }
        for (place, channel) in members.enumerated() {
          guard !isDigital || (0..<16).contains(channel.nativeOrder) else { continue }
          add(
            channel, words: words, stride: 2 * columns, offset: isDigital ? 0 : 2 * place,
            isShared: true)
        }
        continue
      }
      for channel in members {
        let own = (Self.prefixes[kind] ?? "") + channel.nativeName + ".dat"
        // Names come from the file: only files beside it are opened.
        let path = folder.appendingPathComponent(own).path
        guard !own.contains("/"), FileManager.default.fileExists(atPath: path) else {
          doubts.add("left out: its file is not beside info.rhd", channel: channel.name)
          continue
        }
        files.append(try FileBytes(path: path))
        if files[files.count - 1].count % 2 != 0 { rest.append(own) }
        add(channel, words: files[files.count - 1].count / 2, stride: 2, offset: 0, isShared: false)
      }
    }
    guard !channels.isEmpty else {
      throw RecordingError(
        .truncated, path: file.path,
        "holds no samples, and neither amplifier.dat nor files of "
          + "single channels lie beside it", remedy: "copy the whole folder of the recording")
    }
    var warnings = doubts.warnings
    if !rest.isEmpty {
      warnings.append(
        "\(rest.prefix(3).joined(separator: ", ")): the file ends early, inside a sample")
    }
    let lengths = channels.map(\.duration)
    if let shortest = lengths.min(), let longest = lengths.max(),
      (longest - shortest) * header.samplingRate >= Double(2 * header.samplesPerBlock)
    {
      warnings.append("the files hold between \(shortest) and \(longest) s: some end early")
    }
    return Recording(
      source: RecordingSource(
        path: file.path, formatName: "Intan RHD \(header.major).\(header.minor), folder",
        files: [file.path] + files.map(\.path)),
      channels: channels, samples: IntanSamples(files: files, layouts: layouts),
      warnings: warnings)
  }
}
