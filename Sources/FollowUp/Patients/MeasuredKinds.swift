import Registry

/// Which measures a registry holds, in the order in which reports lead with them.
package enum MeasuredKinds {
  /// The kinds with values of a subject, or of all, with how many each; clinical totals included.
  package static func stored(
    _ registry: PatientRegistry, subject: RecordID? = nil
  ) throws -> [(kind: MeasurementKind, count: Int)] {
    var result = try registry.kindCounts(subject: subject)
    let outcomes: [MeasurementKind] = [.alsfrsTotal, .slowVitalCapacity, .slowVitalCapacityLitres]
    let clinical = try registry.cohortSeries(MeasurementFilter(kinds: outcomes, subject: subject))
    for kind in outcomes {
      let count = clinical.points.count { $0.kind == kind }
      if count > 0 { result.append((kind, count)) }
    }
    return result.enumerated().sorted {
      (rank($0.element.kind), $0.offset) < (rank($1.element.kind), $1.offset)
    }.map(\.element)
  }

  /// The kind of an identifier on the command line.
  ///
  /// - Throws: `FollowUpError` for one that is neither known nor stored.
  package static func named(_ id: String, stored: [MeasurementKind]) throws -> MeasurementKind {
    let kind = MeasurementKind(id: id.lowercased())
    guard kind.isKnown || stored.contains(kind) else {
      let list = (stored.isEmpty ? MeasurementKind.known : stored).map(\.id)
      throw FollowUpError(
        .wrongSetting,
        "measure \(id): not known here; there are \(list.prefix(12).joined(separator: ", "))")
    }
    return kind
  }

  /// Counts of identified units, which no output shows over visits without its warning.
  package static func isIdentifiedCount(_ kind: MeasurementKind) -> Bool {
    kind == .identifiedUnitsMaximum || kind == .identifiedUnitsMedian
  }

  /// Estimates of the number of units first, figures of a decomposition last.
  private static func rank(_ kind: MeasurementKind) -> Int {
    if kind.estimatesUnitNumber { return 0 }
    if kind.isOutcome { return 2 }
    if isIdentifiedCount(kind) || kind == .residualPowerShare || kind == .powerCompleteness {
      return 4
    }
    return kind.direction == .none ? 3 : 1
  }
}
