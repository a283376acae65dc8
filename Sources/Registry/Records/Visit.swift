/// A visit of a subject, planned or kept.
public struct Visit: RegistryRecord {
  /// What became of a visit.
  public enum Status: String, Sendable, Codable, CaseIterable {
    /// Took place.
    case done
    /// Took place, with measurements missing.
    case partial
    /// Did not take place.
    case missed
    /// Still to come.
    case planned
  }

  /// The table of visits.
  public static let table = RecordTable.visit
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// The subject.
  public var subject: RecordID
  /// The actual day; may be absent for a missed or planned visit.
  public var date: CivilDate?
  /// Its name in the protocol, for example "month 3".
  public var nominal: String?
  /// What became of it.
  public var status: Status
  /// Why it or parts of it are missing.
  public var missingReason: String?

  /// A visit not yet stored.
  public init(
    subject: RecordID, date: CivilDate?, nominal: String? = nil, status: Status = .done,
    missingReason: String? = nil
  ) {
    id = 0
    self.subject = subject
    self.date = date
    self.nominal = nominal
    self.status = status
    self.missingReason = missingReason
  }

  /// The visit read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    subject = try fields.required("subject", fields.integer("subject"), Self.table)
    date = fields.date("day")
    nominal = fields.text("nominal")
    let status = fields.text("status").flatMap(Status.init(rawValue:))
    self.status = try fields.required("status", status, Self.table)
    missingReason = fields.text("missing_reason")
  }

  /// The fields to store; throws `RegistryError.invalid` for a kept visit without a day.
  public func fields() throws -> RecordFields {
    guard date != nil || status == .missed || status == .planned else {
      throw RegistryError.invalid(
        table: Self.table.rawValue, field: "date", found: "absent",
        expected: "the day of a visit that took place")
    }
    var fields = RecordFields()
    fields.set("subject", id: subject)
    fields.set("day", date)
    fields.set("nominal", nominal)
    fields.set("status", status.rawValue)
    fields.set("missing_reason", missingReason)
    return fields
  }
}
