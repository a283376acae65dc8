import Analyses
import Decomposition
import Foundation

/// Reads a device's samples from standard input and writes a line for each discharge.
package struct LiveInput {
  private let model: SeparationModel
  private let stream: LiveSamples.Configuration
  private let samplingRate: Double
  private let configuration: StreamingDecomposer.Configuration
  private let json: Bool
  private let showsTimings: Bool

  /// Samples at a rate in Hz for the filters of a model; lines for people or as JSON.
  package init(
    model: SeparationModel, stream: LiveSamples.Configuration, samplingRate: Double,
    configuration: StreamingDecomposer.Configuration, json: Bool, showsTimings: Bool
  ) {
    self.model = model
    self.stream = stream
    self.samplingRate = samplingRate
    self.configuration = configuration
    self.json = json
    self.showsTimings = showsTimings
  }

  /// Reads until the stream ends.
  package func run() throws {
    var live = try LiveStream(
      model, stream: stream, samplingRate: samplingRate, configuration: configuration)
    var buffer = [UInt8](repeating: 0, count: max(4096, LiveSamples(stream).blockBytes))
    if !json { StandardStream.print("time_s\tunit") }
    while true {
      let got = read(0, &buffer, buffer.count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 {
        throw Failure.Message("standard input: \(String(cString: strerror(errno)))")
      }
      guard got > 0 else { break }
      let (arrival, processor) = (Self.time(CLOCK_MONOTONIC), Self.time(CLOCK_PROCESS_CPUTIME_ID))
      write(try live.take(buffer[..<got]))
      write(
        live.settle(
          arrival: arrival, now: Self.time(CLOCK_MONOTONIC),
          processorSeconds: Self.time(CLOCK_PROCESS_CPUTIME_ID) - processor))
    }
    write(live.finish())
    if let cut = live.cut { write([cut]) }
    try live.requireSamples()
    if showsTimings, let text = live.timingText { StandardStream.tell(text) }
  }

  /// What went wrong on standard error, with --json before the discharges; those on standard output.
  private func write(_ lines: [LiveStream.Line]) {
    var discharges: [String] = []
    for line in lines {
      if case .discharge = line {
        discharges.append(json ? line.json : line.text)
      } else if json {
        StandardStream.print(line.json)
      } else {
        StandardStream.tell(line.text)
      }
    }
    if !discharges.isEmpty { StandardStream.print(discharges.joined(separator: "\n")) }
  }

  private static func time(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
