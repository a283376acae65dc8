/// A doubt about stored data, kept with what it is about until somebody accepts it.
public struct StoredWarning: RegistryRecord {
  /// The table of warnings.
  public static let table = RecordTable.warning
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// The subject.
  public var subject: RecordID
  /// The visit, where it concerns one.
  public var visit: RecordID?
  /// The recording, where it concerns one.
  public var recording: RecordID?
  /// What kind of doubt it is, such as "date-differs".
  public var code: String
  /// What was found, in words; no file names, no names of persons.
  public var text: String
  /// Who accepted it; nil while it stands.
  public var acceptedBy: String?
  /// Why it was accepted.
  public var acceptedReason: String?

  /// A warning not yet stored.
  public init(
    subject: RecordID, visit: RecordID? = nil, recording: RecordID? = nil, code: String,
    text: String
  ) {
    id = 0
    self.subject = subject
    self.visit = visit
    self.recording = recording
    self.code = code
    self.text = text
  }

  /// The warning read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    subject = try fields.required("subject", fields.integer("subject"), Self.table)
    visit = fields.integer("visit")
    recording = fields.integer("recording")
    code = try fields.required("code", fields.text("code"), Self.table)
    text = try fields.required("text", fields.text("text"), Self.table)
    acceptedBy = fields.text("accepted_by")
    acceptedReason = fields.text("accepted_reason")
  }

  /// The fields to store; throws `RegistryError.invalid` without code or text.
  public func fields() throws -> RecordFields {
    var fields = RecordFields()
    fields.set("subject", id: subject)
    fields.set("visit", id: visit)
    fields.set("recording", id: recording)
    fields.set("code", try FieldRule.nonEmpty(code, "code", Self.table))
    fields.set("text", try FieldRule.nonEmpty(text, "text", Self.table))
    fields.set("accepted_by", acceptedBy)
    fields.set("accepted_reason", acceptedReason)
    return fields
  }
}

/// A doubt that is not stored yet.
public struct EntryDoubt: Sendable, Equatable {
  /// What kind it is.
  public var code: String
  /// What was found and what speaks against it, in words.
  public var text: String
  /// Whether it may be a mix-up, which nothing is stored with unless the user insists.
  public var isMixUp: Bool

  /// A doubt.
  public init(_ code: String, _ text: String, isMixUp: Bool = true) {
    self.code = code
    self.text = text
    self.isMixUp = isMixUp
  }
}
