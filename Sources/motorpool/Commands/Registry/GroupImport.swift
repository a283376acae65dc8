import Batch
import Foundation
import Registry
import Tables

/// Identified counts of a batch in the registry, one import, the same as often as it is repeated.
struct GroupImport: Encodable {
  /// Values that were new.
  let newValues: Int
  /// Items that were there already.
  let unchanged: Int
  /// Recordings without a patient or a date in the list, which say nothing to a registry.
  let withoutPatientOrDate: Int
  /// What was not stored, with the reason.
  let problems: [String]

  /// One line a fact.
  var text: String {
    (["registry: \(newValues) new values, \(unchanged) items there already"]
      + (withoutPatientOrDate > 0
        ? [
          "\(withoutPatientOrDate) recordings without patient or date in the list were left out; "
            + "give them in the columns patient and date of a manifest"
        ] : []) + problems).joined(separator: "\n")
  }

  /// Stores the counts and rates of the recordings whose list names patient and date.
  ///
  /// - Throws: `RegistryError` where the registry cannot be opened or a value contradicts one that
  ///   is there.
  static func store(_ tables: GroupTables, in path: String, source: String) throws -> GroupImport {
    var rows: [[String]] = []
    var replicates: [String: Int] = [:]
    var left = 0
    for entry in tables.entries where entry.units != nil {
      let facts = entry.item.facts
      guard let patient = facts["patient"] ?? facts["participant_id"], let date = facts["date"]
      else {
        left += 1
        continue
      }
      let place = [patient, date, facts["muscle"] ?? "", facts["side"] ?? ""]
      let replicate = (replicates[place.joined(separator: "\t")] ?? 0) + 1
      replicates[place.joined(separator: "\t")] = replicate
      let conditions = "{\"content_key\":\"\(entry.status?.key ?? "")\"}"
      let values = [
        ("identified-units-max", entry.peakActive.map(Double.init)),
        ("mean-discharge-rate", entry.meanRate),
        ("residual-power-share", entry.residualPowerShare),
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
    return GroupImport(
      newValues: report.newMeasurements, unchanged: report.unchanged, withoutPatientOrDate: left,
      problems: report.problems.map(\.description))
  }
}
