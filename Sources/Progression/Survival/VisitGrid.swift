/// The planned visits that the courses of a cohort have in common, after time zero.
///
/// Times that recur from patient to patient are the visits themselves; otherwise a visit is the nearest
/// multiple of the median time between the visits of a patient.
public struct VisitGrid: Sendable, Equatable {
  /// Times of the visits, in order.
  public let visits: [Double]
  private let places: [Double: Int]
  private let step: Double

  /// Finds the visits.
  ///
  /// - Parameters:
  ///   - courses: times of each patient's visits from a common origin.
  ///   - limit: the most visits there are. Distinct times are visits where they are no more than this and
  ///     than twice the visits of one patient.
  public init(_ courses: [[Double]], limit: Int) {
    var gaps = courses.flatMap { course in
      let times = course.sorted()
      return zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > 0 }
    }
    gaps.sort()
    let distinct = Set(courses.joined()).filter { $0 > 0 }.sorted()
    let last = distinct.last ?? 0
    // Long courses of dense visits have to share them.
    step = max(gaps.isEmpty ? 1 : gaps[gaps.count / 2], last / Double(limit))
    let longest = courses.map(\.count).max() ?? 0
    if distinct.count <= min(limit, 2 * longest) {
      visits = distinct
      places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
    } else {
      let count = max(1, min(limit, Int((last / step).rounded())))
      visits = (1...count).map { [step] in Double($0) * step }
      places = [:]
    }
  }

  /// The visit of a time; nil at or before time zero.
  public func place(_ time: Double) -> Int? {
    guard time > 0 else { return nil }
    if let place = places[time] { return place }
    let place = min(visits.count, Int((time / step).rounded())) - 1
    return place >= 0 ? place : nil
  }

  /// The values of a course at the visits; of several the nearest counts.
  public func values(
    _ course: [(time: Double, value: Double)]
  ) -> [Double?] {
    var row = [Double?](repeating: nil, count: visits.count)
    var distance = [Double](repeating: .infinity, count: visits.count)
    for point in course {
      guard let place = place(point.time) else { continue }
      let away = abs(point.time - visits[place])
      if away < distance[place] {
        distance[place] = away
        row[place] = point.value
      }
    }
    return row
  }
}
