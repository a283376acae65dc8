import Foundation
import Signal

/// Detected spikes, their pairwise neighbourhoods and which of them are still unassigned.
struct SpikeComparison {
  private let peaks: [Int]
  /// Spikes x channels x the decimated wide window from each of its first samples.
  private let phases: [Float]
  private let phaseLength: Int
  private let channels: Int
  private let shiftReach: Int
  /// Grid samples between the shifts of spikes that are compared with one another.
  private let shiftStep: Int
  private let decimation: Int
  private let coreLength: Int
  private let freedom: Float
  private let energyScale: Float
  private let limits: NeedleConfiguration.Comparison
  private let discovery: NeedleConfiguration.Discovery
  private let trim: Double
  private var energies: [Float]
  private var adjacency: [Bool]
  private var neighbours: [Int]
  private var alive: [Bool]

  init(_ model: NeedleModel, residual: [[Float]], peaks: [Int]) {
    let rate = model.signal.rate
    let configuration = model.configuration
    limits = configuration.comparison
    discovery = configuration.discovery
    trim = configuration.templates.firstTrim
    let reach = Int(configuration.detectionHalfWidth * rate)
    shiftReach = Int(limits.shiftReach * rate)
    shiftStep = max(1, Int(rate / 20_000))
    // Two samples for each independent one carry all of the shape.
    let decimation = max(shiftStep, Int(model.signal.oversampling / 2))
    self.decimation = decimation
    channels = residual.count
    self.peaks = peaks
    let (rows, values) = model.windows(residual, at: peaks, reach: reach + shiftReach)
    precondition(rows == peaks.count, "peaks keep clear of the ends")
    let wideLength = 2 * (reach + shiftReach) + 1
    phaseLength = (wideLength + decimation - 1) / decimation
    phases = Self.phases(
      values, length: wideLength, decimation: decimation, phaseLength: phaseLength)
    coreLength = (2 * reach) / decimation + 1
    let independentRate = rate / model.signal.oversampling
    freedom = Float(Double(channels) * 2 * configuration.detectionHalfWidth * independentRate)
    energyScale = Float(model.signal.oversampling) / Float(decimation)
    energies = []
    adjacency = []
    neighbours = [Int](repeating: 0, count: rows)
    alive = [Bool](repeating: true, count: rows)
    connect()
  }

  /// Windows of `length` samples, each as its decimated versions one after another.
  private static func phases(
    _ windows: [Float], length: Int, decimation: Int, phaseLength: Int
  ) -> [Float] {
    let count = windows.count / length
    var result = [Float](repeating: 0, count: count * decimation * phaseLength)
    for window in 0..<count {
      for phase in 0..<decimation {
        let target = (window * decimation + phase) * phaseLength
        for (index, sample) in stride(from: phase, to: length, by: decimation).enumerated() {
          result[target + index] = windows[window * length + sample]
        }
      }
    }
    return result
  }

  /// Where in `phases` the core window of a spike begins at a shift.
  private func coreStart(_ spike: Int, channel: Int, shift: Int) -> Int {
    let first = shiftReach + shift
    return ((spike * channels + channel) * decimation + first % decimation) * phaseLength
      + first / decimation
  }

  /// One spike's core window at a shift, decimated, channel by channel.
  private func core(_ spike: Int, shift: Int, into target: inout [Float], at position: Int) {
    for channel in 0..<channels {
      copyWindow(
        phases, from: coreStart(spike, channel: channel, shift: shift), count: coreLength,
        to: &target, at: position + channel * coreLength)
    }
  }

