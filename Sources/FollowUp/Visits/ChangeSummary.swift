import Registry

/// A version of a record as outputs show it.
package struct ChangeSummary: Encodable {
  package let entry: RecordID
  package let action: String
  package let at: String
  package let author: String
  package let reason: String?
  package let values: [String: String]?

  package init(_ change: RecordChange) {
    entry = change.entry.position
    action = change.entry.action.rawValue
    at = change.entry.timestamp
    author = change.entry.author
    reason = change.entry.reason
    values = change.values
  }
}
