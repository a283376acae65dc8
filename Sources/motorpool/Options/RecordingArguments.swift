import ArgumentParser
import MATFiles
import Recordings

/// Arguments that say what a recording file leaves open.
struct RecordingArguments: ParsableArguments {
  @Option(name: .customLong("fs"), help: "Sampling rate in Hz, for files that state none.")
  var samplingRate: Double?

  @Option(help: "Unit of the stored EMG values: uV, mV or V.")
  var unit: String?

  @Option(
    name: .customLong("mv-per-fs"),
    help: "Millivolts at full scale, for audio files (WAV, FLAC, …).")
  var millivoltsAtFullScale: Double?

  @Option(
    help: "Electrode grid as ROWSxCOLUMNS[,DISTANCE_MM], such as 13x5,8, or a code (GR08MM1305).")
  var grid: String?

  @Option(help: "EMG channels to use, counted from 1: 1-64 or 1,3,5-8.")
  var channels: String?

  @Option(name: .customLong("force-channel"), help: "The force channel, counted from 1.")
  var forceChannel: Int?

  /// All readers, those of MAT files included.
  static var readers: [any RecordingReader] { .standard + [MATReader()] }

  /// Opens a recording with these options.
  func open(_ path: String) throws -> Recording {
    try Recording.open(path, options: try options(), readers: Self.readers)
  }

  /// The options as the readers take them.
  func options() throws -> RecordingOptions {
    var options = RecordingOptions(
      samplingRate: samplingRate, millivoltsAtFullScale: millivoltsAtFullScale)
    if let unit {
      guard let known = VoltageUnit(spelling: unit) else {
        throw ValidationError("--unit \(unit): expected uV, mV or V")
      }
      options.unit = known
    }
    if let grid {
      guard let geometry = GridGeometry(option: grid) else {
        throw ValidationError(
          "--grid \(grid): expected ROWSxCOLUMNS[,DISTANCE_MM], such as 8x8,10, "
            + "or a code such as GR08MM1305")
      }
      options.grid = geometry
    }
    if let channels { options.emgChannels = try Self.indices(channels) }
    if let forceChannel {
      guard forceChannel >= 1 else {
        throw ValidationError("--force-channel counts from 1, got \(forceChannel)")
      }
      options.roles[forceChannel - 1] = .force
    }
    return options
  }

  /// 0-based indices from a list such as `1-4,7`, in the order given, each once.
  static func indices(_ text: String) throws -> [Int] {
    func invalid() -> ValidationError {
      ValidationError("--channels \(text): expected numbers from 1 such as 1-64 or 1,3,5-8")
    }
    var result: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
        Int($0.filter { $0 != " " })
      }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
        first >= 1, last >= first, last <= 100_000
      else { throw invalid() }
      for channel in first...last where !result.contains(channel - 1) {
        result.append(channel - 1)
      }
    }
    return result
  }
}
