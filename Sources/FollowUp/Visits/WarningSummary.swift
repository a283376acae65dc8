import Registry

/// A warning as commands print it.
package struct WarningSummary: Encodable {
  package let warning: Int64
  package let code: String
  package let text: String

  package init(_ warning: StoredWarning) {
    self.warning = warning.id
    code = warning.code
    text = warning.text
  }

  /// One line for people, with the number that accepts it.
  package var line: String { "Warning \(warning): \(text)" }
}
