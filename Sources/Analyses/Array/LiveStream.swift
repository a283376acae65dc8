import Decomposition
import Foundation
import Reports

/// A stream of samples from a device, decomposed as it comes, with what went wrong on the way.
package struct LiveStream: Sendable {
  /// One line of the result.
  package enum Line: Sendable, Equatable {
    /// A discharge: seconds of the stream, number of the unit.
    case discharge(seconds: String, unit: Int)
    /// What went wrong: its kind, seconds of the stream, in words.
    case trouble(kind: String, seconds: String, detail: String)

    /// The line for machines.
    package var json: String {
      switch self {
      case .discharge(let seconds, let unit): "{\"timeSeconds\":\(seconds),\"unit\":\(unit)}"
      case .trouble(let kind, let seconds, let detail):
        "{\"timeSeconds\":\(seconds),\"event\":\"\(kind)\",\"detail\":\"\(detail)\"}"
      }
    }

    /// The line for people.
    package var text: String {
      switch self {
      case .discharge(let seconds, let unit): "\(seconds)\t\(unit)"
      case .trouble(let kind, let seconds, let detail): "\(kind) at \(seconds) s: \(detail)"
      }
    }
  }

  private var live: LiveDecomposition
  private var clock: LiveClock
  private let samplingRate: Double
  private var before: (position: Int, blocks: Int, lost: Int) = (0, 0, 0)
  private var times: [Double] = []
  private var overruns = 0
  private var bytesLeft = 0
  private var begin: Double?

  /// Follows the units of a model in a stream of `samplingRate` Hz.
  ///
  /// - Throws: `AnalysisError` where the stream does not fit the model.
  package init(
    _ model: SeparationModel, stream: LiveSamples.Configuration, samplingRate: Double,
    configuration: StreamingDecomposer.Configuration
  ) throws {
    live = try LiveDecomposition(
      model, stream: stream, samplingRate: samplingRate, configuration: configuration)
    let length = Double(stream.blockSamples) / samplingRate
    clock = LiveClock(samplingRate: samplingRate, tolerance: max(0.25, 2.5 * length))
    self.samplingRate = samplingRate
  }

  /// Takes the next bytes; returns their discharges, lost blocks and samples that are no numbers.
  ///
  /// - Throws: `AnalysisError` where the stream is out of step or written in another way than stated.
  package mutating func take(_ bytes: some Sequence<UInt8>) throws -> [Line] {
    before = (live.position, live.blocks, live.lostBlocks)
    return try live.take(bytes).map(line)
  }

  /// Compares the last bytes with the clock once their lines are written.
  ///
  /// - Parameters:
  ///   - arrival: when the bytes came, in seconds.
  ///   - now: the time now, on the same clock.
  ///   - processorSeconds: processor time since the bytes came.
  /// - Returns: work that took longer than the signal lasts, and samples that are missing by the clock.
  package mutating func settle(
    arrival: Double, now: Double, processorSeconds: Double
  ) -> [Line] {
    let count = live.blocks - before.blocks
    guard count > 0 else { return [] }
    var lines: [Line] = []
    let taken = now - arrival
    times.append(processorSeconds * 1000 / Double(count))
    let covered = Double(live.position - before.position) / samplingRate
    if taken > covered {
      overruns += 1
      lines.append(
        trouble(
          "overrun", at: before.position,
          "the last \(Self.milliseconds(covered)) took \(Self.milliseconds(taken)) to process"))
    }
    let start = begin ?? arrival
    begin = start
    if let missing = clock.arrived(
      samples: live.position - before.position, at: arrival - start),
      live.lostBlocks == before.lost
    {
      lines.append(
        trouble(
          "late", at: before.position, "\(Self.milliseconds(missing)) are missing by the clock"))
    }
    return lines
  }

  /// The discharges that were not certain before the end of the stream.
  package mutating func finish() -> [Line] {
    let rest = live.finish()
    bytesLeft = rest.bytesLeft
    return rest.events.map(line)
  }

  /// What is wrong with the end of a finished stream; nil for nothing.
  package var cut: Line? {
    bytesLeft == 0
      ? nil : trouble("cut", at: live.position, "\(bytesLeft) bytes at the end fill no sample")
  }

  /// Refuses a stream that held no samples.
  ///
  /// - Throws: `AnalysisError`.
  package func requireSamples() throws {
    guard live.position > 0 else { throw AnalysisError(path: "standard input", "holds no samples") }
  }

  /// Discharges, losses and processor times for people; nil where no block came.
  package var timingText: String? {
    let times = times.sorted()
    guard let most = times.last else { return nil }
    let high = times[min(times.count - 1, times.count * 99 / 100)]
    return "\(live.discharges) discharges of \(live.unitIDs.count) units in \(live.blocks) blocks, "
      + "\(live.lostBlocks) lost, \(overruns) overruns; processor time of a block: median "
      + "\(Formatting.fixed(times[times.count / 2], 3)) ms, 99 % below "
      + "\(Formatting.fixed(high, 3)) ms, at most \(Formatting.fixed(most, 3)) ms; a discharge "
      + "is written at most \(Self.milliseconds(live.latency)) and one block after it"
  }

  private func line(_ event: LiveDecomposition.Event) -> Line {
    switch event {
    case .discharge(let found):
      .discharge(seconds: seconds(found.sample), unit: found.unit)
    case .lost(let first, let count, let sample):
      trouble("lost", at: sample, "\(count) block(s) from number \(first) on never came")
    case .notFinite(let count, let sample):
      trouble("not_finite", at: sample, "\(count) samples are no numbers and were set to 0")
    }
  }

  private func trouble(_ kind: String, at sample: Int, _ detail: String) -> Line {
    .trouble(kind: kind, seconds: seconds(Double(sample)), detail: detail)
  }

  /// Seconds of the stream, for people and JSON alike.
  private func seconds(_ sample: Double) -> String {
    String(format: "%.5f", sample / samplingRate)
  }

  private static func milliseconds(_ seconds: Double) -> String {
    "\(Formatting.fixed(1000 * seconds, 0)) ms"
  }
}
