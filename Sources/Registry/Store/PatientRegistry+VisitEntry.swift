internal import GRDB

/// A recording with its run, measurements and units, ready to be stored with a visit.
public struct RecordingEntry: Sendable, Equatable {
  /// The recording; its visit is filled in.
  public var recording: StoredRecording
  /// The run over it.
  public var run: AnalysisRun
  /// What the run measured.
  public var measurements: [Measurement]
  /// The units it identified.
  public var units: [StoredUnit]
  /// Doubts about it, stored with it.
  public var doubts: [EntryDoubt] = []

  /// An entry from its parts.
  public init(
    recording: StoredRecording, run: AnalysisRun, measurements: [Measurement] = [],
    units: [StoredUnit] = []
  ) {
    self.recording = recording
    self.run = run
    self.measurements = measurements
    self.units = units
  }
}

/// A visit with everything that was stored with it.
public struct StoredVisitEntry: Sendable, Equatable {
  /// The visit.
  public var visit: Visit
  /// Whether the visit was new.
  public var isNewVisit: Bool
  /// Recordings with their runs, in the order given.
  public var runs: [StoredRun]
  /// Measurements that belong to no run, in the order given.
  public var measurements: [Measurement]
  /// Clinical outcomes, in the order given.
  public var outcomes: [Outcome]
}

extension PatientRegistry {
  /// Stores what a visit brought, together with the visit where it is new, all or nothing.
  ///
  /// The visit of every part is filled in. Replicate numbers of measurements of runs go on from
  /// those that the visit holds for the same kind, muscle and side. `doubts` are stored as warnings of
  /// the visit, those of an entry as warnings of its recording. With a reason for `replacing`, recordings
  /// with the same files are retracted first, with what was worked out from them. Throws
  /// `RegistryError.alreadyStored` for a file that is stored for the subject,
  /// `.alreadyExists` for a measurement without run whose kind, muscle, side and replicate the
  /// visit holds, `.notFound` and `.invalid`.
  @discardableResult
  public func storeVisit(
    subject: RecordID, date: CivilDate, nominal: String? = nil, recordings: [RecordingEntry] = [],
    measurements: [Measurement] = [], outcomes: [Outcome] = [], doubts: [EntryDoubt] = [],
    replacing reason: String? = nil
  ) throws -> StoredVisitEntry {
    try write { writer in
      if let reason {
        for entry in recordings {
          let sha256 = entry.recording.sha256
          if let stored = try RecordingQuery.find(subject: subject, sha256: sha256, writer.db) {
            _ = try writer.retract(.recording, origin: stored.id, reason: reason)
          }
        }
      }
      let known = try VisitQuery.visit(subject, date, writer.db)
      let visit =
        try known ?? writer.add(Visit(subject: subject, date: date, nominal: nominal))
      let runs = try recordings.map { entry in
        var recording = entry.recording
        recording.visit = visit.id
        try RecordingQuery.refuseDuplicate(recording, writer.db)
        let stored = try writer.add(recording)
        let values = try entry.measurements.map { measurement in
          var measurement = measurement
          measurement.replicate = try VisitValues.next(
            measurement.kind, measurement.muscle ?? stored.muscle, measurement.side ?? stored.side,
            visit: visit.id, writer.db)
          return measurement
        }
        for doubt in entry.doubts {
          _ = try writer.add(
            StoredWarning(
              subject: subject, visit: visit.id, recording: stored.id, code: doubt.code,
              text: doubt.text))
        }
        return try RunStorage.store(entry.run, of: stored, values, entry.units, writer)
      }
      for doubt in doubts {
        _ = try writer.add(
          StoredWarning(
            subject: subject, visit: visit.id, code: doubt.code, text: doubt.text))
      }
      return StoredVisitEntry(
        visit: visit, isNewVisit: known == nil, runs: runs,
        measurements: try measurements.map { measurement in
          var measurement = measurement
          measurement.visit = visit.id
          try VisitValues.refuseDuplicate(measurement, date: date, writer.db)
          return try writer.add(measurement)
        },
        outcomes: try outcomes.map { outcome in
          var outcome = outcome
          outcome.visit = visit.id
          try VisitValues.refuseDuplicate(outcome, date: date, writer.db)
          return try writer.add(outcome)
        })
    }
  }
}

/// Values that a visit holds already, within a transaction.
private enum VisitValues {
  static func next(
    _ kind: MeasurementKind, _ muscle: String?, _ side: BodySide?, visit: RecordID, _ db: Database
  ) throws -> Int {
    (try stored(kind, muscle, side, visit: visit, db).map(\.replicate).max() ?? 0) + 1
  }

  static func refuseDuplicate(
    _ measurement: Measurement, date: CivilDate, _ db: Database
  ) throws {
    let found = try stored(
      measurement.kind, measurement.muscle, measurement.side, visit: measurement.visit, db)
    guard !found.contains(where: { $0.replicate == measurement.replicate }) else {
      let place = [measurement.muscle, measurement.side?.rawValue].compactMap { $0 }
      throw RegistryError.alreadyExists(
        table: RecordTable.measurement.rawValue,
        key: "\(measurement.kind.id), repetition \(measurement.replicate), of \(date)"
          + (place.isEmpty ? "" : " (\(place.joined(separator: ", ")))"))
    }
  }

  static func refuseDuplicate(_ outcome: Outcome, date: CivilDate, _ db: Database) throws {
    let found = try CurrentRecords.fetch(
      Outcome.self, db, where: "r.visit = ? AND r.instrument = ?",
      [outcome.visit, outcome.instrument])
    guard found.isEmpty else {
      throw RegistryError.alreadyExists(
        table: RecordTable.outcome.rawValue, key: "\(outcome.instrument) of \(date)")
    }
  }

  private static func stored(
    _ kind: MeasurementKind, _ muscle: String?, _ side: BodySide?, visit: RecordID, _ db: Database
  ) throws -> [Measurement] {
    try CurrentRecords.fetch(
      Measurement.self, db,
      where: "r.visit = ? AND r.kind = ? AND r.muscle IS ? AND r.side IS ?",
      [visit, kind.id, muscle.map(MuscleName.canonical), side?.rawValue])
  }
}
