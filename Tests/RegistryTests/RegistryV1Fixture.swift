/// A registry of version 1 with records of most kinds, a correction and a retraction, as SQL.
///
/// It is a copy that the program does not make: it must stay as it is when the schema goes on.
enum RegistryV1Fixture {
  static let headHash = "feea78b7b31d71da88aa1c522bba991124dcfe254df8088dd0db0eddaa570853"

  static let sql =
    "PRAGMA foreign_keys = OFF; PRAGMA application_id = 1297109575;\n" + RegistryV1Schema.sql
    + "\n" + guards + "\n" + migrations + "\n" + records

  private static let migrations = """
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    INSERT INTO grdb_migrations VALUES ('v1');
    """

  private static let tables = [
    "study", "site", "subject", "visit", "intervention", "recording", "analysis_run", "measurement",
    "motor_unit", "unit_link", "outcome", "event",
  ]

  private static let guards =
    guards("ledger", "seq") + tables.map { guards($0, "id") + view($0) }.joined()

  static func guards(_ table: String, _ key: String) -> String {
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

  static func view(_ table: String) -> String {
    """
    CREATE VIEW current_\(table) AS
    SELECT r.*, l.at AS recorded_at, l.author AS recorded_by
    FROM \(table) r JOIN ledger l ON l.seq = r.id
    WHERE NOT EXISTS (SELECT 1 FROM ledger n WHERE n.supersedes = r.id);

    """
  }

  private static let records = #"""
    INSERT INTO ledger VALUES (1,'add','study',NULL,'2026-09-21T14:13:20.000Z','nurse',NULL,
    X'f362149bdba9e1b022ffb3c41036c40ce389463ef94e1b7d2a6fed59a2d054b6');
    INSERT INTO ledger VALUES (2,'add','subject',NULL,'2026-09-21T14:13:20.000Z','nurse',
    NULL,X'5ee4ad64be5b2a69586cb81db488cbe783710161ed869996494a3a768909a41e');
    INSERT INTO ledger VALUES (3,'add','visit',NULL,'2026-09-21T14:13:20.000Z','nurse',NULL,
    X'dac3e1aa76cc50c858ee21b7286e3d9439ad145d5a1f0e41551af5372b3e8134');
    INSERT INTO ledger VALUES (4,'add','recording',NULL,'2026-09-21T14:13:20.000Z','nurse',
    NULL,X'd593de9ae772b195dee482bc6bdd3b9fead01805b8d8c50afd8cd3dc657f3f46');
    INSERT INTO ledger VALUES (5,'add','analysis_run',NULL,'2026-09-21T14:13:20.000Z',
    'nurse',NULL,X'84115109c133cd5b6b1da704570a3e85eb248a35855124186e5185c247ad396d');
    INSERT INTO ledger VALUES (6,'add','measurement',NULL,'2026-09-21T14:13:20.000Z',
    'nurse',NULL,X'5e658feebcdfb5bf52e6ac99c72a60b5c31002d9fc0fb2dca5a87cc19c8fdebe');
    INSERT INTO ledger VALUES (7,'add','motor_unit',NULL,'2026-09-21T14:13:20.000Z','nurse',
    NULL,X'0a3bbf6e5093fbdad2e5e689156f68d6c76ad981f183449376673923ae0683c6');
    INSERT INTO ledger VALUES (8,'correct','subject',2,'2026-09-21T14:13:20.000Z','nurse',
    'misread',X'cd024cab84337c011f84eaf11c28a4d5e8c5525167369a6d2ecdc2180489866e');
    INSERT INTO ledger VALUES (9,'add','event',NULL,'2026-09-21T14:13:20.000Z','nurse',NULL,
    X'dacf5a5d5e8ff99784d8829b97022c26ebfabcb122e4709ee6e5fb16c550e95c');
    INSERT INTO ledger VALUES (10,'retract','event',9,'2026-09-21T14:13:20.000Z','nurse',
    'entered twice',X'dc8b9cf9fe8665b324cd09170ef6db14198c488601dbc3481e93d443bfe95dd1');
    INSERT INTO ledger VALUES (11,'add','outcome',NULL,'2026-09-21T14:13:20.000Z','nurse',
    NULL,X'feea78b7b31d71da88aa1c522bba991124dcfe254df8088dd0db0eddaa570853');
    INSERT INTO study VALUES (1,1,'S1',NULL);
    INSERT INTO subject VALUES (2,2,'P01',1,NULL,'A',NULL,NULL,'{"sex":"f"}');
    INSERT INTO subject VALUES (8,2,'P01',1,NULL,'B',NULL,NULL,'{"sex":"f"}');
    INSERT INTO visit VALUES (3,3,2,20458,'baseline','done',NULL);
    INSERT INTO recording VALUES (4,4,3,'tibialis anterior','left','surface-grid',NULL,NULL,
    '0000000000000000000000000000000000000000000000000000000000000001',NULL,2048.0,64,20.0);
    INSERT INTO analysis_run VALUES (5,5,4,'decompose','0.1','{}','7',NULL);
    INSERT INTO measurement VALUES (6,6,3,5,'identified-units-max',12.0,'units',1.5,NULL,
    'pass',1,'tibialis anterior','left',NULL);
    INSERT INTO motor_unit VALUES (7,7,5,0,2048.0,2,X'010280800580a05f',
    X'0101000000020000000000803f000000c0','{"silhouette":0.9}');
    INSERT INTO outcome VALUES (11,11,3,'SVC',88.0,'%',NULL);
    INSERT INTO event VALUES (9,9,2,'withdrawal',20500,NULL);
    """#
}
