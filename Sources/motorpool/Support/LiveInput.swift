import Analyses
import ArgumentParser
import Decomposition
import Foundation

extension LiveSamples.Format: ExpressibleByArgument {}

/// Reads a device's samples from standard input and writes a line for each discharge.
struct LiveInput {
  let model: SeparationModel
  let stream: LiveSamples.Configuration
  let samplingRate: Double
  let configuration: StreamingDecomposer.Configuration
  let json: Bool
  let showsTimings: Bool

  /// Reads until the stream ends.
  func run() throws {
    var live = try LiveStream(
      model, stream: stream, samplingRate: samplingRate, configuration: configuration)
    var buffer = [UInt8](repeating: 0, count: max(4096, LiveSamples(stream).blockBytes))
    if !json { print("time_s\tunit") }
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
        print(line.json)
      } else {
        StandardStream.tell(line.text)
      }
    }
    if !discharges.isEmpty { print(discharges.joined(separator: "\n")) }
  }

  private static func time(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
