import RealModule
import Signal

extension NeedleField {
  /// A unit whose discharges within a window are looked for anew.
  public struct ResolvedUnit: Sendable {
    /// Trains given at the start whose potentials are its own.
    public var components: [Int]
    /// Its discharges in samples of the recording, ascending.
    public var train: [Double]

    /// A unit from its potentials and its train.
    public init(components: [Int], train: [Double]) {
      self.components = components
      self.train = train
    }
  }

  /// Longest window that is resolved at once, in seconds.
  public static let longestWindow = 0.5
  /// Shortest interval of one unit's discharges, in seconds.
  static let refractoryTime = 0.003
  /// Share of a potential's energy that a discharge must explain, so that a misfit of the potentials of large
  /// units is no discharge of small ones.
  static let explainedShare = 0.35

  /// Explains a short window anew by discharges of all units together, for superpositions that were read
  /// wrongly.
  ///
  /// Minimises the squared residual over the noise variance plus a cost of each discharge (twice the
  /// logarithm of the samples in the window: the evidence that one place among them needs) by matching
  /// pursuit (Mallat and Zhang 1993, IEEE Trans. Signal Process. 41), then by moving, taking out and exchanging
  /// single discharges, and pairs of them, until nothing improves. It starts from the present trains and from
  /// none, and keeps the better, so that the result is never a worse explanation than the present one.
  ///
  /// - Parameters:
  ///   - units: all units that are there.
  ///   - window: samples of the recording.
  /// - Returns: the discharges of each unit within the window, in samples of the recording, ascending.
  public func resolve(_ units: [ResolvedUnit], in window: Range<Double>) -> [[Double]] {
    var puzzle = NeedlePuzzle(self, units: units, window: window)
    let present = units.map { unit in unit.train.filter { window.contains($0) } }
    guard puzzle.isUsable else { return present }
    let fromNone = puzzle
    for (unit, times) in present.enumerated() {
      for time in times { puzzle.put(.init(unit: unit, time: time - Double(start))) }
    }
    let current = puzzle
    var best = current
    for begun in [current, fromNone] {
      var next = begun
      next.improve()
      if next.cost < best.cost - 1e-6 * abs(best.cost) { best = next }
    }
    return units.indices.map { unit in
      best.found.filter { $0.unit == unit }.map { $0.time + Double(start) }.sorted()
    }
  }
}

/// A window, the potentials that may lie in it, and an explanation of it.
private struct NeedlePuzzle {
  struct Discharge: Equatable {
    var unit: Int
    /// In samples of the field's stretch.
    var time: Double
  }

  private let half: Int
  private let first: Int
  private let allowed: Range<Double>
  private let potentials: [[[Float]]]
  private let energies: [Float]
  private let weights: [Float]
  private let price: Float
  private let refractory: Double
  private var samples: [[Float]]
  private(set) var found: [Discharge] = []

  var isUsable: Bool { energies.contains { $0 > 0 } && samples[0].count > 2 * half }

  init(_ field: NeedleField, units: [NeedleField.ResolvedUnit], window: Range<Double>) {
    let offset = Double(field.start)
    let half = field.band.half
    let count = field.band.residual[0].count
    let low = max(0, window.lowerBound - offset)
    let high = min(Double(count), window.upperBound - offset)
    allowed = low..<max(low, high)
    let first = max(0, Int(low) - 2 * half)
    let end = max(first, min(count, Int(high.rounded(.up)) + 2 * half))
    // Everything that the field was given, then less what lies outside the window.
    var samples = field.band.signal(of: Array(field.band.potentials.indices))
      .map { Array($0[first..<end]) }
    weights = field.weights
    refractory = NeedleField.refractoryTime * field.rate
    price = 2 * Float.log(Float(max(2, high - low)))
    var shapes: [[[Float]]] = []
    for unit in units {
      let inside = unit.train.map { $0 - offset }
      let potential = field.band.signal(of: unit.components).map {
        NeedlePotentials.mean(of: $0, at: inside, half: field.band.half)
      }
      shapes.append(potential)
      let outside = inside.filter { !(low..<max(low, high)).contains($0) }
        .map { $0 - Double(first) }
      let near = outside.filter { $0 > -Double(2 * half) && $0 < Double(end - first + 2 * half) }
      for channel in samples.indices {
        NeedlePotentials.add(potential[channel], of: near, gain: -1, to: &samples[channel])
      }
    }
    self.half = half
    self.first = first
    self.samples = samples
    potentials = shapes
    energies = shapes.map { potential in
      zip(potential, field.weights).reduce(Float(0)) { sum, part in
        sum + part.1 * part.0.reduce(0) { $0 + $1 * $1 }
      }
    }
  }

