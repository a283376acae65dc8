import Foundation

@testable import Recordings

/// Signals whose every sample is known: channel c, sample n.
enum SyntheticEMG {
  static func value(_ channel: Int, _ sample: Int) -> Float {
    let x = Double(sample)
    return Float(
      (200 + 10 * Double(channel)) * sin(x * 0.37 + Double(channel))
        + 55 * cos(x * 0.011 * Double(channel + 1)))
  }

  static func signals(channels: Int, samples: Int) -> [[Float]] {
    (0..<channels).map { channel in (0..<samples).map { value(channel, $0) } }
  }

  static func recording(
    channels: Int, samples: Int, samplingRate: Double = 2048
  ) -> Recording {
    Recording(
      signals: signals(channels: channels, samples: samples), samplingRate: samplingRate)
  }

  static func largestDifference(_ first: [[Float]], _ second: [[Float]]) -> Float {
    guard first.map(\.count) == second.map(\.count) else { return .infinity }
    var largest: Float = 0
    for (a, b) in zip(first, second) {
      for (x, y) in zip(a, b) { largest = max(largest, abs(x - y)) }
    }
    return largest
  }
}

/// The error a closure throws, nil where it throws none.
func thrown(_ body: () throws -> some Any) -> RecordingError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? RecordingError
  }
}
