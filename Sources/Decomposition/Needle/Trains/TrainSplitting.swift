import Foundation

extension NeedleModel {
  /// Splits units whose irregular trains fall into two regular ones by shape.
  ///
  /// Two-means on the potentials less the other units, started from the median cut of each of the
  /// first two principal components.
  mutating func split() {
    let limits = configuration.splitting
    for unit in units.indices {
      let statistics = statistics(unit)
      if statistics.count < limits.fewestFirings || statistics.energy < limits.leastEnergy
        || units.count >= configuration.maximumUnits
        || (statistics.regularity > limits.clearRegularity
          && statistics.intervals.variation < limits.clearVariation)
      {
        continue
      }
      let reach = half
      let times = units[unit].firings.filter { $0 >= reach && $0 + reach < signal.count }
      var (rows, potentials) = windows(residual(), at: times, reach: reach)
      if rows < limits.fewestFirings { continue }
      let width = potentials.count / rows
      for row in 0..<rows {
        for index in 0..<width { potentials[row * width + index] += units[unit].template[index] }
      }
      let features = splitFeatures(potentials, rows: rows)
      var best: (gain: Double, first: [Bool])?
      for component in 0..<2 {
        guard let first = twoMeans(features, rows: rows, component: component) else { continue }
        let a = zip(times, first).filter { $0.1 }.map(\.0)
        let b = zip(times, first).filter { !$0.1 }.map(\.0)
        let gain =
          [a, b].reduce(0) { $0 + evidence(of: $1) } / Double(rows)
        if best.map({ gain > $0.gain }) ?? true { best = (gain, first) }
      }
      guard let best, best.gain > statistics.regularity + limits.leastGain else {
        continue
      }
      note("  split \(unit) regularity \(statistics.regularity) -> \(best.gain)")
      func part(_ member: Bool) -> WorkingUnit {
        let chosen = (0..<rows).filter { best.first[$0] == member }
        var values: [Float] = []
        for row in chosen { values += potentials[row * width..<(row + 1) * width] }
        let template = columnTrimmedMean(
          values, rows: chosen.count, trim: configuration.templates.firstTrim)
        return WorkingUnit(
          template: supported(template, firings: chosen.count), firings: chosen.map { times[$0] })
      }
      let second = part(false)
      units[unit] = part(true)
      units.append(second)
    }
  }

  /// Nats by which a train is likelier than a random one.
  private func evidence(of train: [Int]) -> Double {
    IntervalModel(firings: train, rate: signal.rate, limits: configuration.intervals)
      .regularity(train, rate: signal.rate) * Double(train.count)
  }

  /// The centre of each potential on half the grid, centred: rows x features.
  private func splitFeatures(_ potentials: [Float], rows: Int) -> [Float] {
    let reach = min(half, Int(configuration.splitting.reach * signal.rate))
    let decimation = max(1, Int(signal.oversampling) / 2)
    let width = potentials.count / rows
    var columns: [Int] = []
    for channel in 0..<signal.channels.count {
      columns += stride(
        from: channel * length + half - reach, through: channel * length + half + reach,
        by: decimation)
    }
    var features = [Float](repeating: 0, count: rows * columns.count)
    for (position, column) in columns.enumerated() {
      var mean: Float = 0
      for row in 0..<rows { mean += potentials[row * width + column] }
      mean /= Float(rows)
      for row in 0..<rows {
        features[row * columns.count + position] = potentials[row * width + column] - mean
      }
    }
    return features
  }

  /// Which rows fall into the first of two clusters, or nil where one is too small.
  private func twoMeans(_ features: [Float], rows: Int, component: Int) -> [Bool]? {
    let width = features.count / rows
    let scores = principalScores(features, rows: rows, component: component)
    let cut = median(scores)
    var first = scores.map { $0 > cut }
    for _ in 0..<15 {
      let count = first.filter { $0 }.count
      let few = configuration.splitting.fewestRefined
      if count < few || rows - count < few { break }
      var a = [Float](repeating: 0, count: width)
      var b = a
      for row in 0..<rows {
        for index in 0..<width {
          if first[row] {
            a[index] += features[row * width + index] / Float(count)
          } else {
            b[index] += features[row * width + index] / Float(rows - count)
          }
        }
      }
      let next = (0..<rows).map { row in
        var difference: Float = 0
        for index in 0..<width {
          let value = features[row * width + index]
          difference += (value - a[index]) * (value - a[index])
          difference -= (value - b[index]) * (value - b[index])
        }
        return difference < 0
      }
      if next == first { break }
      first = next
    }
    let count = first.filter { $0 }.count
    let least = configuration.splitting.fewestInPart
    return count < least || rows - count < least ? nil : first
  }
}

/// The scores of rows on a principal component by power iteration with deflation.
func principalScores(_ features: [Float], rows: Int, component: Int) -> [Float] {
  let width = features.count / rows
  var work = features
  var scores = [Float](repeating: 0, count: rows)
  for order in 0...component {
    // A fixed start with all frequencies keeps the result reproducible.
    var axis = (0..<width).map { Float(cos(Double(($0 * ($0 + 7 * order)) % 101))) }
    for _ in 0..<30 {
      scores = (0..<rows).map { row in
        var sum: Float = 0
        for index in 0..<width { sum += work[row * width + index] * axis[index] }
        return sum
      }
      var next = [Float](repeating: 0, count: width)
      for row in 0..<rows {
        for index in 0..<width { next[index] += scores[row] * work[row * width + index] }
      }
      let norm = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if norm < 1e-20 { break }
      axis = next.map { $0 / norm }
    }
    scores = (0..<rows).map { row in
      var sum: Float = 0
      for index in 0..<width { sum += work[row * width + index] * axis[index] }
      return sum
    }
    for row in 0..<rows {
      for index in 0..<width { work[row * width + index] -= scores[row] * axis[index] }
    }
  }
  return scores
}
