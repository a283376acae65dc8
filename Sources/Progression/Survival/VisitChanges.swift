/// Changes from baseline of a cohort at the visits that its patients have in common (`VisitGrid`).
public struct VisitChanges: Sendable, Equatable {
  /// Times of the visits after baseline, in order.
  public let visits: [Double]
  /// For each patient the change at each visit, larger is better; nil where it is missing.
  public let changes: [[Double?]]
  /// For each patient the value at baseline; nil without one.
  public let baselines: [Double?]

  /// Takes the changes of courses whose origin is time zero.
  ///
  /// Baseline is the last value at or before time zero, else the first value of all.
  /// - `isLargerBetter`: false turns the sign of every change.
  public init(
    _ courses: [[(time: Double, value: Double)]], isLargerBetter: Bool = true
  ) {
    let sorted = courses.map { $0.sorted { $0.time < $1.time } }
    let starts = sorted.map { course in course.last { $0.time <= 0 } ?? course.first }
    let later = zip(sorted, starts).map { course, start in
      course.filter { $0.time > max(start?.time ?? 0, 0) }
    }
    let grid = VisitGrid(sorted.map { $0.map(\.time).filter { $0 >= 0 } }, limit: 64)
    let sign = isLargerBetter ? 1.0 : -1
    visits = grid.visits
    baselines = starts.map { $0?.value }
    changes = zip(later, starts).map { course, start in
      grid.values(course).map { value in
        value.flatMap { value in start.map { sign * (value - $0.value) } }
      }
    }
  }
}
