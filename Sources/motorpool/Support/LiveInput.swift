import Analyses
import ArgumentParser
import Decomposition
import Foundation
import Reports

extension LiveSamples.Format: ExpressibleByArgument {}

/// Reads a device's samples from standard input and writes a line for each discharge.
struct LiveInput {
  let model: SeparationModel
  let stream: LiveSamples.Configuration
  let samplingRate: Double
  let configuration: StreamingDecomposer.Configuration
  let json: Bool
  let showsTimings: Bool

  /// Seconds of the stream, for people and JSON alike.
  private func seconds(_ sample: Double) -> String {
    String(format: "%.5f", sample / samplingRate)
  }

  /// Reads until the stream ends.
  func run() throws {
    var live = try LiveDecomposition(
      model, stream: stream, samplingRate: samplingRate, configuration: configuration)
    let length = Double(stream.blockSamples) / samplingRate
    var clock = LiveClock(samplingRate: samplingRate, tolerance: max(0.25, 2.5 * length))
    var buffer = [UInt8](repeating: 0, count: max(4096, LiveSamples(stream).blockBytes))
    var (times, overruns) = ([Double](), 0)
    var begin: Double?
    if !json { print("time_s\tunit") }
    while true {
      let got = read(0, &buffer, buffer.count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 {
        throw Failure.Message("standard input: \(String(cString: strerror(errno)))")
      }
      guard got > 0 else { break }
      let (arrival, processor) = (Self.time(CLOCK_MONOTONIC), Self.time(CLOCK_PROCESS_CPUTIME_ID))
      let before = (position: live.position, blocks: live.blocks, lost: live.lostBlocks)
      write(try live.take(buffer[..<got]))
      guard live.blocks > before.blocks else { continue }
      let taken = Self.time(CLOCK_MONOTONIC) - arrival
      let count = live.blocks - before.blocks
      times.append((Self.time(CLOCK_PROCESS_CPUTIME_ID) - processor) * 1000 / Double(count))
      let covered = Double(live.position - before.position) / samplingRate
      if taken > covered {
        overruns += 1
        tell(
          "overrun", at: before.position,
          "the last \(milliseconds(covered)) took \(milliseconds(taken)) to process")
      }
      let start = begin ?? arrival
      begin = start
      if let missing = clock.arrived(
        samples: live.position - before.position, at: arrival - start),
        live.lostBlocks == before.lost
      {
        tell("late", at: before.position, "\(milliseconds(missing)) are missing by the clock")
      }
    }
    let rest = live.finish()
    write(rest.events)
    if rest.bytesLeft > 0 {
      tell("cut", at: live.position, "\(rest.bytesLeft) bytes at the end fill no sample")
    }
    guard live.position > 0 else { throw Failure.Message("standard input: holds no samples") }
    summary(live, times: times.sorted(), overruns: overruns)
  }

  private func write(_ events: [LiveDecomposition.Event]) {
    var lines: [String] = []
    for event in events {
      switch event {
      case .discharge(let found):
        lines.append(
          json
            ? "{\"timeSeconds\":\(seconds(found.sample)),\"unit\":\(found.unit)}"
            : "\(seconds(found.sample))\t\(found.unit)")
      case .lost(let first, let count, let sample):
        tell("lost", at: sample, "\(count) block(s) from number \(first) on never came")
      case .notFinite(let count, let sample):
        tell("not_finite", at: sample, "\(count) samples are no numbers and were set to 0")
      }
    }
    if !lines.isEmpty { print(lines.joined(separator: "\n")) }
  }

  /// Says what went wrong: a line on standard error, with --json an event among the discharges.
  private func tell(_ kind: String, at sample: Int, _ text: String) {
    if json {
      print(
        "{\"timeSeconds\":\(seconds(Double(sample))),\"event\":\"\(kind)\",\"detail\":\"\(text)\"}")
    } else {
      StandardStream.tell("\(kind) at \(seconds(Double(sample))) s: \(text)")
    }
  }

  private func milliseconds(_ seconds: Double) -> String {
    "\(Formatting.fixed(1000 * seconds, 0)) ms"
  }

  private func summary(_ live: LiveDecomposition, times: [Double], overruns: Int) {
    guard showsTimings, let most = times.last else { return }
    let high = times[min(times.count - 1, times.count * 99 / 100)]
    StandardStream.tell(
      "\(live.discharges) discharges of \(live.unitIDs.count) units in \(live.blocks) blocks, "
        + "\(live.lostBlocks) lost, \(overruns) overruns; processor time of a block: median "
        + "\(Formatting.fixed(times[times.count / 2], 3)) ms, 99 % below "
        + "\(Formatting.fixed(high, 3)) ms, at most \(Formatting.fixed(most, 3)) ms; a discharge "
        + "is written at most \(milliseconds(live.latency)) and one block after it")
  }

  private static func time(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
