internal import GRDB

/// Values that were worked out from one recording together with another.
enum DerivedValues {
  /// Condition of a value that names the day of the earlier visit it was worked out with.
  static let earlierVisit = "earlier_visit"

  /// Shares and survival of tracked units that a recording took part in as the earlier one; those of
  /// the later recording belong to its run.
  static func ofLinks(recording: RecordID, _ db: Database) throws -> [Measurement] {
    let found = try CurrentRecords.fetch(
      StoredRecording.self, db, where: "r.origin = ?", [recording])
    guard let recording = found.first,
      let visit = try CurrentRecords.fetch(
        Visit.self, db, where: "r.origin = ?", [recording.visit]
      ).first, let date = visit.date
    else { return [] }
    return try ofLinks(
      subject: visit.subject, earlier: date, muscle: recording.muscle, side: recording.side, db)
  }

  /// Shares and survival of a subject's tracked units with a day as the earlier one; every muscle
  /// where none is named.
  static func ofLinks(
    subject: RecordID, earlier date: CivilDate, muscle: String? = nil, side: BodySide? = nil,
    _ db: Database
  ) throws -> [Measurement] {
    try CurrentRecords.fetch(
      Measurement.self, db,
      where: """
        r.kind IN (?, ?, ?)
        AND r.visit IN (SELECT v.origin FROM visit v WHERE v.subject = ?)
        """,
      [
        MeasurementKind.matchedUnitShare.id, MeasurementKind.matchedUnitSurvival.id,
        MeasurementKind.followedUnitSurvival.id, subject,
      ]
    ).filter { value in
      value.conditions[earlierVisit] == date.description
        && (muscle == nil || value.muscle == muscle) && (side == nil || value.side == side)
    }
  }

  /// The links that units of a recording take part in.
  static func links(recording: RecordID, _ db: Database) throws -> [UnitLink] {
    let units = """
      (SELECT u.origin FROM motor_unit u JOIN analysis_run a ON a.origin = u.run
        WHERE a.recording = ?)
      """
    return try CurrentRecords.fetch(
      UnitLink.self, db, where: "r.first_unit IN \(units) OR r.second_unit IN \(units)",
      [recording, recording])
  }

  /// Values that the later recording of a link carries, for a recording that is moved.
  static func ownShares(recording: RecordID, _ db: Database) throws -> [Measurement] {
    try CurrentRecords.fetch(
      Measurement.self, db,
      where: """
        r.kind IN (?, ?, ?) AND r.run IN (SELECT origin FROM analysis_run WHERE recording = ?)
        """,
      [
        MeasurementKind.matchedUnitShare.id, MeasurementKind.matchedUnitSurvival.id,
        MeasurementKind.followedUnitSurvival.id, recording,
      ])
  }
}
