extension LongitudinalTable {
  /// Replicates of one visit averaged, with the standard error that the replicates show.
  public struct Averaged: Sendable, Equatable {
    /// One row for each subject, muscle and time, with standard errors s / sqrt(count).
    public let table: LongitudinalTable
    /// The pooled SD of a single measurement.
    public let reproducibility: Reproducibility
  }

  /// Averages the rows of the same subject, muscle and time.
  ///
  /// The standard error of every mean comes from the SD pooled over all replicates, as two or three
  /// values tell next to nothing about their own scatter. Call it on the ln scale for counts.
  /// - Throws: `ProgressionError.invalidTable` where no visit has replicates.
  public func averagingReplicates() throws -> Averaged {
    struct Key: Hashable {
      let subject: String
      let muscle: String?
      let time: Double
    }
    var position: [Key: Int] = [:]
    var groups: [[Row]] = []
    for row in rows {
      let key = Key(subject: row.subject, muscle: row.muscle, time: row.time)
      if let at = position[key] {
        groups[at].append(row)
      } else {
        position[key] = groups.count
        groups.append([row])
      }
    }
    let reproducibility = try Reproducibility(replicates: groups.map { $0.map(\.value) })
    let averaged = groups.map { group -> Row in
      var row = group[0]
      let count = Double(group.count)
      row.value = group.reduce(0) { $0 + $1.value } / count
      row.standardError = reproducibility.standardDeviation / count.squareRoot()
      return row
    }
    return Averaged(
      table: LongitudinalTable(checked: averaged), reproducibility: reproducibility)
  }
}
