/// The tables and indexes of a registry of version 1, as they were written then.
enum RegistryV1Schema {
  static let sql = #"""
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
    CREATE TABLE study (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      name TEXT NOT NULL,
      title TEXT
    ) STRICT;
    CREATE TABLE site (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      name TEXT NOT NULL,
      title TEXT
    ) STRICT;
    CREATE TABLE subject (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      pseudonym TEXT NOT NULL CHECK (length(pseudonym) BETWEEN 1 AND 64),
      study INTEGER REFERENCES study (id),
      site INTEGER REFERENCES site (id),
      arm TEXT,
      onset_day INTEGER,
      onset_site TEXT,
      attributes TEXT CHECK (attributes IS NULL OR json_valid(attributes))
    ) STRICT;
    CREATE TABLE visit (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      subject INTEGER NOT NULL REFERENCES subject (id),
      day INTEGER,
      nominal TEXT,
      status TEXT NOT NULL CHECK (status IN ('done', 'partial', 'missed', 'planned')),
      missing_reason TEXT,
      CHECK (day IS NOT NULL OR status IN ('missed', 'planned'))
    ) STRICT;
    CREATE TABLE intervention (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      subject INTEGER NOT NULL REFERENCES subject (id),
      kind TEXT NOT NULL,
      name TEXT,
      start_day INTEGER NOT NULL,
      stop_day INTEGER CHECK (stop_day >= start_day),
      dose REAL,
      dose_unit TEXT
    ) STRICT;
    CREATE TABLE recording (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      visit INTEGER NOT NULL REFERENCES visit (id),
      muscle TEXT,
      side TEXT CHECK (side IN ('left', 'right', 'midline')),
      modality TEXT NOT NULL,
      device TEXT,
      rater TEXT,
      sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
      file_format TEXT,
      sampling_rate REAL CHECK (sampling_rate > 0),
      channels INTEGER CHECK (channels > 0),
      duration REAL CHECK (duration >= 0)
    ) STRICT;
    CREATE TABLE analysis_run (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      recording INTEGER NOT NULL REFERENCES recording (id),
      method TEXT NOT NULL,
      software_version TEXT NOT NULL,
      parameters TEXT NOT NULL CHECK (json_valid(parameters)),
      seed TEXT,
      input_sha256 TEXT CHECK (length(input_sha256) = 64)
    ) STRICT;
    CREATE TABLE measurement (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
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
      side TEXT CHECK (side IN ('left', 'right', 'midline')),
      conditions TEXT CHECK (conditions IS NULL OR json_valid(conditions))
    ) STRICT;
    CREATE TABLE motor_unit (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      run INTEGER NOT NULL REFERENCES analysis_run (id),
      unit_index INTEGER NOT NULL CHECK (unit_index >= 0),
      sampling_rate REAL NOT NULL CHECK (sampling_rate > 0),
      spike_count INTEGER NOT NULL CHECK (spike_count >= 0),
      spikes BLOB NOT NULL,
      template BLOB,
      quality TEXT CHECK (quality IS NULL OR json_valid(quality))
    ) STRICT;
    CREATE TABLE unit_link (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      first_unit INTEGER NOT NULL REFERENCES motor_unit (id),
      second_unit INTEGER NOT NULL REFERENCES motor_unit (id),
      confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
      method TEXT NOT NULL,
      CHECK (first_unit <> second_unit)
    ) STRICT;
    CREATE TABLE outcome (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      visit INTEGER NOT NULL REFERENCES visit (id),
      instrument TEXT NOT NULL,
      total REAL,
      unit TEXT NOT NULL,
      items TEXT CHECK (items IS NULL OR json_valid(items)),
      CHECK (total IS NOT NULL OR items IS NOT NULL)
    ) STRICT;
    CREATE TABLE event (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      subject INTEGER NOT NULL REFERENCES subject (id),
      kind TEXT NOT NULL,
      day INTEGER NOT NULL,
      detail TEXT
    ) STRICT;
    CREATE UNIQUE INDEX ledger_supersedes ON ledger (supersedes) WHERE supersedes IS NOT NULL;
    CREATE INDEX study_origin ON study (origin);
    CREATE INDEX site_origin ON site (origin);
    CREATE INDEX subject_origin ON subject (origin);
    CREATE INDEX visit_origin ON visit (origin);
    CREATE INDEX intervention_origin ON intervention (origin);
    CREATE INDEX recording_origin ON recording (origin);
    CREATE INDEX analysis_run_origin ON analysis_run (origin);
    CREATE INDEX measurement_origin ON measurement (origin);
    CREATE INDEX motor_unit_origin ON motor_unit (origin);
    CREATE INDEX unit_link_origin ON unit_link (origin);
    CREATE INDEX outcome_origin ON outcome (origin);
    CREATE INDEX event_origin ON event (origin);
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
    """#
}
