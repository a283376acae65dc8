import Decomposition
import Foundation
import MotorUnits
import Signal

/// Potentials with a closed form over the skin, sampled by arrays wherever they lie.
struct TrackingExamples {
  /// One unit: where it lies, how deep, when it fires against its discharge time.
  struct Source {
    let name: String
    let x: Double
    let y: Double
    let depth: Double
    let width: Double
    let velocity: Double
    let strength: Double
  }

  let sources: [Source]

  /// Units scattered under the array.
  init(count: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    sources = (0..<count).map { index in
      Source(
        name: "u\(index)", x: random.uniform(-15, 15), y: random.uniform(-22, 22),
        depth: random.uniform(5, 14), width: random.uniform(1.2, 2.6),
        velocity: random.uniform(3.2, 4.8), strength: random.uniform(300, 2_000))
    }
  }

  /// Positions of a grid in its own frame, 8 mm apart.
  static func grid(_ rows: Int, _ columns: Int) -> [[Double]] {
    (0..<rows * columns).map { place in
      let row = Double(place / columns) - Double(rows - 1) / 2
      let column = Double(place % columns) - Double(columns - 1) / 2
      return [8 * row, 8 * column]
    }
  }

  /// A recording of chosen units by an array mounted somewhere.
  func recording(
    _ chosen: [Int], positions: [[Double]], mounting: GridMounting = GridMounting(),
    rate: Double = 2_048, gain: Double = 1, missing: Set<Int> = [], noise: Double = 0.5,
    seed: UInt64 = 1, knowsPositions: Bool = true
  ) -> TrackedRecording {
    var random = SeededGenerator(seed: seed, stream: 3)
    let angle = mounting.rotationDegrees * Double.pi / 180
    let places = positions.map { p in
      (
        p[0] * cos(angle) - p[1] * sin(angle) + mounting.shiftAlong,
        p[0] * sin(angle) + p[1] * cos(angle) + mounting.shiftAcross
      )
    }
    let length = Int(0.04 * rate)
    let units = chosen.map { index -> TrackedTemplate in
      let source = sources[index]
      let channels = places.enumerated().map { channel, place -> [Float] in
        if missing.contains(channel) { return [] }
        let across = place.1 - source.y
        let distance = (across * across + source.depth * source.depth).squareRoot()
        let arrival = abs(place.0 - source.x) / source.velocity
        return (0..<length).map { sample in
          let t = 1_000 * Double(sample - length / 2) / rate - arrival
          let u = t / (source.width + distance / 20)
          let value = source.strength / distance * (u * u - 1) * exp(-u * u / 2)
          return Float(gain * value + noise * random.normal())
        }
      }
      return TrackedTemplate(
        unit: source.name,
        template: MUAPTemplate(channels: channels, samplingRate: rate, origin: length / 2),
        noiseMicrovolts: noise)
    }
    return TrackedRecording(positions: knowsPositions ? positions : nil, units: units)
  }
}
