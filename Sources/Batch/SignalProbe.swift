import Foundation
import Recordings
import Signal

/// What a look at three short pieces of a recording tells of the work in it.
///
/// A header does not say how much stands out of the noise, which decides how many units are found and so
/// what a decomposition costs. Pieces lie at a sixth, half and five sixths of the recording.
public struct SignalProbe: Sendable, Equatable {
  /// Names of `features`, for tables.
  public static let names = [
    "log_signal_to_floor", "log_directions", "log_peakedness", "log_spikes",
  ]
  /// Seconds of a piece.
  private static let seconds = 0.5
  /// Most samples of a channel in a piece.
  private static let largest = 1 << 14

  /// Natural logarithms of: power over the floor that the channels do not share; directions in the
  /// channels that stand out of it; mean fourth power over the normal one; 1 and the spikes a second
  /// and channel beyond four robust standard deviations.
  public let features: [Double]

  /// Takes features as they were printed; there must be one for each name.
  public init(features: [Double]) {
    precondition(features.count == Self.names.count, "one for each name")
    self.features = features
  }

  /// Looks at a recording; nil where it has no EMG or cannot be read there.
  public init?(_ recording: Recording) {
    let channels = recording.emgChannels
    guard let rate = channels.first.map({ recording.channels[$0].samplingRate }), rate > 0,
      channels.allSatisfy({ recording.channels[$0].samplingRate == rate })
    else { return nil }
    let length = channels.map { recording.channels[$0].sampleCount }.min() ?? 0
    let count = min(Self.largest, length, Int(min(1e9, rate * Self.seconds).rounded(.up)))
    guard count >= 32 else { return nil }
    var covariance = [Float](repeating: 0, count: channels.count * channels.count)
    var (peakedness, spikes) = (0.0, 0.0)
    let starts = [1, 3, 5].map { (length - count) * $0 / 6 }
    for start in starts {
      guard var piece = try? recording.samples(channels: channels, range: start..<start + count)
      else { return nil }
      for channel in piece.indices {
        let mean = piece[channel].reduce(0, +) / Float(count)
        for sample in piece[channel].indices { piece[channel][sample] -= mean }
        peakedness += Self.peakedness(piece[channel])
        spikes += Double(Self.spikes(piece[channel])) * rate / Double(count)
      }
      for row in piece.indices {
        for column in 0...row {
          covariance[row * piece.count + column] += zip(piece[row], piece[column])
            .reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
    }
    let pieces = Double(starts.count * channels.count)
    let (ratio, directions) = Self.spread(covariance, order: channels.count)
    features = [
      log(ratio), log(directions), log(max(1, peakedness / pieces)), log(1 + spikes / pieces),
    ]
    guard features.allSatisfy(\.isFinite) else { return nil }
  }

  /// Mean fourth power over that of a normal distribution, 1 where nothing varies.
  private static func peakedness(_ values: [Float]) -> Double {
    var (second, fourth) = (0.0, 0.0)
    for value in values {
      let square = Double(value) * Double(value)
      second += square
      fourth += square * square
    }
    guard second > 0 else { return 1 }
    return fourth * Double(values.count) / (3 * second * second)
  }

  /// How often the signal goes beyond four robust standard deviations.
  private static func spikes(_ values: [Float]) -> Int {
    let sizes = values.map(abs).sorted()
    let limit = 4 * sizes[sizes.count / 2] / 0.6745
    guard limit > 0 else { return 0 }
    return zip(values, values.dropFirst()).count { abs($0) < limit && abs($1) >= limit }
  }

  /// Power over the floor, and directions that stand out of it; (1, 1) for few channels.
  private static func spread(_ covariance: [Float], order: Int) -> (Double, Double) {
    guard order >= 4, let values = DenseMatrix.symmetricEigenvalues(covariance, order: order)
    else { return (1, 1) }
    let sizes = values.map { max(0, Double($0)) }
    let total = sizes.reduce(0, +) / Double(order)
    // The lower quarter holds what the channels do not share.
    let floor = max(sizes[order / 8], 1e-6 * total)
    guard floor > 0 else { return (1, 1) }
    return (max(1, total / floor), Double(max(1, sizes.count { $0 > 3 * floor })))
  }
}