  private mutating func connect() {
    let rows = peaks.count
    let width = channels * coreLength
    var reference = [Float](repeating: 0, count: rows * width)
    for row in 0..<rows { core(row, shift: 0, into: &reference, at: row * width) }
    energies = rowEnergies(reference, width: width)
    var best = [Float](repeating: .infinity, count: rows * rows)
    var shifted = reference
    var products = [Float](repeating: 0, count: rows * rows)
    // Of a pair either spike is the one that is shifted, so that later shifts are enough.
    for shift in stride(from: 0, through: shiftReach, by: shiftStep) {
      for row in 0..<rows { core(row, shift: shift, into: &shifted, at: row * width) }
      let shiftedEnergies = rowEnergies(shifted, width: width)
      DenseMatrix.multiply(
        reference, shifted, transposeB: true, into: &products, rows: rows, columns: rows,
        inner: width)
      keepSmallestDistance(
        &best, products: products, rowEnergies: energies, columnEnergies: shiftedEnergies)
    }
    let scale = 1 / energyScale
    energies = energies.map { $0 * scale }
    adjacency = [Bool](repeating: false, count: rows * rows)
    for a in 0..<rows {
      for b in a..<rows {
        let distance = min(best[a * rows + b], best[b * rows + a]) * scale
        let least = min(energies[a], energies[b])
        let noise = limits.neighbourMisfit * freedom + limits.neighbourVariation * least
        if distance < min(noise, limits.neighbourShare * least) {
          adjacency[a * rows + b] = true
          adjacency[b * rows + a] = true
          neighbours[a] += 1
          if b != a { neighbours[b] += 1 }
        }
      }
    }
  }

  private func rowEnergies(_ values: [Float], width: Int) -> [Float] {
    (0..<peaks.count).map { row in
      var sum: Float = 0
      for index in row * width..<(row + 1) * width { sum += values[index] * values[index] }
      return sum
    }
  }

  /// The unassigned spike with the most and largest company, if it has at least `minimum`.
  func densest(atLeast minimum: Int) -> Int? {
    var best: Int?
    var bestScore: Float = -1
    var most: Int?
    for index in peaks.indices where alive[index] {
      let score = Float(neighbours[index]) * log(2 + energies[index] / freedom)
      if score > bestScore {
        bestScore = score
        best = index
      }
      if most.map({ neighbours[index] > neighbours[$0] }) ?? true { most = index }
    }
    if let best, neighbours[best] >= minimum { return best }
    if let most, neighbours[most] >= minimum { return most }
    return nil
  }

  /// Removes a cluster from the unassigned spikes and returns its aligned times.
  mutating func takeCluster(around seed: Int) -> [Int] {
    let rows = peaks.count
    let width = channels * coreLength
    var template = [Float](repeating: 0, count: width)
    core(seed, shift: 0, into: &template, at: 0)
    let members = peaks.indices.filter { alive[$0] && adjacency[seed * rows + $0] }
    var times = members.map { peaks[$0] }
    var remove = Set(members)
    for round in 0..<4 {
      let candidates = round == 0 ? members : peaks.indices.filter { alive[$0] }
      let energy = template.reduce(0) { $0 + $1 * $1 } / energyScale
      let bound = min(
        limits.memberMisfit * freedom + limits.memberVariation * energy, limits.memberShare * energy
      )
      var kept: [(spike: Int, shift: Int)] = []
      var near: [Int] = []
      for spike in candidates {
        let (distance, shift) = closest(spike, to: template)
        if distance < bound * energyScale { kept.append((spike, shift)) }
        if distance < Float(discovery.nearShare) * bound * energyScale { near.append(spike) }
      }
      if kept.count < discovery.fewestMembers { break }
      var aligned = [Float](repeating: 0, count: kept.count * width)
      for (row, entry) in kept.enumerated() {
        core(entry.spike, shift: entry.shift, into: &aligned, at: row * width)
      }
      template = columnTrimmedMean(aligned, rows: kept.count, trim: trim)
      times = kept.map { peaks[$0.spike] + $0.shift }
      remove = Set(members).union(kept.map(\.spike)).union(near)
    }
    for spike in remove.sorted() where alive[spike] {
      alive[spike] = false
      for other in 0..<rows where adjacency[spike * rows + other] { neighbours[other] -= 1 }
    }
    return times
  }

  /// The smallest squared distance of a spike to a template over all shifts.
  private func closest(_ spike: Int, to template: [Float]) -> (distance: Float, shift: Int) {
    var best = Float.infinity
    var bestShift = 0
    for shift in -shiftReach...shiftReach {
      var sum: Float = 0
      for channel in 0..<channels {
        sum += squaredDistance(
          phases, from: coreStart(spike, channel: channel, shift: shift), template,
          from: channel * coreLength, count: coreLength)
      }
      if sum < best {
        best = sum
        bestShift = shift
      }
    }
    return (best, bestShift)
  }
}
