import FuzzHarness
import Recordings
import UnitNumber

/// Opens a recording as `info` does and reads beginning and end of some channels.
func read(
  _ path: String, options: RecordingOptions = .init(), readers: [any RecordingReader] = .standard
) throws {
  let recording = try Recording.open(path, options: options, readers: readers)
  for warning in recording.warnings { FuzzError.checkLine(warning) }
  for index in recording.channels.indices.prefix(4) {
    let channel = recording.channels[index]
    precondition(channel.samplingRate.isFinite && channel.samplingRate > 0, "rate")
    let end = channel.sampleCount
    precondition(end >= 0, "count")
    for range in [0..<min(500, end), max(0, end - 500)..<end] {
      let values = try recording.samples(channels: [index], range: range)
      precondition(values[0].count == range.count, "samples")
    }
  }
  if let spikes = try recording.storedSpikes() { try check(spikes) }
}

/// Times are numbers.
func check(_ spikes: SpikeAnnotations) throws {
  for train in spikes.trains { precondition(train.times.allSatisfy(\.isFinite), "time") }
}

/// What a scan that passes its own check holds.
func check(_ scan: CMAPScan) throws {
  try scan.validate()
  precondition(scan.stimulusMilliamps.allSatisfy { $0.isFinite && $0 > 0 }, "stimulus")
}

/// A BDF file of two channels and ten samples, for what lies beside a recording.
let smallBDF: [UInt8] = {
  func field(_ text: String, _ width: Int) -> [UInt8] {
    Array(text.utf8) + [UInt8](repeating: 32, count: width - text.utf8.count)
  }
  var bytes: [UInt8] = [255] + field("BIOSEMI", 7) + field("", 80) + field("", 80)
  bytes += field("01.01.26", 8) + field("00.00.00", 8) + field("768", 8) + field("24BIT", 44)
  bytes += field("1", 8) + field("0.01", 8) + field("2", 4)
  for (texts, width) in [
    (["EMG001", "EMG002"], 16), (["", ""], 80), (["uV", "uV"], 8), (["-1000", "-1000"], 8),
    (["1000", "1000"], 8), (["-8388608", "-8388608"], 8), (["8388607", "8388607"], 8),
    (["", ""], 80), (["10", "10"], 8), (["", ""], 32),
  ] { for text in texts { bytes += field(text, width) } }
  return bytes + (0..<60).map { UInt8($0) }
}()
