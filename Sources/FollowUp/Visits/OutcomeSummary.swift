import Registry
import Reports

/// An outcome as commands print it.
package struct OutcomeSummary: Encodable {
  package let instrument: String
  package let total: Double?
  package let unit: String
  package let items: [String: Double]

  package init(_ outcome: Outcome) {
    instrument = outcome.instrument
    total = outcome.total
    unit = outcome.unit
    items = outcome.items
  }

  /// Instrument and total, or how many items there are, for people.
  package func text(_ separator: String) -> String {
    let value = total.map { "\(Formatting.plain($0)) \(unit)" }
    return instrument + separator + (value ?? "\(items.count) items")
  }
}
