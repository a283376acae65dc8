extension RegistrySchema {
  /// The third version: warnings kept with what they are about, and what was erased on request.
  static let version3 =
    """
    CREATE TABLE warning (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      subject INTEGER NOT NULL REFERENCES subject (id),
      visit INTEGER REFERENCES visit (id),
      recording INTEGER REFERENCES recording (id),
      code TEXT NOT NULL,
      text TEXT NOT NULL,
      accepted_by TEXT,
      accepted_reason TEXT,
      CHECK ((accepted_by IS NULL) = (accepted_reason IS NULL))
    ) STRICT;
    CREATE INDEX warning_origin ON warning (origin);
    CREATE INDEX warning_subject ON warning (subject);
    CREATE INDEX warning_visit ON warning (visit);
    CREATE INDEX warning_recording ON warning (recording);

    CREATE TABLE erasure (
      id INTEGER PRIMARY KEY REFERENCES ledger (seq),
      origin INTEGER NOT NULL CHECK (origin <= id),
      entries TEXT NOT NULL CHECK (json_valid(entries)),
      reason TEXT NOT NULL CHECK (length(trim(reason)) > 0)
    ) STRICT;
    CREATE INDEX erasure_origin ON erasure (origin);

    """ + guards(for: "warning", key: "id") + currentView("warning")
    + guards(for: "erasure", key: "id") + currentView("erasure")
}
