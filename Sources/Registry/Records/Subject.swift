/// A subject, known by a pseudonym only.
public struct Subject: RegistryRecord {
  /// The table of subjects.
  public static let table = RecordTable.subject
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// Study code; see `Pseudonym` for what is refused.
  public var pseudonym: String
  /// Study, if any.
  public var study: RecordID?
  /// Site, if any.
  public var site: RecordID?
  /// Treatment arm, for example "placebo".
  public var arm: String?
  /// First day of symptoms.
  public var onsetDate: CivilDate?
  /// Where symptoms began, for example "bulbar" or "limb".
  public var onsetSite: String?
  /// Further covariates by name (sex, age at onset in years, genotype, ...); never names or dates
  /// of birth.
  public var attributes: [String: String]

  /// A subject not yet stored.
  public init(
    pseudonym: String, study: RecordID? = nil, site: RecordID? = nil, arm: String? = nil,
    onsetDate: CivilDate? = nil, onsetSite: String? = nil, attributes: [String: String] = [:]
  ) {
    id = 0
    self.pseudonym = pseudonym
    self.study = study
    self.site = site
    self.arm = arm
    self.onsetDate = onsetDate
    self.onsetSite = onsetSite
    self.attributes = attributes
  }

  /// The subject read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    pseudonym = try fields.required("pseudonym", fields.text("pseudonym"), Self.table)
    study = fields.integer("study")
    site = fields.integer("site")
    arm = fields.text("arm")
    onsetDate = fields.date("onset_day")
    onsetSite = fields.text("onset_site")
    attributes = try fields.json("attributes")
  }

  /// The fields to store; throws `RegistryError` for a pseudonym or attribute that identifies.
  public func fields() throws -> RecordFields {
    var fields = RecordFields()
    fields.set("pseudonym", try Pseudonym.validated(pseudonym))
    fields.set("study", id: study)
    fields.set("site", id: site)
    fields.set("arm", arm)
    fields.set("onset_day", onsetDate)
    fields.set("onset_site", onsetSite)
    if let name = attributes.keys.sorted().first(where: Pseudonym.isIdentifying) {
      throw RegistryError.invalid(
        table: Self.table.rawValue, field: "attribute \"\(name)\"", found: "a personal detail",
        expected: "no names, dates of birth, addresses or hospital numbers")
    }
    try fields.set("attributes", json: attributes)
    return fields
  }
}

/// Rules that fields of several tables share.
enum FieldRule {
  static func nonEmpty(_ text: String, _ field: String, _ table: RecordTable) throws -> String {
    // A visible ASCII character settles it for most.
    if let first = text.utf8.first, (0x21...0x7E).contains(first) { return text }
    guard text.contains(where: { !$0.isWhitespace && $0 != "\0" }) else {
      throw RegistryError.invalid(
        table: table.rawValue, field: field, found: "empty", expected: "some text")
    }
    return text
  }

  static func sha256(_ text: String, _ field: String, _ table: RecordTable) throws -> String {
    let lowered = text.lowercased()
    guard lowered.utf8.count == 64, lowered.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      throw RegistryError.invalid(
        table: table.rawValue, field: field, found: "\"\(text.prefix(80))\"",
        expected: "64 hexadecimal digits")
    }
    return lowered
  }
}
