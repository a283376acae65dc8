import Foundation

/// Single responses that no unit can explain: missed stimuli and spikes.
///
/// A unit that answers once at a stimulus answers more often at stronger ones, and one that fails
/// once fails more often at weaker ones. A response far above its neighbours without like ones at
/// somewhat stronger stimuli, or far below without like ones at somewhat weaker stimuli, is therefore
/// no unit's.
enum IsolatedResponses {
  /// Places of missed stimuli and of other outliers.
  static func find(
    _ points: ScanPoints, settings: ScanConfiguration.Cleaning
  ) -> (missed: Set<Int>, outliers: Set<Int>) {
    let (baseline, cmap) = (points.baseline, points.cmap)
    guard cmap > 0 else { return ([], []) }
    let order = points.stimulus.indices.sorted {
      points.stimulus[$0] != points.stimulus[$1]
        ? points.stimulus[$0] < points.stimulus[$1] : $0 > $1
    }
    let x = order.map { log(points.stimulus[$0]) }
    let z = order.map { (points.response[$0] - baseline) / cmap }
    let noise = max(points.bottomNoise / cmap, 1e-6)
    let topNoise = max(points.topNoise / cmap, noise)
    var suspects = Set<Int>()
    // What one pass leaves out no longer supports its neighbours in the next.
    for _ in 0..<settings.isolatedPasses {
      let found = pass(x, z, suspects, noise: noise, topNoise: topNoise, settings: settings)
      if found == suspects { break }
      suspects = found
    }
    // A missed stimulus of the supramaximal part supports others of it: that part is judged alone.
    var missed = Set<Int>()
    var outliers = Set<Int>()
    let zero = max(settings.silentDeviations * noise, settings.silentFraction)
    for place in suspects {
      if abs(z[place]) <= zero {
        missed.insert(order[place])
      } else {
        outliers.insert(order[place])
      }
    }
    return (missed, outliers)
  }

  private static func pass(
    _ x: [Double], _ z: [Double], _ known: Set<Int>, noise: Double, topNoise: Double,
    settings: ScanConfiguration.Cleaning
  ) -> Set<Int> {
    let good = z.indices.filter { !known.contains($0) }
    guard good.count > 40 else { return known }
    // Residuals from the median of the seven good neighbours on either side.
    let level = z.indices.map { place -> Double in
      let at = lowerBound(good, place)
      let near = good[max(0, at - 7)..<min(good.count, at + 8)].filter { $0 != place }
      return OrderStatistics.median(near.map { z[$0] })
    }
    let residual = z.indices.map { z[$0] - level[$0] }
    var found = Set<Int>()
    for place in z.indices {
      let size = abs(residual[place])
      guard size > settings.isolatedFraction else { continue }
      let at = lowerBound(good, place)
      let near = good[max(0, at - 20)..<min(good.count, at + 21)].filter { $0 != place }
      let spread = 1.4826 * OrderStatistics.median(near.map { abs(residual[$0]) })
      let share = min(max(level[place], 0), 1)
      let own = (noise * noise + share * share * topNoise * topNoise).squareRoot()
      guard size > settings.isolatedDeviations * max(spread, own) else { continue }
      let isBusy = spread > settings.crowdSpread * own && size > settings.crowdDeviations * spread
      if isIsolated(place, x, z, residual[place], good, settings)
        || isBusy && isAlone(place, x, residual, good, settings)
      {
        found.insert(place)
      }
    }
    return found
  }

  /// Whether too few responses at stronger (above) or weaker (below) stimuli are like this one.
  private static func isIsolated(
    _ place: Int, _ x: [Double], _ z: [Double], _ residual: Double, _ good: [Int],
    _ settings: ScanConfiguration.Cleaning
  ) -> Bool {
    let isAbove = residual > 0
    let limit = z[place] - settings.likeShare * residual
    var (like, all) = (0, 0)
    var index = lowerBound(good, place)
    if isAbove {
      while index < good.count, x[good[index]] <= x[place] + settings.isolatedReach || all < 12 {
        let other = good[index]
        if other != place {
          all += 1
          if z[other] >= limit { like += 1 }
        }
        index += 1
      }
    } else {
      index -= 1
      while index >= 0, x[good[index]] >= x[place] - settings.isolatedReach || all < 12 {
        all += 1
        if z[good[index]] <= limit { like += 1 }
        index -= 1
      }
    }
    // At the end of the scan there is nothing to compare with, and nothing that a unit would do.
    return Double(like) <= settings.isolatedSupport * Double(all)
  }

  /// Whether hardly any response near by deviates half as much: where many units alternate, so that
  /// the curve is steep, levels tell nothing, but a single large unit would deviate more than once.
  private static func isAlone(
    _ place: Int, _ x: [Double], _ residual: [Double], _ good: [Int],
    _ settings: ScanConfiguration.Cleaning
  ) -> Bool {
    var (like, all) = (0, 0)
    var index = lowerBound(x, x[place] - settings.isolatedReach)
    while index < x.count, x[index] <= x[place] + settings.isolatedReach {
      if index != place {
        all += 1
        if abs(residual[index]) >= 0.5 * abs(residual[place]) { like += 1 }
      }
      index += 1
    }
    return Double(like) <= settings.aloneShare * Double(all)
  }

  /// The first place in ascending `values` that is not below `value`.
  private static func lowerBound<Value: Comparable>(_ values: [Value], _ value: Value) -> Int {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
