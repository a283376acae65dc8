import Foundation
import Progression
import Recordings
import Registry
import Tables

/// Values of healthy controls by measure, muscle and side, from a table.
package struct ControlTable {
  package struct Key: Hashable {
    package let kind: MeasurementKind
    package let muscle: String?
    package let side: BodySide?
  }

  /// Mean and, where given, SD between controls.
  package struct Control: Encodable {
    package let mean: Double
    package let standardDeviation: Double?
  }

  private var controls: [Key: Control] = [:]

  /// Reads columns `measure`, `mean` and, where they are there, `muscle`, `side` and `sd`; a row
  /// without side stands for both.
  ///
  /// - Throws: `FollowUpError` or `RegistryError.unreadable`.
  package init(file: String) throws {
    let reader = try ColumnReader(file: file, numbers: ["mean", "sd"])
    func optional(_ column: String, _ row: DelimitedTable.Row) throws -> String? {
      reader.table.header.contains(column) ? try reader.text(column, row) : nil
    }
    for row in reader.table.rows {
      guard let measure = try reader.text("measure", row),
        let mean = try reader.number("mean", row),
        mean > 0
      else {
        throw reader.failure(row, "mean", found: "no mean above 0", expected: "measure and mean")
      }
      let sd =
        reader.table.header.contains("sd") ? try reader.number("sd", row) : nil
      guard sd.map({ $0 > 0 }) ?? true else {
        throw reader.failure(row, "sd", found: "\(sd ?? 0)", expected: "an SD above 0")
      }
      let sideText = try optional("side", row)
      let side = sideText.flatMap(BodySide.init(reading:))
      guard (side == nil) == (sideText == nil) else {
        throw reader.failure(
          row, "side", found: "\"\(sideText ?? "")\"", expected: "left or right")
      }
      let key = Key(
        kind: MeasurementKind(id: measure.lowercased()),
        muscle: try optional("muscle", row).map(MuscleName.canonical), side: side)
      guard controls.updateValue(Control(mean: mean, standardDeviation: sd), forKey: key) == nil
      else {
        throw reader.failure(
          row, "measure", found: "the same place twice", expected: "one row each")
      }
    }
  }

  /// The controls of a place, else those of either side.
  package func control(_ kind: MeasurementKind, _ muscle: String?, _ side: BodySide?) -> Control? {
    controls[Key(kind: kind, muscle: muscle, side: side)]
      ?? controls[Key(kind: kind, muscle: muscle, side: nil)]
  }
}
