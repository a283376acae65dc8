import Foundation
import Recordings

/// Channels of one rate and length that a pyramid is made of.
public struct PyramidSource: Sendable {
  /// Names of the channels.
  public let names: [String]
  /// Symbols of their units.
  public let units: [String]
  /// Sampling rate in Hz.
  public let samplingRate: Double
  /// Samples of each channel.
  public let sampleCount: Int
  /// Channels x samples of a range.
  public let samples: @Sendable (Range<Int>) throws -> [[Float]]

  /// A source from its parts.
  public init(
    names: [String], units: [String], samplingRate: Double, sampleCount: Int,
    samples: @escaping @Sendable (Range<Int>) throws -> [[Float]]
  ) {
    self.names = names
    self.units = units
    self.samplingRate = samplingRate
    self.sampleCount = sampleCount
    self.samples = samples
  }

  /// Some channels of a recording, all of one rate; the shortest gives the length.
  public init(_ recording: Recording, channels: [Int]) {
    self.init(
      names: channels.map { recording.channels[$0].name },
      units: channels.map { recording.channels[$0].unit.symbol },
      samplingRate: channels.first.map { recording.channels[$0].samplingRate } ?? 1,
      sampleCount: channels.map { recording.channels[$0].sampleCount }.min() ?? 0
    ) { try recording.samples(channels: channels, range: $0) }
  }

  /// Differences of pairs of channels: the second of each pair minus the first.
  public func differences(_ pairs: [(first: Int, second: Int)]) -> PyramidSource {
    PyramidSource(
      names: pairs.map { "\(names[$0.second]) − \(names[$0.first])" },
      units: pairs.map { units[$0.first] }, samplingRate: samplingRate, sampleCount: sampleCount
    ) { [samples] range in
      let values = try samples(range)
      return pairs.map { pair in
        zip(values[pair.second], values[pair.first]).map { $0 - $1 }
      }
    }
  }
}
