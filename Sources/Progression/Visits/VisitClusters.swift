import RealModule

/// Visits found from dates that scatter about an unknown schedule.
///
/// The pooled times are smoothed more and more; at each width the crowds are parted at the lows between
/// them. The width is kept that takes the fewest visits and leaves the fewest patients twice in one of them.
/// Parts of one visit whose patients are others, and that lie closer than half the time to a visit
/// before or after, are then put together.
struct VisitClusters {
  /// Medians of the clusters after time zero, rounded as far as their scatter allows.
  let visits: [Double]
  /// Upper ends of the times that belong to time zero and to each visit but the last.
  let bounds: [Double]

  /// Share of values that may fall twice on a patient's visit before there counts as being no schedule.
  private static let largestShare = 0.1
  private static let bins = 4096

  private struct Pool {
    /// Distinct times of each patient, in order.
    let courses: [[Double]]
    let sorted: [Double]
    let low: Double
    let width: Double

    init?(_ courses: [[Double]]) {
      self.courses = courses.map { Set($0).sorted() }.filter { !$0.isEmpty }
      sorted = self.courses.flatMap(\.self).sorted()
      guard let first = sorted.first, let last = sorted.last, last > 0, last > first else {
        return nil
      }
      // The earliest crowd needs room to fall off.
      low = first - 0.02 * (last - first)
      width = 1.04 * (last - first) / Double(VisitClusters.bins)
    }

    func bin(_ time: Double) -> Int {
      min(VisitClusters.bins - 1, max(0, Int((time - low) / width)))
    }

    /// Pairs of neighbouring times of a patient, after a time, that no bound parts.
    func repeats(_ bounds: [Double], after start: Double = -.infinity) -> Int {
      courses.reduce(0) { sum, course in
        var place = 0
        var last = -1
        var count = 0
        for time in course where time > start {
          while place < bounds.count && bounds[place] < time { place += 1 }
          if place == last { count += 1 }
          last = place
        }
        return sum + count
      }
    }
  }

  /// Nil where the times show no schedule of at most `limit` visits.
  init?(_ courses: [[Double]], limit: Int) {
    guard let pool = Pool(courses) else { return nil }
    var counts = [Double](repeating: 0, count: Self.bins)
    for time in pool.sorted { counts[pool.bin(time)] += 1 }
    var best: (cost: Double, bounds: [Double])?
    var radius = 1.0
    while radius < Double(Self.bins) / 8 {
      let lows = Self.lows(Self.smoothed(counts, radius: Int(radius)))
      radius *= 2.0.squareRoot()
      guard lows.count < 8 * limit else { continue }
      let bounds = lows.map { pool.low + (Double($0) + 0.5) * pool.width }
      // One in a hundred values twice on a visit weighs as much as one visit more.
      let repeated = Double(pool.repeats(bounds)) / Double(pool.sorted.count)
      let cost = 100 * repeated + Double(bounds.count)
      if best.map({ cost < $0.cost }) ?? true { best = (cost, bounds) }
    }
    guard let best else { return nil }
    var clusters = Self.clusters(pool, best.bounds)
    Self.join(&clusters)
    Self.absorb(&clusters)
    // What crowds about time zero is no visit after it.
    let first = clusters.firstIndex { $0.low > 0 } ?? clusters.count
    let later = clusters[first...]
    guard !later.isEmpty, later.count <= limit else { return nil }
    let start = first > 0 ? 0.5 * (max(0, clusters[first - 1].high) + clusters[first].low) : 0
    let bounds =
      [start] + zip(later, later.dropFirst()).map { 0.5 * ($0.high + $1.low) }
    let repeated = pool.repeats(bounds, after: start)
    guard Double(repeated) <= Self.largestShare * Double(pool.sorted.count) else { return nil }
    visits = Self.labels(later.map(\.times))
    self.bounds = bounds
  }

  // MARK: - Crowds

  /// Three running means, which come close to a normal kernel.
  private static func smoothed(_ counts: [Double], radius: Int) -> [Double] {
    var result = counts
    for _ in 0..<3 {
      var sums = [0.0]
      sums.reserveCapacity(result.count + 1)
      for value in result { sums.append(sums[sums.count - 1] + value) }
      result = result.indices.map { k in
        let (from, to) = (max(0, k - radius), min(result.count, k + radius + 1))
        return (sums[to] - sums[from]) / Double(2 * radius + 1)
      }
    }
    return result
  }

