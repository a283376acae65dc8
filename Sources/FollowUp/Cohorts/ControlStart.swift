import Analyses
import Progression
import Reports

/// Where the time after therapy starts for controls who were never treated.
///
/// Without such a start post is zero in every row of theirs, and a change of slope cannot be compared
/// between arms.
package enum ControlStart: Equatable {
  /// At the median of the treated subjects' therapy times.
  case median

  /// Gives rows without a therapy time a start; returns the sentence that says so.
  ///
  /// - Throws: `FollowUpError` where no subject has a therapy time.
  package func place(
    _ rows: inout [LongitudinalTable.Row], file: String
  ) throws -> String {
    var times: [String: Double] = [:]
    for row in rows { times[row.subject] = row.therapyTime }
    let sorted = times.values.sorted()
    guard !sorted.isEmpty else {
      throw FollowUpError(
        path: file, "no row has a therapy time, so that there is no median of them")
    }
    let middle = sorted.count / 2
    let median =
      sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
    let controls = Set(rows.filter { $0.therapyTime == nil }.map(\.subject))
    for index in rows.indices where rows[index].therapyTime == nil {
      rows[index].therapyTime = median
    }
    return
      "\(controls.count) subjects without a therapy time: their time after therapy starts at the "
      + "median start of the others (\(Formatting.plain(median)))"
  }
}
