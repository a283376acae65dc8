import MotorUnits
import Registry

/// A stored run of a surface array with its units, as links between visits take it.
struct LinkedRun {
  /// What is worked out from links.
  static let kinds: [MeasurementKind] = [
    .matchedUnitShare, .matchedUnitSurvival, .followedUnitSurvival,
  ]

  let visit: Visit
  let run: AnalysisRun
  let units: [StoredUnit]

  var tracked: TrackedRecording { TrackedRecording(run: run, units: units) }

  /// The runs of a muscle's surface arrays on a day, one a recording, never none.
  ///
  /// - Throws: `FollowUpError` where there is no such visit or recording.
  static func all(
    _ registry: PatientRegistry, _ subject: Subject, _ date: CivilDate, muscle: String,
    side: BodySide
  ) throws -> [LinkedRun] {
    guard let visit = try registry.visits(subject: subject.id).first(where: { $0.date == date })
    else {
      throw FollowUpError("\(subject.pseudonym) has no visit on \(date); see visit list")
    }
    let recordings = try registry.recordings(visit: visit.id).filter {
      $0.modality == "surface-grid" && $0.side == side && $0.muscle == muscle
    }
    let found = try recordings.compactMap { recording -> LinkedRun? in
      guard let run = try registry.runs(recording: recording.id).last else { return nil }
      return LinkedRun(visit: visit, run: run, units: try registry.units(run: run.id))
    }
    if found.isEmpty {
      throw FollowUpError(
        "\(subject.pseudonym), \(date): no decomposed surface array of \(muscle), "
          + "\(side.rawValue) to link")
    }
    return found
  }

  /// Withdraws links and what was worked out from them.
  static func withdraw(
    _ links: [UnitLink], _ values: [Measurement], in registry: PatientRegistry
  ) throws {
    let reason = "linked again"
    for link in links { try registry.retract(link, reason: reason) }
    for value in values where try registry.record(Measurement.self, id: value.id) != nil {
      try registry.retract(value, reason: reason)
    }
  }
}
