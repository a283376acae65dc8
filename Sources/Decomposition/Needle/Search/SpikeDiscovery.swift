import Foundation
import Signal

/// A cluster of like spikes: the seed of a unit.
struct SpikeCluster {
  var template: [Float]
  var times: [Int]
}

extension NeedleModel {
  /// Finds clusters of like spikes in a residual.
  ///
  /// Spikes are compared in the noise metric over small windows at the best shift; dense and large
  /// ones come first. Each cluster is refined by its median four times.
  func discover(_ residual: [[Float]], threshold: Double, limit: Int) -> [SpikeCluster] {
    let peaks = spikePeaks(residual, threshold: Float(threshold))
    let limits = configuration.discovery
    if peaks.count < limits.fewestPeaks { return [] }
    var comparison = SpikeComparison(self, residual: residual, peaks: peaks)
    let minimum = max(limits.fewestSpikes, limits.spikesPerSecond * duration)
    var found: [SpikeCluster] = []
    while found.count < limit {
      let least = max(limits.fewestNeighbours, limits.neighbourShare * minimum)
      guard let seed = comparison.densest(atLeast: Int(least.rounded(.up))) else { break }
      let times = comparison.takeCluster(around: seed)
      if Double(times.count) < limits.clusterShare * minimum { continue }
      let (rows, values) = windows(residual, at: times, reach: half)
      if rows < limits.fewestMembers { continue }
      let template = columnTrimmedMean(values, rows: rows, trim: configuration.templates.firstTrim)
      found.append(
        SpikeCluster(template: supported(template, firings: rows), times: times.sorted()))
    }
    return fuse(found)
  }

  /// Peaks of the largest absolute channel that exceed a threshold and dominate those around them.
  func spikePeaks(_ residual: [[Float]], threshold: Float) -> [Int] {
    let reach = Int(configuration.comparison.spikeDistance * signal.rate)
    let margin = 4 * Int(configuration.detectionHalfWidth * signal.rate)
    var magnitude = [Float](repeating: 0, count: signal.count)
    for channel in residual {
      for index in magnitude.indices {
        magnitude[index] = max(magnitude[index], abs(channel[index]))
      }
    }
    var peaks: [Int] = []
    if signal.count <= 2 * margin + 2 { return [] }
    for index in margin..<signal.count - margin where magnitude[index] > threshold {
      let value = magnitude[index]
      if magnitude[index - 1] >= value || magnitude[index + 1] > value { continue }
      var dominates = true
      for other in index - reach...index + reach where magnitude[other] > value {
        dominates = false
        break
      }
      if dominates { peaks.append(index) }
    }
    let most = configuration.comparison.mostSpikes
    if peaks.count > most {
      peaks.sort { magnitude[$0] == magnitude[$1] ? $0 < $1 : magnitude[$0] > magnitude[$1] }
      peaks = peaks.prefix(most).sorted()
    }
    return peaks
  }

  /// Joins clusters whose templates differ by a small share of their energy.
  private func fuse(_ clusters: [SpikeCluster]) -> [SpikeCluster] {
    if clusters.count < 2 { return clusters }
    let order = clusters.indices.sorted {
      clusters[$0].times.count == clusters[$1].times.count
        ? $0 < $1 : clusters[$0].times.count > clusters[$1].times.count
    }
    let correlations = TemplateCorrelations(
      clusters.map(\.template), channels: signal.channels.count, half: half, nat: signal.nat)
    var kept: [Int] = []
    var result: [SpikeCluster] = []
    for index in order {
      let energy = correlations[index, index, 0]
      var fused = false
      for (position, other) in kept.enumerated() {
        let otherEnergy = correlations[other, other, 0]
        // A firing of this cluster at 0 looks like one of the other at `lag`.
        let (lag, value) = correlations.best(index, other)
        let limit = configuration.comparison.fuseShare * min(energy, otherEnergy)
        if energy + otherEnergy - 2 * value < limit {
          let moved = clusters[index].times.map { $0 + lag }
          result[position].times = separated(
            (result[position].times + moved).sorted(),
            by: Int(configuration.discovery.fuseInterval * signal.rate))
          fused = true
          break
        }
      }
      if !fused {
        kept.append(index)
        result.append(clusters[index])
      }
    }
    return result
  }
}

/// Sorted times without those that follow their predecessor by at most `gap`.
func separated(_ times: [Int], by gap: Int) -> [Int] {
  var result: [Int] = []
  var previous = Int.min / 2
  for time in times {
    if time - previous > gap { result.append(time) }
    previous = time
  }
  return result
}
