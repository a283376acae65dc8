internal import GRDB

/// The queries behind trends.
enum SeriesQuery {
  /// A query with the values of its places.
  struct Query {
    var sql: String
    var arguments: StatementArguments
  }

  /// Points that meet a filter, in the order of subject, day and number.
  static func points(_ filter: MeasurementFilter, _ db: Database) throws -> [MeasurementPoint] {
    var points: [MeasurementPoint] = []
    let measured = filter.kinds.filter { !$0.isOutcome }
    if filter.kinds.isEmpty || !measured.isEmpty {
      var measuredFilter = filter
      measuredFilter.kinds = measured
      try append(measurements(measuredFilter, columns: measurementColumns), to: &points, db)
    }
    // A clinical scale concerns no muscle: asking for one leaves it out.
    if filter.muscle == nil, filter.side == nil {
      for kind in filter.kinds {
        guard let source = kind.outcome else { continue }
        try append(outcomes(kind, source, subject: filter.subject), to: &points, db)
      }
    }
    return sorted(points)
  }

  /// Points in the order of subject, day and number; only keys are moved while sorting.
  private static func sorted(_ points: [MeasurementPoint]) -> [MeasurementPoint] {
    struct Key {
      var subject: RecordID
      var day: Int
      var id: RecordID
      var index: Int
    }
    var keys = points.indices.map {
      Key(subject: points[$0].subject, day: points[$0].day, id: points[$0].id, index: $0)
    }
    keys.sort { left, right in
      if left.subject != right.subject { return left.subject < right.subject }
      return left.day != right.day ? left.day < right.day : left.id < right.id
    }
    return keys.map { points[$0.index] }
  }

  private static let measurementColumns = """
    m.origin, v.subject, v.origin, v.day, m.kind, m.value, m.standard_error, m.censored, m.qc,
    m.replicate, m.muscle, m.side, m.conditions, m.run
    """

  /// Current measurements of dated visits; the caller adds the order.
  static func measurements(_ filter: MeasurementFilter, columns: String) -> Query {
    var conditions = [
      "v.day IS NOT NULL", RecordTable.isCurrent("m"), RecordTable.isCurrent("v"),
    ]
    var values: [any DatabaseValueConvertible] = []
    if !filter.kinds.isEmpty {
      let places = filter.kinds.map { _ in "?" }.joined(separator: ", ")
      conditions.append("m.kind IN (\(places))")
      values += filter.kinds.map(\.id)
    }
    if let subject = filter.subject {
      conditions.append("v.subject = ?")
      values.append(subject)
    }
    if let muscle = filter.muscle {
      conditions.append("m.muscle = ?")
      values.append(muscle)
    }
    if let side = filter.side {
      conditions.append("m.side = ?")
      values.append(side.rawValue)
    }
    if !filter.includesEarlierRuns {
      conditions.append(
        """
        (m.run IS NULL OR NOT EXISTS (
          SELECT 1 FROM analysis_run own JOIN analysis_run later
            ON later.recording = own.recording AND later.method = own.method
            AND later.origin > own.origin
          WHERE own.origin = m.run AND \(RecordTable.isCurrent("own"))
            AND \(RecordTable.isCurrent("later"))))
        """)
    }
    let sql = """
      SELECT \(columns) FROM measurement m JOIN visit v ON v.origin = m.visit
      WHERE \(conditions.joined(separator: " AND "))
      """
    return Query(sql: sql, arguments: StatementArguments(values))
  }

  private static func outcomes(
    _ kind: MeasurementKind, _ source: OutcomeSource, subject: RecordID?
  ) -> Query {
    var values: [any DatabaseValueConvertible] = [kind.id]
    var value = "o.total"
    if let item = source.item {
      value = "json_extract(o.items, ?)"
      values.append("$.\"\(item)\"")
    }
    values.append(source.instrument)
    var condition = ""
    if let subject {
      condition = "AND v.subject = ?"
      values.append(subject)
    }
    let sql = """
      SELECT * FROM (
        SELECT o.origin, v.subject, v.origin, v.day, ? AS kind, \(value) AS value, NULL, NULL,
          'pass', 1, NULL, NULL, NULL, NULL
        FROM outcome o JOIN visit v ON v.origin = o.visit
        WHERE o.instrument = ? AND v.day IS NOT NULL AND \(RecordTable.isCurrent("o"))
          AND \(RecordTable.isCurrent("v")) \(condition))
      WHERE value IS NOT NULL
      """
    return Query(sql: sql, arguments: StatementArguments(values))
  }

  private static func append(
    _ query: Query, to points: inout [MeasurementPoint], _ db: Database
  ) throws {
    let statement = try db.cachedStatement(sql: query.sql)
    var kinds: [String: MeasurementKind] = [:]
    let none: [String: String] = [:]
    let rows = try Row.fetchCursor(statement, arguments: query.arguments)
    while let row = try rows.next() {
      let kindID: String = try row.stored(at: 4)
      let kind = kinds[kindID] ?? MeasurementKind(id: kindID)
      kinds[kindID] = kind
      let conditions: String? = row.maybe(at: 12)
      points.append(
        MeasurementPoint(
          id: try row.stored(at: 0), subject: try row.stored(at: 1), visit: try row.stored(at: 2),
          day: try row.stored(at: 3), kind: kind, value: try row.stored(at: 5),
          standardError: row.maybe(at: 6),
          censoring: (row.maybe(at: 7) as String?).flatMap(Measurement.Censoring.init(rawValue:)),
          quality: (row.maybe(at: 8) as String?).flatMap(Measurement.Quality.init(rawValue:))
            ?? .fail,
          replicate: try row.stored(at: 9), muscle: row.maybe(at: 10),
          side: (row.maybe(at: 11) as String?).flatMap(BodySide.init(rawValue:)),
          conditions: try conditions.map { try JSONText.decode([String: String].self, from: $0) }
            ?? none,
          run: row.maybe(at: 13)))
    }
  }
}
