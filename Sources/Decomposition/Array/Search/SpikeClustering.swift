import RealModule
import Signal

/// The discharges seen in one source, and how clearly they stand out.
struct DischargeCluster: Sendable {
  /// Whole samples of the discharge peaks, ascending.
  var samples: [Int]
  /// Silhouette value of the discharge class.
  var silhouette: Double
}

/// Finds the discharges in a source: peaks of the squared source, split in two classes.
///
/// Peaks at least `refractory` samples apart are clustered by height into discharges and the rest
/// with exact one-dimensional 2-means; the silhouette compares distances to the two centres
/// (Negro et al. 2016, J. Neural Eng. 13, eq. 11). The largest heights are limited to the mean of
/// the five largest so that one artefact does not become a class of its own.
enum SpikeClustering {
  /// Fewest members of each class.
  static let fewestMembers = 5

  /// The discharges of a source, or nil where there are too few peaks for two classes.
  ///
  /// With a `heightQuantile` heights are limited to that quantile of them instead of the mean of
  /// the five largest: where others are still there, they may leave more than five.
  static func discharges(
    in source: Span<Float>, refractory: Int, heightQuantile: Double? = nil
  ) -> DischargeCluster? {
    let peaks = dominantPeaks(source, distance: max(1, refractory))
    if peaks.count < 2 * fewestMembers { return nil }
    var heights = peaks.map { source[$0] * source[$0] }
    let ordered = ascending(heights)
    let top =
      heightQuantile.map { ordered[Int($0 * Double(ordered.count - 1))] }
      ?? ordered.suffix(5).reduce(0, +) / 5
    for index in heights.indices { heights[index] = min(heights[index], top) }
    let limited = ordered.map { min($0, top) }
    guard let threshold = twoMeansThreshold(limited) else { return nil }
    var samples: [Int] = []
    var highSum = 0.0
    var lowSum = 0.0
    for (peak, height) in zip(peaks, heights) {
      if height >= threshold {
        samples.append(peak)
        highSum += Double(height)
      } else {
        lowSum += Double(height)
      }
    }
    let lowCount = peaks.count - samples.count
    if samples.count < fewestMembers || lowCount < fewestMembers { return nil }
    let high = highSum / Double(samples.count)
    let low = lowSum / Double(lowCount)
    var within = 0.0
    var between = 0.0
    for height in heights where height >= threshold {
      let value = Double(height)
      within += (value - high) * (value - high)
      between += (value - low) * (value - low)
    }
    let largest = max(within, between)
    return DischargeCluster(
      samples: samples, silhouette: largest > 0 ? (between - within) / largest : 0)
  }

  /// Positive numbers in ascending order, by their bits: a radix sort of 11 bits a pass.
  static func ascending(_ values: [Float]) -> [Float] {
    var keys = values.map(\.bitPattern)
    var other = [UInt32](repeating: 0, count: keys.count)
    for shift in [UInt32(0), 11, 22] {
      var places = [Int](repeating: 0, count: 2_049)
      for key in keys { places[Int((key >> shift) & 2_047) + 1] += 1 }
      for digit in 1...2_048 { places[digit] += places[digit - 1] }
      for key in keys {
        let digit = Int((key >> shift) & 2_047)
        other[places[digit]] = key
        places[digit] += 1
      }
      swap(&keys, &other)
    }
    return keys.map(Float.init(bitPattern:))
  }

  /// Positive local maxima at least `distance` samples apart, the higher one kept, ascending.
  ///
  /// Maxima are taken in cells of half the distance first: a lower one in the same cell would be
  /// removed by the higher one in any case.
  static func dominantPeaks(_ source: Span<Float>, distance: Int) -> [Int] {
    let (heights, places) = VectorKernel.cellMaxima(source, cell: max(1, (distance + 1) / 2))
    let kept = dominant(heights, at: places, distance: distance)
    return places.indices.filter { kept[$0] }.map { Int(places[$0]) }
  }

  /// Which candidates stay when the highest is taken first and removes its neighbours, then the
  /// next: one stays unless a higher one that stays is nearer than `distance`.
  ///
  /// Each depends on a few neighbours only, so nothing is sorted. Earlier peaks win ties.
  static func dominant(_ heights: [Float], at places: [Int32], distance: Int) -> [Bool] {
    let count = heights.count
    let (height, place) = (heights.span, places.span)
    let reach = Int32(clamping: distance)
    var kept = [Bool](repeating: false, count: count)
    var decided = [Bool](repeating: false, count: count)
    var isKept = kept.mutableSpan
    var isDecided = decided.mutableSpan
    var pending: [Int] = []
    for first in 0..<count where !isDecided[first] {
      pending.append(first)
      while let index = pending.last {
        let (own, here) = (height[index], place[index])
        var open: Int?
        var falls = false
        var other = index - 1
        while other >= 0 && here - place[other] < reach {
          if height[other] >= own {
            if !isDecided[other] { open = other } else if isKept[other] { falls = true }
          }
          other -= 1
        }
        other = index + 1
        while other < count && place[other] - here < reach {
          if height[other] > own {
            if !isDecided[other] { open = other } else if isKept[other] { falls = true }
          }
          other += 1
        }
        if let open, !falls {
          pending.append(open)
        } else {
          isDecided[index] = true
          isKept[index] = !falls
          pending.removeLast()
        }
      }
    }
    return kept
  }

  /// The threshold between the two classes that minimise the within-class squares.
  ///
  /// Nil for fewer than four values. `sorted` ascends.
  static func twoMeansThreshold(_ sorted: [Float]) -> Float? {
    let count = sorted.count
    if count < 4 { return nil }
    var total = 0.0
    for value in sorted { total += Double(value) }
    var best = -1.0
    var split = 0
    var lowSum = 0.0
    // Minimising the squares within is maximising the squares between.
    for index in 0..<(count - 1) {
      lowSum += Double(sorted[index])
      let lowCount = Double(index + 1)
      let highCount = Double(count) - lowCount
      let difference = lowSum / lowCount - (total - lowSum) / highCount
      let between = lowCount * highCount * difference * difference
      if between > best {
        best = between
        split = index
      }
    }
    return (sorted[split] + sorted[split + 1]) / 2
  }

  /// Pulse-to-noise ratio in dB: mean squared source at the discharges over that elsewhere.
  ///
  /// Source: Holobar et al. 2014, J. Neural Eng. 11, eq. 8.
  static func pulseToNoise(_ source: Span<Float>, discharges: [Int]) -> Double {
    var total = 0.0
    var start = 0
    while start < source.count {
      let end = min(start + 1_024, source.count)
      var partial: Float = 0
      for index in start..<end { partial += source[index] * source[index] }
      total += Double(partial)
      start = end
    }
    var pulses = 0.0
    for sample in discharges { pulses += Double(source[sample] * source[sample]) }
    let others = Double(source.count - discharges.count)
    let noise = max((total - pulses) / max(1, others), 1e-30)
    return 10 * Double.log10(pulses / Double(max(1, discharges.count)) / noise)
  }

  /// Sub-sample places of peaks by a parabola through three samples of the source.
  static func refined(_ samples: [Int], in source: Span<Float>) -> [Double] {
    samples.map { sample in
      guard sample > 0 && sample + 1 < source.count else { return Double(sample) }
      let before = Double(source[sample - 1])
      let peak = Double(source[sample])
      let after = Double(source[sample + 1])
      let curvature = before - 2 * peak + after
      if abs(curvature) < 1e-12 { return Double(sample) }
      return Double(sample) + min(0.5, max(-0.5, 0.5 * (before - after) / curvature))
    }
  }
}
