internal import GRDB

/// A stored run with everything that was stored with it.
public struct StoredRun: Sendable, Equatable {
  /// The recording.
  public var recording: StoredRecording
  /// The run.
  public var run: AnalysisRun
  /// Its measurements.
  public var measurements: [Measurement]
  /// Its motor units.
  public var units: [StoredUnit]
}

extension PatientRegistry {
  /// Stores a run over a stored recording with its measurements and units, all or nothing.
  ///
  /// The measurements' visit and run and the units' run are filled in; where a measurement names no
  /// muscle or side, the recording's are taken unless it concerns no muscle at all.
  ///
  /// - Throws: `RegistryError.notFound` without the recording and `.invalid` for bad values.
  @discardableResult
  public func addRun(
    _ run: AnalysisRun, measurements: [Measurement] = [], units: [StoredUnit] = []
  ) throws -> StoredRun {
    try write { writer in
      let found = try CurrentRecords.fetch(
        StoredRecording.self, writer.db, where: "r.origin = ?", [run.recording])
      guard let recording = found.first else {
        throw RegistryError.notFound(
          table: RecordTable.recording.rawValue, key: String(run.recording))
      }
      return try RunStorage.store(run, of: recording, measurements, units, writer)
    }
  }

  /// Stores a run that an expert edited, all or nothing: values of the same kinds that earlier runs over
  /// the recording gave are withdrawn with the reason, and the new ones take their repetition numbers.
  ///
  /// - Throws: `RegistryError.notFound` without the recording, `.reasonMissing` and `.invalid`.
  @discardableResult
  package func addEditedRun(
    _ run: AnalysisRun, measurements: [Measurement], units: [StoredUnit], reason: String
  ) throws -> StoredRun {
    try write { writer in
      let found = try CurrentRecords.fetch(
        StoredRecording.self, writer.db, where: "r.origin = ?", [run.recording])
      guard let recording = found.first else {
        throw RegistryError.notFound(
          table: RecordTable.recording.rawValue, key: String(run.recording))
      }
      let former = try CurrentRecords.fetch(
        Measurement.self, writer.db,
        where: "r.run IN (SELECT origin FROM analysis_run WHERE recording = ?)", [run.recording])
      let kinds = Set(measurements.map(\.kind))
      var replicates: [MeasurementKind: Int] = [:]
      for value in former where kinds.contains(value.kind) {
        _ = try writer.retract(.measurement, origin: value.id, reason: reason)
        replicates[value.kind] = value.replicate
      }
      let renewed = measurements.map { measurement in
        var measurement = measurement
        measurement.replicate = replicates[measurement.kind] ?? measurement.replicate
        return measurement
      }
      return try RunStorage.store(run, of: recording, renewed, units, writer)
    }
  }

  /// Stores a recording together with its run, measurements and units, all or nothing.
  ///
  /// - Throws: `RegistryError.alreadyStored` where the file is stored for the subject.
  @discardableResult
  public func addRecording(
    _ recording: StoredRecording, run: AnalysisRun, measurements: [Measurement] = [],
    units: [StoredUnit] = []
  ) throws -> StoredRun {
    try write { writer in
      try RecordingQuery.refuseDuplicate(recording, writer.db)
      let stored = try writer.add(recording)
      return try RunStorage.store(run, of: stored, measurements, units, writer)
    }
  }

  /// Runs over a recording, the oldest first.
  public func runs(recording: RecordID) throws -> [AnalysisRun] {
    try read {
      try CurrentRecords.fetch(AnalysisRun.self, $0, where: "r.recording = ?", [recording])
    }
  }

  /// The units of a run by their index.
  public func units(run: RecordID) throws -> [StoredUnit] {
    try read { db in
      try CurrentRecords.fetch(
        StoredUnit.self, db, where: "r.run = ?", [run], order: "r.unit_index, r.origin")
    }
  }

  /// Stores matches of units across runs in one transaction.
  @discardableResult
  public func addUnitLinks(_ links: [UnitLink]) throws -> [UnitLink] {
    try add(links)
  }

  /// Links that one of a run's units takes part in.
  public func unitLinks(run: RecordID) throws -> [UnitLink] {
    try read { db in
      try CurrentRecords.fetch(
        UnitLink.self, db,
        where: """
          r.first_unit IN (SELECT origin FROM motor_unit WHERE run = ?)
          OR r.second_unit IN (SELECT origin FROM motor_unit WHERE run = ?)
          """, [run, run])
    }
  }
}

/// Storing a run's parts within a transaction.
enum RunStorage {
  static func store(
    _ run: AnalysisRun, of recording: StoredRecording, _ measurements: [Measurement],
    _ units: [StoredUnit], _ writer: RecordWriter
  ) throws -> StoredRun {
    var run = run
    run.recording = recording.id
    let storedRun = try writer.add(run)
    let storedMeasurements = try measurements.map { measurement in
      var measurement = measurement
      measurement.visit = recording.visit
      measurement.run = storedRun.id
      measurement.muscle = measurement.muscle ?? recording.muscle
      measurement.side = measurement.side ?? recording.side
      return try writer.add(measurement)
    }
    let storedUnits = try units.map { unit in
      var unit = unit
      unit.run = storedRun.id
      return try writer.add(unit)
    }
    return StoredRun(
      recording: recording, run: storedRun, measurements: storedMeasurements, units: storedUnits)
  }
}
