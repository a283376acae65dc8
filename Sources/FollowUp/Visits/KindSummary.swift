import Registry

/// A kind of measurement as commands print it.
package struct KindSummary: Encodable {
  package let kind: String
  package let name: String
  package let unit: String
  package let scale: String
  package let direction: String
  package let estimatesUnitNumber: Bool
  package let caveat: String

  /// The summary of a kind.
  package init(_ kind: MeasurementKind) {
    self.kind = kind.id
    name = kind.displayName
    unit = kind.unit
    scale = kind.scale.rawValue
    direction = kind.direction.rawValue
    estimatesUnitNumber = kind.estimatesUnitNumber
    caveat = kind.caveat
  }
}
