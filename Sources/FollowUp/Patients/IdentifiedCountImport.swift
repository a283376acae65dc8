import Registry
import Tables

/// Identified counts of many recordings in a registry, one import, the same as often as it is repeated.
package struct IdentifiedCountImport: Encodable {
  /// What was found in one recording.
  package struct Recording: Sendable {
    /// Pseudonym and day of the visit; nil where they are not known.
    package var visit: (patient: String, date: String)?
    /// Muscle; empty where it is not known.
    package var muscle = ""
    /// Side; empty where it is not known.
    package var side = ""
    /// Key of the content, kept with the values.
    package var contentKey = ""
    /// Most identified units that were active at once.
    package var mostActive: Int?
    /// Mean discharge rate over the units in Hz.
    package var meanRate: Double?
    /// Share of the power that the units do not explain, 0 to 1.
    package var residualPowerShare: Double?

    /// A recording of which nothing is known.
    package init() {}
  }

  /// Values that were new.
  package let newValues: Int
  /// Items that were there already.
  package let unchanged: Int
  /// Recordings without a patient or a date, which say nothing to a registry.
  package let withoutPatientOrDate: Int
  /// What was not stored, with the reason.
  package let problems: [String]

  /// Stores the counts and rates of the recordings whose patient and date are known.
  ///
  /// - Parameters:
  ///   - path: the registry.
  ///   - source: where the values are from.
  /// - Throws: `RegistryError` where the registry cannot be opened or a value contradicts one that
  ///   is there.
  package init(_ recordings: [Recording], in path: String, source: String) throws {
    var rows: [[String]] = []
    var replicates: [String: Int] = [:]
    var left = 0
    for own in recordings {
      guard let visit = own.visit else {
        left += 1
        continue
      }
      let place = [visit.patient, visit.date, own.muscle, own.side]
      let replicate = (replicates[place.joined(separator: "\t")] ?? 0) + 1
      replicates[place.joined(separator: "\t")] = replicate
      let conditions = "{\"content_key\":\"\(own.contentKey)\"}"
      let values = [
        ("identified-units-max", own.mostActive.map(Double.init)),
        ("mean-discharge-rate", own.meanRate),
        ("residual-power-share", own.residualPowerShare),
      ]
      for case (let kind, let value?) in values {
        rows.append(place + ["\(replicate)", kind, "\(value)", conditions])
      }
    }
    let table = DelimitedTable(
      header: ["subject", "date", "muscle", "side", "replicate", "kind", "value", "conditions"],
      rows: rows)
    let read = try TableImport(table, profile: .guess(table: table), file: "list of recordings")
    let report = try PatientRegistry.open(path: path).importDocument(
      read.document, source: source, problems: read.problems)
    newValues = report.newMeasurements
    unchanged = report.unchanged
    withoutPatientOrDate = left
    problems = report.problems.map(\.description)
  }

  /// One line a fact, for people.
  package var text: String {
    (["registry: \(newValues) new values, \(unchanged) items there already"]
      + (withoutPatientOrDate > 0
        ? [
          "\(withoutPatientOrDate) recordings without patient or date in the list were left out; "
            + "give them in the columns patient and date of a manifest"
        ] : []) + problems).joined(separator: "\n")
  }
}