  /// Middles of the lows between the crowds.
  private static func lows(_ density: [Double]) -> [Int] {
    var result: [Int] = []
    let noise = 1e-9 * (density.max() ?? 0)
    var (from, isFalling) = (0, false)
    for k in density.indices.dropFirst() {
      let change = density[k] - density[k - 1]
      if change < -noise {
        isFalling = true
        from = k
      } else if change > noise {
        if isFalling { result.append((from + k - 1) / 2) }
        isFalling = false
      }
    }
    return result
  }

  // MARK: - Clusters

  private struct Cluster {
    var times: [Double]
    var patients: [Int]
    /// Time of each value to the patient's visit before or after, the shorter.
    var gaps: [Double]
    var low: Double { times[0] }
    var high: Double { times[times.count - 1] }
    var median: Double { times[times.count / 2] }

    /// The time to other visits that one in ten falls short of.
    var spacing: Double {
      let sorted = gaps.sorted()
      return sorted[sorted.count / 10]
    }
  }

  private static func clusters(_ pool: Pool, _ bounds: [Double]) -> [Cluster] {
    var members = [[(time: Double, patient: Int, gap: Double)]](
      repeating: [], count: bounds.count + 1)
    for (patient, course) in pool.courses.enumerated() {
      var place = 0
      let places = course.map { time -> Int in
        while place < bounds.count && bounds[place] < time { place += 1 }
        return place
      }
      for (index, time) in course.enumerated() {
        var gap = Double.infinity
        if let before = (0..<index).last(where: { places[$0] != places[index] }) {
          gap = time - course[before]
        }
        if let after = (index..<course.count).first(where: { places[$0] != places[index] }) {
          gap = min(gap, course[after] - time)
        }
        members[places[index]].append((time, patient, gap))
      }
    }
    return members.filter { !$0.isEmpty }.map { own in
      let sorted = own.sorted { $0.time < $1.time }
      return Cluster(
        times: sorted.map(\.time), patients: sorted.map(\.patient), gaps: sorted.map(\.gap))
    }
  }

  /// Puts parts of one visit together, the closest first.
  private static func join(_ clusters: inout [Cluster]) {
    while clusters.count > 1 {
      let candidates = clusters.indices.dropLast().filter { index in
        let (a, b) = (clusters[index], clusters[index + 1])
        // Time zero stays by itself.
        guard (a.low > 0) == (b.low > 0) else { return false }
        let common = Set(a.patients).intersection(b.patients).count
        return 20 * common <= min(a.patients.count, b.patients.count)
          && b.median - a.median <= 0.5 * min(a.spacing, b.spacing)
      }
      guard
        let next = candidates.min(by: {
          clusters[$0 + 1].median - clusters[$0].median < clusters[$1 + 1].median
            - clusters[$1].median
        })
      else { return }
      let (a, b) = (clusters[next], clusters[next + 1])
      clusters[next] = Cluster(
        times: a.times + b.times, patients: a.patients + b.patients, gaps: a.gaps + b.gaps)
      clusters.remove(at: next + 1)
    }
  }

  /// Gives the few dates between two visits to the nearer of them; late visits may be few.
  private static func absorb(_ clusters: inout [Cluster]) {
    var index = 1
    while index + 1 < clusters.count {
      let (before, own, after) = (clusters[index - 1], clusters[index], clusters[index + 1])
      if own.low > 0,
        10 * own.times.count <= min(before.times.count, after.times.count)
      {
        clusters.remove(at: index)
      } else {
        index += 1
      }
    }
  }

  /// Medians, rounded to the coarsest unit that leaves each among the middle half of its times and apart.
  private static func labels(_ clusters: [[Double]]) -> [Double] {
    let plain = clusters.map { $0[$0.count / 2] }
    let result = zip(clusters, plain).map { times, median -> Double in
      let (low, high) = (times[times.count / 4], times[(times.count * 3) / 4])
      guard high > low else { return median }
      for unit in [1, 2, 10, 20, 100, 1_000] as [Double] {
        let rounded = (median * unit).rounded() / unit
        if rounded > 0, rounded >= low, rounded <= high { return rounded }
      }
      return median
    }
    let isOrdered = zip(result, result.dropFirst()).allSatisfy { $0 < $1 }
    return isOrdered ? result : plain
  }
}
