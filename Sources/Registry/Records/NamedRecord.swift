/// A record that is a short name with a title, to which others refer.
public protocol NamedRecord: RegistryRecord {
  /// Short name, unique in the registry.
  var name: String { get set }
  /// Full name.
  var title: String? { get set }
  /// A record not yet stored.
  init(name: String, title: String?)
}

extension NamedRecord {
  /// The record read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.init(
      name: try fields.required("name", fields.text("name"), Self.table),
      title: fields.text("title"))
    self.id = id
  }

  /// The fields to store; throws `RegistryError.invalid` without a name.
  public func fields() throws -> RecordFields {
    var fields = RecordFields()
    fields.set("name", try FieldRule.nonEmpty(name, "name", Self.table))
    fields.set("title", title)
    return fields
  }
}

/// A study that subjects can belong to.
public struct Study: NamedRecord {
  /// The table of studies.
  public static let table = RecordTable.study
  /// Number of the record; 0 before it is stored.
  public var id: RecordID = 0
  /// Short name, unique in the registry.
  public var name: String
  /// Full title.
  public var title: String?

  /// A study not yet stored.
  public init(name: String, title: String? = nil) {
    self.name = name
    self.title = title
  }
}

/// A hospital or laboratory that takes part.
public struct Site: NamedRecord {
  /// The table of sites.
  public static let table = RecordTable.site
  /// Number of the record; 0 before it is stored.
  public var id: RecordID = 0
  /// Short name, unique in the registry.
  public var name: String
  /// Full name.
  public var title: String?

  /// A site not yet stored.
  public init(name: String, title: String? = nil) {
    self.name = name
    self.title = title
  }
}
