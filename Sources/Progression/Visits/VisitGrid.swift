import RealModule

/// The planned visits that the courses of a cohort have in common, after time zero.
///
/// Times that recur from patient to patient are the visits themselves. Dates that scatter about a schedule,
/// even or not, are told apart by where they crowd (`VisitClusters`): a visit is a cluster that holds each
/// patient once as far as possible, and is called by its median. Where there is no such schedule a visit is
/// the nearest multiple of the median time between the visits of a patient. Several values of a patient at
/// one visit count as their mean.
public struct VisitGrid: Sendable, Equatable {
  /// Where the visits come from.
  public enum Basis: String, Sendable, Codable, Equatable {
    /// They were named.
    case named
    /// The times recur from patient to patient.
    case exact
    /// The times crowd about visits.
    case clustered
    /// Multiples of the median time between visits.
    case even
  }

  /// Times of the visits, in order.
  public let visits: [Double]
  /// Where they come from.
  public let basis: Basis
  private let places: [Double: Int]
  /// Upper ends of the visits' times, for clusters and named visits; the first is that of time zero.
  private let bounds: [Double]
  private let step: Double

  /// Finds the visits.
  ///
  /// - Parameters:
  ///   - courses: times of each patient's visits from a common origin; those before it tell which times
  ///     crowd about it.
  ///   - limit: the most visits there are. Distinct times are visits where they are no more than this and
  ///     than twice the visits of one patient, and no closer to one another than a quarter of what the
  ///     visits of a patient come to.
  ///   - named: times of the visits after time zero, where they are known; each value counts for the nearest.
  public init(_ courses: [[Double]], limit: Int, named: [Double]? = nil) {
    let later = courses.map { $0.filter { $0 >= 0 } }
    var gaps = later.flatMap { course in
      let times = course.sorted()
      return zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > 0 }
    }
    gaps.sort()
    let distinct = Set(later.joined()).filter { $0 > 0 }.sorted()
    let last = distinct.last ?? 0
    // Long courses of dense visits have to share them.
    step = max(gaps.isEmpty ? 1 : gaps[gaps.count / 2], last / Double(limit))
    let longest = later.map { Set($0).count }.max() ?? 0
    let isShort = distinct.count <= min(limit, 2 * longest)
    let nearest = zip(distinct.dropFirst(), distinct).map { $0 - $1 }.min() ?? .infinity
    if let named = named.map({ Set($0.filter { $0 > 0 && $0.isFinite }).sorted() }), !named.isEmpty
    {
      visits = named
      bounds = zip([0] + named, named).map { 0.5 * ($0 + $1) }
      (basis, places) = (.named, [:])
    } else if isShort, nearest >= 0.25 * (gaps.first ?? 0) {
      (basis, visits, places, bounds) = VisitGrid.exact(distinct)
    } else if let clusters = VisitClusters(courses, limit: limit) {
      visits = clusters.visits
      bounds = clusters.bounds
      (basis, places) = (.clustered, [:])
    } else if isShort {
      (basis, visits, places, bounds) = VisitGrid.exact(distinct)
    } else {
      let count = max(1, min(limit, Int((last / step).rounded())))
      visits = (1...count).map { [step] in Double($0) * step }
      (basis, places, bounds) = (.even, [:], [])
    }
  }

  /// Takes visits that every value names itself, by nominal times after time zero.
  public init(nominal visits: [Double]) {
    (basis, self.visits, places, bounds) = VisitGrid.exact(visits.sorted())
    step = .infinity
  }

  private static func exact(
    _ times: [Double]
  ) -> (Basis, [Double], [Double: Int], [Double]) {
    (
      .exact, times, Dictionary(uniqueKeysWithValues: times.enumerated().map { ($1, $0) }), []
    )
  }

  /// The visit of a time; nil at or before time zero and close to it.
  public func place(_ time: Double) -> Int? {
    guard time > 0 else { return nil }
    switch basis {
    case .exact:
      if let place = places[time] { return place }
    case .named, .clustered:
      var (low, high) = (0, bounds.count)
      while low < high {
        let middle = (low + high) / 2
        if bounds[middle] < time { low = middle + 1 } else { high = middle }
      }
      return low > 0 ? low - 1 : nil
    case .even: break
    }
    let place = min(visits.count, Int((time / step).rounded())) - 1
    return place >= 0 ? place : nil
  }

  /// The values of a course at the visits; several of one visit count as their mean.
  public func values(
    _ course: [(time: Double, value: Double)]
  ) -> [Double?] {
    var sums = [Double](repeating: 0, count: visits.count)
    var counts = [Double](repeating: 0, count: visits.count)
    for point in course {
      guard let place = place(point.time) else { continue }
      sums[place] += point.value
      counts[place] += 1
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / $1 : nil }
  }

  /// What the visits do to courses, in sentences; empty for exact times without repetitions.
  public func remarks(_ courses: [[Double]]) -> [String] {
    var shared = 0
    var lost = 0
    var counts = [Int](repeating: 0, count: visits.count)
    for course in courses {
      for index in counts.indices { counts[index] = 0 }
      for time in course where time > 0 {
        if let place = place(time) { counts[place] += 1 } else { lost += 1 }
      }
      shared += counts.filter { $0 > 1 }.reduce(0, +)
    }
    var result: [String] = []
    let list = visits.map { VisitGrid.text($0) }.joined(separator: ", ")
    switch basis {
    case .exact: break
    case .named: result.append("each value counts for the nearest of the visits named")
    case .clustered:
      result.append("visits are where the times crowd, called by their medians: \(list)")
    case .even:
      result.append(
        "the times show no schedule: visits are multiples of \(VisitGrid.text(step)), each value counting "
          + "for the nearest; name the visits where there was a schedule")
    }
    if shared > 0 {
      result.append(
        "\(shared) values share a visit with another of the same patient; the mean of a visit counts"
      )
    }
    if lost > 0 {
      result.append(
        "\(lost) \(lost == 1 ? "value" : "values") after time zero but closer to it than to the first "
          + "visit left out")
    }
    return result
  }

  /// A time without needless digits.
  static func text(_ time: Double) -> String {
    let rounded = (time * 100).rounded() / 100
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }
}
