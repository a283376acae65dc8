/// A registry of version 3, migrated from that of version 1, with a therapy that the program of then added.
///
/// It is a copy that the program does not make: it must stay as it is when the schema goes on.
enum RegistryV3Fixture {
  static let headHash = "4ab3095d05373079b3ed95a936239767e2885e52e291727df5c8e7077e1e03e8"

  static let sql =
    RegistryV1Fixture.sql + "\n" + version2 + "\n" + version3
    + RegistryV1Fixture.guards("warning", "id") + RegistryV1Fixture.view("warning")
    + RegistryV1Fixture.guards("erasure", "id") + RegistryV1Fixture.view("erasure") + records

  private static let version2 = """
    ALTER TABLE analysis_run ADD COLUMN electrodes TEXT
      CHECK (electrodes IS NULL OR json_valid(electrodes));
    ALTER TABLE unit_link ADD COLUMN evidence TEXT
      CHECK (evidence IS NULL OR json_valid(evidence));
    """

  private static let version3 = """
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

    """

  private static let records = #"""
    INSERT INTO grdb_migrations VALUES ('v2');
    INSERT INTO grdb_migrations VALUES ('v3');
    INSERT INTO ledger VALUES (12,'add','intervention',NULL,'2026-11-30T09:38:14.085Z','nurse',
    NULL,X'4AB3095D05373079B3ED95A936239767E2885E52E291727DF5C8E7077E1E03E8');
    INSERT INTO intervention VALUES (12,12,2,'cells','protocol A',20485,NULL,2.0,'ml');
    """#
}
