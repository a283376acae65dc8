import Registry
import Reports

/// A measurement as commands print it.
package struct MeasurementSummary: Encodable {
  package let kind: String
  package let name: String
  package let value: Double
  package let unit: String
  package let standardError: Double?
  package let quality: String
  package let replicate: Int
  package let muscle: String?
  package let side: String?

  package init(_ measurement: Measurement) {
    kind = measurement.kind.id
    name = measurement.kind.displayName
    value = measurement.value
    unit = measurement.unit
    standardError = measurement.standardError
    quality = measurement.quality.rawValue
    replicate = measurement.replicate
    muscle = measurement.muscle
    side = measurement.side?.rawValue
  }

  /// One line for people.
  package var text: String {
    let place = [muscle, side].compactMap { $0 }.joined(separator: ", ")
    return "\(name) \(NumberText.significant(value, 4))\(unit == "1" ? "" : " " + unit)"
      + (standardError.map { " (SE \(NumberText.significant($0, 3)))" } ?? "")
      + (place.isEmpty ? "" : ", \(place)") + (replicate > 1 ? ", repetition \(replicate)" : "")
  }
}
