/// Changes from baseline of a cohort at the visits that its patients have in common (`VisitGrid`).
public struct VisitChanges: Sendable, Equatable {
  /// Times of the visits after baseline, in order.
  public let visits: [Double]
  /// For each patient the change at each visit, larger is better; nil where it is missing.
  public let changes: [[Double?]]
  /// For each patient the value at baseline; nil without one.
  public let baselines: [Double?]
  /// What was done to come to the visits, in sentences.
  public let remarks: [String]

  /// Takes the changes of courses whose origin is time zero.
  ///
  /// Baseline is the last value at or before time zero, else the first value of all; several of that
  /// time count as their mean.
  /// - `isLargerBetter`: false turns the sign of every change.
  /// - `named`: times of the visits, where they are known.
  /// - `isNominal`: whether the courses hold nominal times, the same ones for all patients.
  public init(
    _ courses: [[(time: Double, value: Double)]], isLargerBetter: Bool = true,
    named: [Double]? = nil, isNominal: Bool = false
  ) {
    let sorted = courses.map { $0.sorted { $0.time < $1.time } }
    let starts = sorted.map { course -> (time: Double, value: Double)? in
      (course.last { $0.time <= 0 } ?? course.first).map { start in
        let own = course.filter { $0.time == start.time }
        return (start.time, own.reduce(0) { $0 + $1.value } / Double(own.count))
      }
    }
    let later = zip(sorted, starts).map { course, start in
      course.filter { $0.time > max(start?.time ?? 0, 0) }
    }
    let times = sorted.map { $0.map(\.time) }
    let grid =
      isNominal
      ? VisitGrid(nominal: Set(times.joined().filter { $0 > 0 }).sorted())
      : VisitGrid(times, limit: 64, named: named)
    remarks = grid.remarks(later.map { $0.map(\.time) })
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
