/// The first version of the database schema, in the SQL that creates it.
///
/// Every record row has `id`, its place in the ledger, and `origin`, the id of its first version,
/// which is what other tables refer to. The ledger says who added, corrected or retracted it, when
/// and why, and chains the hashes. This text is frozen: later versions are migrations of their own.
enum RegistrySchema {
  /// `application_id` of the database file: the ASCII letters `MPRG`.
  static let applicationID: Int64 = 0x4D50_5247

  static let version1: String =
    ledger + tables.joined() + indexes + guards(for: "ledger", key: "seq")
    + version1Tables.map { guards(for: $0, key: "id") + currentView($0) }.joined()

  private static let version1Tables = [
    "study", "site", "subject", "visit", "intervention", "recording", "analysis_run", "measurement",
    "motor_unit", "unit_link", "outcome", "event",
  ]

  private static let ledger = """
    CREATE TABLE ledger (
      seq INTEGER PRIMARY KEY,
      action TEXT NOT NULL CHECK (action IN ('add', 'correct', 'retract')),
      record_table TEXT NOT NULL,
      supersedes INTEGER REFERENCES ledger (seq),
      at TEXT NOT NULL,
      author TEXT NOT NULL CHECK (length(author) > 0),
      reason TEXT,
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      CHECK ((action = 'add') = (supersedes IS NULL)),
      CHECK (action = 'add' OR length(trim(reason)) > 0)
    ) STRICT;
    CREATE UNIQUE INDEX ledger_supersedes ON ledger (supersedes) WHERE supersedes IS NOT NULL;

    """

  private static func table(_ name: String, _ columns: String) -> String {
    """
    CREATE TABLE \(name) (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
    \(columns)
    ) STRICT;
    CREATE INDEX \(name)_origin ON \(name) (origin);

    """
  }

  private static let sides = "CHECK (side IN ('left', 'right', 'midline'))"

  private static let tables = [
    table("study", "  name TEXT NOT NULL,\n  title TEXT"),
    table("site", "  name TEXT NOT NULL,\n  title TEXT"),
    table(
      "subject",
      """
        pseudonym TEXT NOT NULL CHECK (length(pseudonym) BETWEEN 1 AND 64),
        study INTEGER REFERENCES study (id),
        site INTEGER REFERENCES site (id),
        arm TEXT,
        onset_day INTEGER,
        onset_site TEXT,
        attributes TEXT CHECK (attributes IS NULL OR json_valid(attributes))
      """),
    table(
      "visit",
      """
        subject INTEGER NOT NULL REFERENCES subject (id),
        day INTEGER,
        nominal TEXT,
        status TEXT NOT NULL CHECK (status IN ('done', 'partial', 'missed', 'planned')),
        missing_reason TEXT,
        CHECK (day IS NOT NULL OR status IN ('missed', 'planned'))
      """),
    table(
      "intervention",
      """
        subject INTEGER NOT NULL REFERENCES subject (id),
        kind TEXT NOT NULL,
        name TEXT,
        start_day INTEGER NOT NULL,
        stop_day INTEGER CHECK (stop_day >= start_day),
        dose REAL,
        dose_unit TEXT
      """),
    table(
      "recording",
      """
        visit INTEGER NOT NULL REFERENCES visit (id),
        muscle TEXT,
        side TEXT \(sides),
        modality TEXT NOT NULL,
        device TEXT,
        rater TEXT,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
        file_format TEXT,
        sampling_rate REAL CHECK (sampling_rate > 0),
        channels INTEGER CHECK (channels > 0),
        duration REAL CHECK (duration >= 0)
      """),
    table(
      "analysis_run",
      """
        recording INTEGER NOT NULL REFERENCES recording (id),
        method TEXT NOT NULL,
        software_version TEXT NOT NULL,
        parameters TEXT NOT NULL CHECK (json_valid(parameters)),
        seed TEXT,
        input_sha256 TEXT CHECK (length(input_sha256) = 64)
      """),
    table(
      "measurement",
      """
        visit INTEGER NOT NULL REFERENCES visit (id),
        run INTEGER REFERENCES analysis_run (id),
        kind TEXT NOT NULL,
        value REAL NOT NULL,
        unit TEXT NOT NULL,
        standard_error REAL CHECK (standard_error >= 0),
        censored TEXT CHECK (censored IN ('below', 'above')),
        qc TEXT NOT NULL CHECK (qc IN ('pass', 'warn', 'fail')),
        replicate INTEGER NOT NULL CHECK (replicate >= 1),
        muscle TEXT,
        side TEXT \(sides),
        conditions TEXT CHECK (conditions IS NULL OR json_valid(conditions))
      """),
    table(
      "motor_unit",
      """
        run INTEGER NOT NULL REFERENCES analysis_run (id),
        unit_index INTEGER NOT NULL CHECK (unit_index >= 0),
        sampling_rate REAL NOT NULL CHECK (sampling_rate > 0),
        spike_count INTEGER NOT NULL CHECK (spike_count >= 0),
        spikes BLOB NOT NULL,
        template BLOB,
        quality TEXT CHECK (quality IS NULL OR json_valid(quality))
      """),
    table(
      "unit_link",
      """
        first_unit INTEGER NOT NULL REFERENCES motor_unit (id),
        second_unit INTEGER NOT NULL REFERENCES motor_unit (id),
        confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
        method TEXT NOT NULL,
        CHECK (first_unit <> second_unit)
      """),
    table(
      "outcome",
      """
        visit INTEGER NOT NULL REFERENCES visit (id),
        instrument TEXT NOT NULL,
        total REAL,
        unit TEXT NOT NULL,
        items TEXT CHECK (items IS NULL OR json_valid(items)),
        CHECK (total IS NOT NULL OR items IS NOT NULL)
      """),
    table(
      "event",
      """
        subject INTEGER NOT NULL REFERENCES subject (id),
        kind TEXT NOT NULL,
        day INTEGER NOT NULL,
        detail TEXT
      """),
  ]

