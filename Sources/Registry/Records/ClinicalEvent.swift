/// Something that ends or changes a subject's course: death, tracheostomy, ventilation, withdrawal.
public struct ClinicalEvent: RegistryRecord {
  /// What happened.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// The subject died.
    case death
    /// A tracheostomy was made.
    case tracheostomy
    /// Non-invasive ventilation began.
    case nonInvasiveVentilation = "niv"
    /// Ventilation, by mask or tube, became permanent: more than 22 hours a day.
    case permanentVentilation = "permanent-ventilation"
    /// The subject left the study.
    case withdrawal
    /// A feeding tube was placed.
    case gastrostomy
    /// Contact was lost.
    case lostToFollowUp = "lost-to-follow-up"
    /// Anything else; the detail says what.
    case other
  }

  /// The table of events.
  public static let table = RecordTable.event
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// The subject.
  public var subject: RecordID
  /// What happened.
  public var kind: Kind
  /// The day.
  public var date: CivilDate
  /// More about it.
  public var detail: String?

  /// An event not yet stored.
  public init(subject: RecordID, kind: Kind, date: CivilDate, detail: String? = nil) {
    id = 0
    self.subject = subject
    self.kind = kind
    self.date = date
    self.detail = detail
  }

  /// The event read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    subject = try fields.required("subject", fields.integer("subject"), Self.table)
    let kind = fields.text("kind").flatMap(Kind.init(rawValue:))
    self.kind = try fields.required("kind", kind, Self.table)
    date = try fields.required("day", fields.date("day"), Self.table)
    detail = fields.text("detail")
  }

  /// The fields to store.
  public func fields() throws -> RecordFields {
    var fields = RecordFields()
    fields.set("subject", id: subject)
    fields.set("kind", kind.rawValue)
    fields.set("day", date)
    fields.set("detail", detail)
    return fields
  }
}
