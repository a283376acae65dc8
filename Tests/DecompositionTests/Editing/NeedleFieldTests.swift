import Foundation
import Signal
import Testing

@testable import Decomposition

/// Two units with known potentials and trains in noise, some of their discharges superimposed.
struct NeedleFieldTests {
  private static let rate = 10_000.0
  private static let count = 80_000

  /// A potential at a time in seconds from its discharge, in microvolts.
  private static func shape(_ unit: Int, _ time: Double) -> Double {
    let width = unit == 0 ? 0.000_4 : 0.000_8
    let size = unit == 0 ? 300.0 : 180.0
    let x = time / width
    return unit == 0
      ? size * (1 - x * x) * exp(-x * x / 2) : size * x * exp(-x * x / 2) * 1.2
  }

  private struct Scene {
    var signal: [Float]
    var trains: [[Double]]
  }

  private static func scene(seed: UInt64) -> Scene {
    var random = SeededGenerator(seed: seed)
    let length = Double(count) / rate
    var trains: [[Double]] = []
    for interval in [0.09, 0.117] {
      var times: [Double] = []
      var time = 0.05
      while time < length - 0.05 {
        times.append(time * rate)
        time += interval * (1 + Double.random(in: -0.15...0.15, using: &random))
      }
      trains.append(times)
    }
    // One superposition that the rhythm alone need not bring.
    trains[1][20] = trains[0].min { abs($0 - trains[1][20]) < abs($1 - trains[1][20]) }! + 7.3
    var signal = (0..<count).map { _ in Float(8 * random.normal()) }
    for (unit, train) in trains.enumerated() {
      for time in train {
        let low = max(0, Int(time) - 100)
        for index in low..<min(count, low + 200) {
          signal[index] += Float(shape(unit, (Double(index) - time) / rate))
        }
      }
    }
    return Scene(signal: signal, trains: trains.map { $0.sorted() })
  }

  @Test("Discharges stand out of a source, superimposed ones too, and others do not")
  func source() throws {
    let scene = Self.scene(seed: 5)
    let field = try NeedleField(
      channels: [scene.signal], samplingRate: Self.rate, trains: scene.trains)
    for unit in 0...1 {
      let source = try #require(
        field.source(components: [unit], discharges: scene.trains[unit]))
      let heights = scene.trains[unit].compactMap { source.height(at: $0) }
      #expect(heights.allSatisfy { $0 > 0.75 && $0 < 1.25 })
      let peaks = source.peaks(in: source.range, above: 0.6)
      let wrong = peaks.filter { peak in
        !scene.trains[unit].contains { abs($0 - peak.time) < 10 }
      }
      #expect(wrong.isEmpty)
      let quality = source.quality(of: scene.trains[unit], in: source.range)
      #expect((quality.silhouette ?? 0) > 0.95)
    }
  }

  @Test("A discharge that the train lacks is proposed, one that is wrong is taken")
  func reestimate() throws {
    let scene = Self.scene(seed: 6)
    var train = scene.trains[0]
    let lost = train.remove(at: 30)
    let wrong = (train[40] + train[41]) / 2 + 17
    train = (train + [wrong]).sorted()
    let field = try NeedleField(
      channels: [scene.signal], samplingRate: Self.rate, trains: [train, scene.trains[1]])
    let found = try #require(
      field.reestimate(components: [0], train: train, in: 0..<Double(Self.count)))
    #expect(found.added.count == 1 && abs((found.added.first ?? 0) - lost) < 3)
    #expect(found.removed == [wrong])
  }

  @Test("Potentials are those that were put in, on the part of the recording that the field is of")
  func potentials() throws {
    let scene = Self.scene(seed: 7)
    let start = 20_000
    let field = try NeedleField(
      channels: [Array(scene.signal[start...]), Array(scene.signal[start...])],
      samplingRate: Self.rate, start: start, trains: scene.trains)
    for unit in 0...1 {
      let template = field.template(of: unit)
      var error = 0.0
      var power = 0.0
      for (index, value) in template.channels[0].enumerated() {
        let truth = Self.shape(unit, Double(index - template.origin) / Self.rate)
        error += (Double(value) - truth) * (Double(value) - truth)
        power += truth * truth
      }
      #expect(error < 0.02 * power)
      let shimmer = try #require(
        field.shimmer(components: [unit], discharges: scene.trains[unit]))
      #expect(shimmer.rows.count == shimmer.times.count)
      #expect(shimmer.times.allSatisfy { $0 >= Double(start) })
      // The others are gone: what is left beside the potential is noise.
      let rest = shimmer.rows.map { row in
        row.prefix(40).reduce(0.0) { $0 + Double($1) * Double($1) } / 40
      }
      #expect(rest.max()!.squareRoot() < 25)
    }
    #expect(field.source(components: [0], discharges: [10]) == nil)
    #expect(throws: DecompositionError.self) {
      try NeedleField(channels: [[1, 2, 3]], samplingRate: Self.rate, trains: [])
    }
  }

  @Test(
    "Superpositions read wrongly are resolved, and what was right stays",
    arguments: [11, 12, 13] as [UInt64])
  func resolve(seed: UInt64) throws {
    let scene = Self.scene(seed: seed)
    // Each tenth discharge of the small unit is lost, and each thirteenth lies 4 ms off its place.
    var train = scene.trains[1]
    let lost = train.enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
    let moved = train.enumerated().filter { $0.offset % 13 == 5 && $0.offset % 10 != 0 }
      .map(\.element)
    train = train.filter { !lost.contains($0) && !moved.contains($0) } + moved.map { $0 + 40 }
    train.sort()
    let field = try NeedleField(
      channels: [scene.signal], samplingRate: Self.rate, trains: [scene.trains[0], train])
    var found: [[Double]] = [[], []]
    let step = NeedleField.longestWindow * Self.rate / 2
    for start in stride(from: 0.0, to: Double(Self.count), by: step) {
      let window = start..<min(start + step, Double(Self.count))
      let part = field.resolve(
        [
          .init(components: [0], train: scene.trains[0]), .init(components: [1], train: train),
        ], in: window)
      for unit in 0...1 { found[unit] += part[unit] }
    }
    for unit in 0...1 {
      let agreement = TrainAgreement(
        found[unit], scene.trains[unit], tolerance: 6, longestLag: 3)
      #expect(agreement.rate > 0.97, "unit \(unit): \(agreement)")
    }
  }
}
