import Registry
import Tables

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

extension KindSummary {
  /// Kinds as a table for people.
  package static func text(_ kinds: [KindSummary]) -> String {
    var table = TextTable(["Kind", "Name", "Unit", "Scale"])
    for own in kinds { table.add([own.kind, own.name, own.unit, own.scale]) }
    return table.text
  }
}
