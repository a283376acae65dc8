internal import GRDB

/// The schema versions in order; a registry of any earlier version is brought to the last one.
enum RegistryMigrations {
  /// The migrations, each applied once and in a transaction of its own.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in
      try db.execute(sql: RegistrySchema.version1)
      try db.execute(sql: "PRAGMA application_id = \(RegistrySchema.applicationID)")
    }
    migrator.registerMigration("v2") { db in
      try db.execute(sql: RegistrySchema.version2)
    }
    migrator.registerMigration("v3") { db in
      try db.execute(sql: RegistrySchema.version3)
    }
    migrator.registerMigration("v4") { db in
      try db.execute(sql: RegistrySchema.version4)
    }
    return migrator
  }
}
