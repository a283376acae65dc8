import Foundation

extension ScanFeatures {
  private static let quantiles = [0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 1]

  /// Quantiles of differences, steps, and gaps between the sorted responses.
  mutating func appendDifferences() {
    let (response, noise) = (activeResponses, activeNoise)
    let count = response.count
    let signed = zip(response.dropFirst(), response).map { $0 - $1 }
    let first = signed.map { abs($0) }
    var second = first
    if count > 3 {
      second = (2..<count).map { (index: Int) -> Double in
        let bend = response[index] - 2 * response[index - 1] + response[index - 2]
        return abs(bend) / 1.7321
      }
    }
    let meanNoise = (noise.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
    let sortedFirst = first.sorted()
    for sorted in [sortedFirst, second.sorted()] {
      for probability in Self.quantiles {
        append(log(OrderStatistics.quantile(sorted: sorted, probability) + 0.3 * meanNoise + 1e-6))
      }
    }
    let relative = first.indices.map { (index: Int) -> Double in
      let local = noise[index + 1]
      return first[index] / 2.0.squareRoot() / (local * local + 1e-10).squareRoot()
    }.sorted()
    for probability in Self.quantiles {
      append(log(OrderStatistics.quantile(sorted: relative, probability) + 0.3))
    }
    appendSteps(signed)
    let descending = Array(sortedFirst.reversed())
    for share in [0.25, 0.5] {
      append(log(Double(Self.countReaching(share, descending: descending)) + 1))
    }
    appendGaps()
  }

  private mutating func appendSteps(_ signed: [Double]) {
    var (up, down, upSum, downSum) = (0.0, 0.0, 0.0, 0.0)
    for index in signed.indices {
      let limit = 4 * activeNoise[index + 1] + 1e-6
      if signed[index] > limit {
        up += 1
        upSum += signed[index]
      } else if signed[index] < -limit {
        down += 1
        downSum -= signed[index]
      }
    }
    let count = Double(signed.count)
    append([
      log(up + 1), log(down + 1), log(up / count + 0.003), log(down / count + 0.003),
      log(upSum + 0.01), log(downSum + 0.01),
    ])
  }

  private mutating func appendGaps() {
    let sorted = z.sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map { $0 - $1 }
    let noise = sorted.dropFirst().map { level in
      let clipped = min(max(level, 0), 1)
      return (noiseBottom * noiseBottom + gainVariance * clipped * clipped).squareRoot() + 1e-6
    }
    for factor in [2.0, 4, 7] {
      var (number, sum) = (0.0, 0.0)
      for index in gaps.indices where gaps[index] > factor * noise[index] {
        number += 1
        sum += gaps[index]
      }
      append([log(number + 1), log(sum + 0.01), log((number > 0 ? sum / number : 0) + 1e-3)])
    }
    let descending = Array(gaps.sorted().reversed())
    for rank in [0, 1, 2, 4, 7, 11, 19] { append(log(descending[rank] + 1e-5)) }
    for share in [0.25, 0.5, 0.75] {
      append(log(Double(Self.countReaching(share, descending: descending)) + 1))
    }
    let low = Array(sorted[OrderStatistics.countAtMost(5 * noiseBottom, in: sorted)...])
    for probability in [0, 0.01, 0.03] {
      append(
        low.isEmpty ? 0 : log(OrderStatistics.quantile(sorted: low, probability) + 1e-5))
    }
  }
}