  /// Squared residual over the noise variance, and the price of the discharges.
  var cost: Double {
    var total = Double(price) * Double(found.count)
    for (channel, weight) in zip(samples, weights) {
      total += Double(weight) * channel.reduce(0.0) { $0 + Double($1) * Double($1) }
    }
    return total
  }

  mutating func put(_ discharge: Discharge) {
    change(discharge, gain: -1)
    found.append(discharge)
  }

  mutating func take(_ index: Int) -> Discharge {
    let discharge = found.remove(at: index)
    change(discharge, gain: 1)
    return discharge
  }

  private mutating func change(_ discharge: Discharge, gain: Float) {
    for channel in samples.indices {
      NeedlePotentials.add(
        potentials[discharge.unit][channel], of: [discharge.time - Double(first)], gain: gain,
        to: &samples[channel])
    }
  }

  /// What one more discharge of a unit at a whole sample would take off the cost.
  private func gain(_ unit: Int, at place: Int) -> Float {
    let start = place - first - half
    guard energies[unit] > 0, start >= 0, start + 2 * half < samples[0].count else {
      return -.infinity
    }
    var product: Float = 0
    for (channel, weight) in zip(samples.indices, weights) {
      var sum: Float = 0
      for (index, value) in potentials[unit][channel].enumerated() {
        sum += value * samples[channel][start + index]
      }
      product += weight * sum
    }
    return 2 * product - energies[unit] - price
  }

  /// The discharge that takes most off the cost, in a range of samples; nil where none does.
  private func best(near range: Range<Int>) -> (discharge: Discharge, gain: Float)? {
    var best: (discharge: Discharge, gain: Float)?
    for unit in potentials.indices where energies[unit] > 0 {
      let own = found.filter { $0.unit == unit }.map(\.time)
      let least = NeedleField.explainedShare * Double(energies[unit])
      var values: [Int: Float] = [:]
      for place in range where allowed.contains(Double(place)) {
        if own.contains(where: { abs($0 - Double(place)) < refractory }) { continue }
        let value = gain(unit, at: place)
        values[place] = value
        guard value > 0, Double(value) > least, value > (best?.gain ?? 0) else { continue }
        best = (Discharge(unit: unit, time: Double(place)), value)
      }
      // The top of the parabola through three neighbours is the place between samples.
      if let found = best, found.discharge.unit == unit {
        let place = Int(found.discharge.time.rounded())
        let left = values[place - 1] ?? gain(unit, at: place - 1)
        let right = values[place + 1] ?? gain(unit, at: place + 1)
        let bend = left - 2 * found.gain + right
        if bend < 0, left.isFinite, right.isFinite {
          best?.discharge.time =
            Double(place) + Double(max(-0.5, min(0.5, 0.5 * (left - right) / bend)))
        }
      }
    }
    return best
  }

  private var everywhere: Range<Int> {
    Int(allowed.lowerBound)..<max(Int(allowed.lowerBound), Int(allowed.upperBound.rounded(.up)))
  }

  private mutating func fill(near range: Range<Int>, atMost count: Int = .max) {
    var put = 0
    while put < count, found.count < 200, let next = best(near: range) {
      self.put(next.discharge)
      put += 1
    }
  }

  /// Fills up, then takes discharges out, singly and with their neighbours, and explains their surroundings
  /// anew, as long as the cost falls.
  mutating func improve() {
    fill(near: everywhere)
    for _ in 0..<8 {
      let before = cost
      for discharge in found {
        let near = found.filter {
          $0 != discharge && abs($0.time - discharge.time) < Double(half)
        }
        // Alone, with each neighbour, and with all of them.
        for others in [[]] + near.map({ [$0] }) + (near.count > 1 ? [near] : []) {
          var trial = self
          var isThere = true
          for one in [discharge] + others {
            guard let index = trial.found.firstIndex(of: one) else {
              isThere = false
              break
            }
            _ = trial.take(index)
          }
          guard isThere else { continue }
          let low = Int(discharge.time) - 2 * half
          trial.fill(near: low..<(low + 4 * half), atMost: others.count + 3)
          if trial.cost < cost - 1e-3 { self = trial }
        }
      }
      if cost > before - 1e-3 { break }
    }
  }
}
