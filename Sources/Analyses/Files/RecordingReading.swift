import MATFiles
import Recordings

/// What a user states of a recording that its file leaves open, as it is stored with a run.
public struct RecordingReading: Codable, Equatable, Sendable {
  /// Sampling rate in Hz, for files that state none.
  public var samplingRate: Double?
  /// Unit of the stored EMG values: uV, mV or V.
  public var unit: String?
  /// Millivolts at full scale, for audio files.
  public var millivoltsAtFullScale: Double?
  /// Electrode grid as ROWSxCOLUMNS[,DISTANCE_MM], or a code such as GR08MM1305.
  public var grid: String?
  /// EMG channels to use, counted from 1: 1-64 or 1,3,5-8.
  public var channels: String?
  /// The force channel, counted from 1.
  public var forceChannel: Int?

  /// Takes everything from the file.
  public init() {}

  /// States the sampling rate in Hz and nothing else.
  init(samplingRate: Double?) { self.samplingRate = samplingRate }

  /// All readers, those of MAT and NWB files included.
  public static var readers: [any RecordingReader] { .standard + [MATReader(), NWBReader()] }

  /// Opens a recording.
  ///
  /// - Throws: `RecordingError` naming the file, `AnalysisError` of the kind `wrongSetting`.
  public func open(_ path: String) throws -> Recording {
    try Recording.open(path, options: try options(), readers: Self.readers)
  }

  /// The statements as the readers take them.
  ///
  /// - Throws: `AnalysisError` of the kind `wrongSetting`, whose path is the name and value of what is
  ///   stated.
  public func options() throws -> RecordingOptions {
    if let samplingRate, !RecordingLimits.samplingRate.contains(samplingRate) {
      throw AnalysisError(
        .wrongSetting, path: "fs \(samplingRate)", "expected a sampling rate from 0.001 to 1e7 Hz")
    }
    if let millivoltsAtFullScale, !(1e-9...1e9).contains(millivoltsAtFullScale) {
      throw AnalysisError(
        .wrongSetting, path: "mv-per-fs \(millivoltsAtFullScale)",
        "expected millivolts at full scale above 0")
    }
    var options = RecordingOptions(
      samplingRate: samplingRate, millivoltsAtFullScale: millivoltsAtFullScale)
    if let unit {
      guard let known = VoltageUnit(spelling: unit) else {
        throw AnalysisError(.wrongSetting, path: "unit \(unit)", "expected uV, mV or V")
      }
      options.unit = known
    }
    if let grid {
      guard let geometry = GridGeometry(option: grid) else {
        throw AnalysisError(
          .wrongSetting, path: "grid \(grid)",
          "expected ROWSxCOLUMNS[,DISTANCE_MM], such as 8x8,10, or a code such as GR08MM1305")
      }
      options.grid = geometry
    }
    if let channels { options.emgChannels = try Self.indices(channels) }
    if let forceChannel {
      guard forceChannel >= 1 else {
        throw AnalysisError(
          .wrongSetting, path: "force-channel \(forceChannel)",
          "channels are counted from 1")
      }
      options.roles[forceChannel - 1] = .force
    }
    return options
  }

  /// 0-based indices from a list such as `1-4,7`, in the order given, each once.
  static func indices(_ text: String) throws -> [Int] {
    func invalid() -> AnalysisError {
      AnalysisError(
        .wrongSetting, path: "channels \(text)",
        "expected numbers from 1 such as 1-64 or 1,3,5-8")
    }
    var result: [Int] = []
    var known: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
        Int($0.filter { $0 != " " })
      }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
        first >= 1, last >= first, last <= RecordingLimits.channelCount.upperBound
      else { throw invalid() }
      for channel in first...last where known.insert(channel).inserted {
        result.append(channel - 1)
      }
    }
    return result
  }
}
