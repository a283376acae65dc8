import Foundation
import Recordings

/// Interleaved samples of a device as they arrive on a byte stream, cut into blocks.
///
/// Bytes may come in pieces of any length. In a numbered stream every block begins with a 32-bit
/// little-endian counter, so that lost blocks are known and filled with zeros, which keeps the time.
package struct LiveSamples: Sendable {
  /// How a sample is stored.
  package enum Format: String, CaseIterable, Sendable {
    /// Signed integers of two bytes, the low one first.
    case int16le
    /// Floating-point numbers of four bytes (IEEE 754), the low one first.
    case float32le

    /// Bytes of a sample.
    package var byteCount: Int { self == .int16le ? 2 : 4 }
  }

  /// What the stream holds.
  package struct Configuration: Sendable, Equatable {
    /// Number of channels, interleaved.
    package var channelCount: Int
    /// How a sample is stored.
    package var format: Format
    /// Microvolts of a stored 1.
    package var microvoltsPerCount: Double
    /// Samples of a block in each channel.
    package var blockSamples: Int
    /// Whether each block begins with a counter.
    package var isNumbered: Bool

    /// Makes one from its parts.
    package init(
      channelCount: Int, format: Format, microvoltsPerCount: Double = 1, blockSamples: Int,
      isNumbered: Bool = false
    ) {
      self.channelCount = channelCount
      self.format = format
      self.microvoltsPerCount = microvoltsPerCount
      self.blockSamples = blockSamples
      self.isNumbered = isNumbered
    }

    /// Microvolts of a stored 1 that are taken, as an absolute value: what is larger or smaller is no
    /// amplifier's, and would leave the range of single precision.
    package static let microvoltsRange = 1e-9...1e9

    /// Samples of a block of so many seconds.
    ///
    /// - Throws: `AnalysisError` for a rate outside of `RecordingLimits`, or a block whose samples of all
    ///   channels exceed `mostBlockValues`.
    package static func blockSamples(
      seconds: Double, samplingRate: Double, channelCount: Int
    ) throws -> Int {
      guard RecordingLimits.samplingRate.contains(samplingRate) else {
        throw AnalysisError(
          .wrongSetting, path: "standard input",
          "a sampling rate of \(samplingRate) Hz; expected 0.001 to 1e7")
      }
      let most = mostBlockValues / max(1, channelCount)
      guard let count = Int(bounded: max(1, seconds * samplingRate), in: 1...max(1, most)) else {
        throw AnalysisError(
          .wrongSetting, path: "standard input",
          "a block of \(seconds) s holds more than \(mostBlockValues) samples of all channels; "
            + "shorter blocks are needed")
      }
      return count
    }

    /// Most samples of a block in all channels together: 64 MB in single precision.
    package static let mostBlockValues = 1 << 24
  }

  /// What came in.
  package enum Event: Sendable, Equatable {
    /// Channels x samples in microvolts, `notFinite` of which were no numbers and were set to 0.
    case block([[Float]], notFinite: Int)
    /// Blocks that never came, and the counter of the first of them.
    case lost(first: UInt32, count: Int)
  }

  /// Most blocks that may be missing in a row; a larger jump is a stream out of step.
  package static let mostLost = 36_000

  /// What the stream holds.
  package let configuration: Configuration
  private var pending: [UInt8] = []
  private var expected: UInt32?

  /// A reader at the first byte of a stream.
  package init(_ configuration: Configuration) {
    self.configuration = configuration
  }

  /// Bytes of one sample of all channels.
  private var frame: Int { configuration.channelCount * configuration.format.byteCount }
  private var header: Int { configuration.isNumbered ? 4 : 0 }
  /// Bytes of a block with its counter.
  package var blockBytes: Int { header + configuration.blockSamples * frame }

  /// Takes the next bytes and returns the blocks that they complete.
  ///
  /// - Throws: `AnalysisError` where the counter shows that the stream is out of step.
  package mutating func take(_ bytes: some Sequence<UInt8>) throws -> [Event] {
    pending.append(contentsOf: bytes)
    var events: [Event] = []
    var start = 0
    while pending.count - start >= blockBytes {
      if configuration.isNumbered {
        let number = (0..<4).reduce(UInt32(0)) { $0 | UInt32(pending[start + $1]) << (8 * $1) }
        if let lost = try lost(before: number) { events.append(lost) }
        expected = number &+ 1
      }
      events.append(block(from: start + header, samples: configuration.blockSamples))
      start += blockBytes
    }
    pending.removeFirst(start)
    return events
  }

  /// What is left at the end of the stream: a shorter block, and bytes that fill no sample.
  package mutating func finish() -> (block: Event?, bytesLeft: Int) {
    defer { pending = [] }
    let body = max(0, pending.count - header)
    let samples = body / frame
    guard samples > 0 else { return (nil, pending.count) }
    return (block(from: header, samples: samples), body - samples * frame)
  }

  private func lost(before number: UInt32) throws -> Event? {
    guard let expected, number != expected else { return nil }
    let count = Int(number &- expected)
    guard count <= Self.mostLost else {
      throw AnalysisError(
        path: "standard input",
        "block \(number) comes where block \(expected) was expected: the stream is out of step; "
          + "check the number of channels, the kind of samples and the length of blocks, or start anew"
      )
    }
    return .lost(first: expected, count: count)
  }

  private func block(from start: Int, samples: Int) -> Event {
    let (channels, scale) = (configuration.channelCount, Float(configuration.microvoltsPerCount))
    var result = [[Float]](repeating: [Float](repeating: 0, count: samples), count: channels)
    var notFinite = 0
    pending.withUnsafeBytes { bytes in
      var place = start
      for sample in 0..<samples {
        for channel in 0..<channels {
          var value: Float
          switch configuration.format {
          case .int16le:
            value = Float(
              Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int16.self)))
          case .float32le:
            value = Float(
              bitPattern: UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
            if !value.isFinite {
              value = 0
              notFinite += 1
            }
          }
          result[channel][sample] = value * scale
          place += configuration.format.byteCount
        }
      }
    }
    return .block(result, notFinite: notFinite)
  }
}

/// Tells samples that a device never delivered from when the others arrive.
///
/// A stream without counters shows a loss by the clock alone: fewer samples than time. What comes
/// late in one piece is no loss, so that only a delay counts that all of the last blocks have.
package struct LiveClock: Sendable {
  private let samplingRate: Double
  private let tolerance: Double
  private var received = 0
  private var delays: [Double] = []
  private var least = Double.infinity

  /// A clock for a sampling rate in Hz; losses below `tolerance` seconds are not told.
  package init(samplingRate: Double, tolerance: Double) {
    self.samplingRate = samplingRate
    self.tolerance = tolerance
  }

  /// Notes samples that arrived at a time in seconds; returns the seconds that are missing, once.
  package mutating func arrived(samples: Int, at seconds: Double) -> Double? {
    received += samples
    delays.append(seconds - Double(received) / samplingRate)
    if delays.count > 5 { delays.removeFirst() }
    let lasting = delays.min() ?? 0
    guard delays.count == 5 else { return nil }
    let missing = lasting - least
    if least.isFinite, missing > tolerance {
      least = lasting
      return missing
    }
    least = min(least, lasting)
    return nil
  }
}
