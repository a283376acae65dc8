import Foundation
import Signal

/// A pool prepared for many stimuli: units in order of the stimulus above which they always fire.
struct OrderedPool {
  /// Beyond this many spreads from its threshold a unit always or never fires (probability 3e-5).
  private static let reach = 4.0
  /// Units whose response-to-response variation is drawn together once all of them fire.
  private static let block = 8

  private let thresholds: [Double]
  private let inverseWidths: [Double]
  private let certainAbove: [Double]
  /// Lowest stimulus that any unit from this rank on can answer.
  private let silentBelow: [Double]
  /// 32 samples for each rank.
  private let waveforms: [Float]
  /// Sum of the waveforms before each rank, 32 samples each.
  private let sums: [Float]
  /// Sum of each block, scaled to the root sum of squares of its sizes, 32 samples each.
  private let blocks: [Float]

  init(_ pool: SimulatedPool) {
    let certain = (0..<pool.count).map {
      pool.thresholds[$0] * (1 + Self.reach * pool.relativeSpreads[$0])
    }
    let order = certain.indices.sorted { certain[$0] < certain[$1] }
    thresholds = order.map { pool.thresholds[$0] }
    inverseWidths = order.map { 1 / (pool.thresholds[$0] * pool.relativeSpreads[$0]) }
    certainAbove = order.map { certain[$0] }
    let shapes = order.map { pool.waveforms[$0] }
    waveforms = shapes.flatMap { Self.samples($0) }
    var lowest = [Double](repeating: .infinity, count: pool.count + 1)
    var sums = [SIMD32<Float>](repeating: .zero, count: pool.count + 1)
    for rank in (0..<pool.count).reversed() {
      let low = thresholds[rank] - Self.reach / inverseWidths[rank]
      lowest[rank] = min(lowest[rank + 1], low)
    }
    for rank in 0..<pool.count { sums[rank + 1] = sums[rank] + shapes[rank] }
    silentBelow = lowest
    self.sums = sums.flatMap { Self.samples($0) }
    blocks = (0..<pool.count / Self.block).flatMap { number in
      let units = order[number * Self.block..<(number + 1) * Self.block]
      let sizes = units.map { pool.amplitudes[$0] }
      let total = sizes.reduce(0, +)
      let root = sizes.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let sum = sums[(number + 1) * Self.block] - sums[number * Self.block]
      return Self.samples(sum).map { $0 * Float(root / total) }
    }
  }

  private static func samples(_ shape: SIMD32<Float>) -> [Float] {
    shape.indices.map { shape[$0] }
  }

  /// The peak of the summed waveform at one stimulus.
  ///
  /// `variation` is the coefficient of variation of each unit; of units that surely fire it is drawn
  /// by blocks of neighbours in threshold, with the variance of the block. `work` holds 32 samples.
  func peak(
    at stimulus: Double, variation: Double, work: inout [Float],
    _ generator: inout SeededGenerator
  ) -> Float {
    var sure = 0
    var high = thresholds.count
    while sure < high {
      let middle = (sure + high) / 2
      if certainAbove[middle] < stimulus { sure = middle + 1 } else { high = middle }
    }
    for sample in 0..<32 { work[sample] = 0 }
    WaveformSum.add(sums, at: sure, gain: 1, into: &work)
    if variation > 0 {
      let whole = sure / Self.block
      for number in 0..<whole {
        let gain = Float(variation) * generator.nearlyNormal()
        WaveformSum.add(blocks, at: number, gain: gain, into: &work)
      }
      for rank in whole * Self.block..<sure {
        let gain = Float(variation) * generator.nearlyNormal()
        WaveformSum.add(waveforms, at: rank, gain: gain, into: &work)
      }
    }
    var rank = sure
    while rank < thresholds.count, silentBelow[rank] < stimulus {
      let z = (stimulus - thresholds[rank]) * inverseWidths[rank]
      if z > -Self.reach, generator.uniform() < NormalTable.probability(z) {
        let gain = variation > 0 ? 1 + Float(variation) * generator.nearlyNormal() : 1
        WaveformSum.add(waveforms, at: rank, gain: gain, into: &work)
      }
      rank += 1
    }
    return work.max() ?? 0
  }
}

/// The normal distribution function from a table, exact to 1e-6.
enum NormalTable {
  private static let values: [Double] = (0...2049).map {
    0.5 * erfc(-(Double($0) / 256 - 4) / 2.0.squareRoot())
  }

  /// Phi(z) for z in -4...4; the value at the edge beyond.
  static func probability(_ z: Double) -> Double {
    let position = min(max((z + 4) * 256, 0), 2048)
    let below = Int(position)
    return values[below] + (values[below + 1] - values[below]) * (position - Double(below))
  }
}
