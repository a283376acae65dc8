import Analyses
import ArgumentParser
import Recordings
import Terminal

/// Arguments that say what a recording file leaves open.
struct RecordingArguments: ParsableArguments {
  @Option(name: .customLong("fs"), help: "Sampling rate in Hz, for files that state none.")
  package var samplingRate: Double?

  @Option(help: "Unit of the stored EMG values: uV, mV or V.")
  package var unit: String?

  @Option(
    name: .customLong("mv-per-fs"),
    help: "Millivolts at full scale, for audio files (WAV, FLAC, …).")
  package var millivoltsAtFullScale: Double?

  @Option(
    help: "Electrode grid as ROWSxCOLUMNS[,DISTANCE_MM], such as 13x5,8, or a code (GR08MM1305).")
  package var grid: String?

  @Option(help: "EMG channels to use, counted from 1: 1-64 or 1,3,5-8.")
  package var channels: String?

  @Option(name: .customLong("force-channel"), help: "The force channel, counted from 1.")
  package var forceChannel: Int?

  /// The statements these arguments make.
  ///
  /// - Throws: `Failure.Message`, one line naming the option of one that cannot be read.
  func reading() throws -> RecordingReading {
    var reading = RecordingReading()
    reading.samplingRate = samplingRate
    reading.unit = unit
    reading.millivoltsAtFullScale = millivoltsAtFullScale
    reading.grid = grid
    reading.channels = channels
    reading.forceChannel = forceChannel
    do {
      _ = try reading.options()
    } catch let error as AnalysisError {
      throw Failure.Message("--\(error.description)".onOneLine, code: 64)
    }
    return reading
  }

  /// Opens a recording with these options; `-` is standard input.
  func open(_ path: String) throws -> Recording {
    let reading = try reading()
    return try reading.open(path == "-" ? try StandardInput.file() : path)
  }
}
