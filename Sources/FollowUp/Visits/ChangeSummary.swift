import Registry
import Tables

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

extension ChangeSummary {
  /// Changes as a table for people.
  package static func text(_ changes: [ChangeSummary]) -> String {
    var table = TextTable(["Entry", "What", "When", "Who", "Why", "Values"])
    for change in changes {
      table.add([
        String(change.entry), change.action, change.at, change.author, change.reason ?? "",
        change.values.map { StoredRecord.text(of: $0) } ?? "withdrawn",
      ])
    }
    return table.text
  }
}
