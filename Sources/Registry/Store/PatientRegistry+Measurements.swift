internal import GRDB

extension PatientRegistry {
  /// Stores measurements in one transaction.
  @discardableResult
  public func addMeasurements(_ measurements: [Measurement]) throws -> [Measurement] {
    try add(measurements)
  }

  /// Current measurements in the order of their visits' days.
  ///
  /// Corrected values appear in their last version, retracted ones not at all. Clinical outcomes
  /// are not among them: see `outcomes` and `series`.
  public func measurements(
    kind: MeasurementKind? = nil, subject: RecordID? = nil, muscle: String? = nil,
    side: BodySide? = nil
  ) throws -> [Measurement] {
    let filter = MeasurementFilter(
      kinds: kind.map { [$0] } ?? [], subject: subject, muscle: muscle, side: side,
      includesEarlierRuns: true)
    let query = SeriesQuery.measurements(filter, columns: "m.*")
    return try read { db in
      let statement = try db.cachedStatement(sql: query.sql + " ORDER BY v.day, m.origin")
      return try Row.fetchAll(statement, arguments: query.arguments).map {
        try Measurement(id: try $0.stored("origin"), fields: RecordFields(row: $0))
      }
    }
  }

  /// The points of one subject's trend in the order of their days.
  ///
  /// Clinical outcomes (ALSFRS-R and its items, vital capacity) can be asked for like any other
  /// kind. Where a recording was analysed again by the same method, the last run counts.
  public func series(
    kind: MeasurementKind, subject: RecordID, muscle: String? = nil, side: BodySide? = nil
  ) throws -> [MeasurementPoint] {
    let filter = MeasurementFilter(
      kinds: [kind], subject: subject, muscle: muscle, side: side)
    return try read { try SeriesQuery.points(filter, $0) }
  }

  /// The points of all subjects with their interventions and events.
  public func cohortSeries(_ filter: MeasurementFilter) throws -> CohortSeries {
    try read { db in
      let points = try SeriesQuery.points(filter, db)
      let condition = filter.subject == nil ? "1" : "r.subject = ?"
      let arguments = StatementArguments(filter.subject.map { [$0] } ?? [])
      return CohortSeries(
        subjects: try CurrentRecords.fetch(
          Subject.self, db, where: filter.subject == nil ? "1" : "r.origin = ?", arguments),
        points: points,
        interventions: try CurrentRecords.fetch(
          Intervention.self, db, where: condition, arguments,
          order: "r.subject, r.start_day, r.origin"),
        events: try CurrentRecords.fetch(
          ClinicalEvent.self, db, where: condition, arguments, order: "r.subject, r.day, r.origin"),
        citation: try DataCitation(points: points, db))
    }
  }

  /// The kinds of which the registry holds current values, with how many of each.
  public func kindCounts(subject: RecordID? = nil) throws -> [(kind: MeasurementKind, count: Int)] {
    let condition = subject == nil ? "" : "AND v.subject = ?"
    let sql = """
      SELECT m.kind, COUNT(*) FROM measurement m JOIN visit v ON v.origin = m.visit
      WHERE \(RecordTable.isCurrent("m")) AND \(RecordTable.isCurrent("v")) \(condition)
      GROUP BY m.kind ORDER BY m.kind
      """
    return try read { db in
      let arguments = StatementArguments(subject.map { [$0] } ?? [])
      return try Row.fetchAll(db, sql: sql, arguments: arguments).map {
        (MeasurementKind(id: try $0.stored(at: 0)), try $0.stored(at: 1))
      }
    }
  }
}