  private static let indexes = """
    CREATE INDEX subject_pseudonym ON subject (pseudonym);
    CREATE INDEX subject_study ON subject (study);
    CREATE INDEX subject_site ON subject (site);
    CREATE INDEX visit_subject_day ON visit (subject, day);
    CREATE INDEX intervention_subject ON intervention (subject, start_day);
    CREATE INDEX recording_visit ON recording (visit);
    CREATE INDEX recording_sha256 ON recording (sha256);
    CREATE INDEX analysis_run_recording ON analysis_run (recording);
    CREATE INDEX measurement_kind_visit ON measurement (kind, visit);
    CREATE INDEX measurement_visit ON measurement (visit);
    CREATE INDEX measurement_run ON measurement (run);
    CREATE INDEX motor_unit_run ON motor_unit (run, unit_index);
    CREATE INDEX unit_link_first ON unit_link (first_unit);
    CREATE INDEX unit_link_second ON unit_link (second_unit);
    CREATE INDEX outcome_visit ON outcome (visit);
    CREATE INDEX outcome_instrument ON outcome (instrument, visit);
    CREATE INDEX event_subject ON event (subject, day);

    """

  /// Triggers that refuse to change, remove or replace a row.
  ///
  /// The third one is needed because `INSERT OR REPLACE` removes rows without a DELETE trigger.
  static func guards(for table: String, key: String) -> String {
    """
    CREATE TRIGGER \(table)_no_update BEFORE UPDATE ON \(table)
    BEGIN SELECT RAISE(ABORT, 'records are append-only: \(table) cannot be updated'); END;
    CREATE TRIGGER \(table)_no_delete BEFORE DELETE ON \(table)
    BEGIN SELECT RAISE(ABORT, 'records are append-only: \(table) cannot be deleted'); END;
    CREATE TRIGGER \(table)_no_replace BEFORE INSERT ON \(table)
    WHEN EXISTS (SELECT 1 FROM \(table) WHERE \(key) = NEW.\(key))
    BEGIN SELECT RAISE(ABORT, 'records are append-only: \(table) cannot be replaced'); END;

    """
  }

  /// A view of the current versions, for people who read the file with SQL.
  static func currentView(_ table: String) -> String {
    """
    CREATE VIEW current_\(table) AS
    SELECT r.*, l.at AS recorded_at, l.author AS recorded_by
    FROM \(table) r JOIN ledger l ON l.seq = r.id
    WHERE NOT EXISTS (SELECT 1 FROM ledger n WHERE n.supersedes = r.id);

    """
  }
}
