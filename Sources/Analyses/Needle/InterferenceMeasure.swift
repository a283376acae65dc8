import MotorUnits
import Reports

/// A number that is told of each epoch of an interference pattern.
///
/// `all` is the one list of them: the table of a page, `interference.csv` and `interference` in `units.json`
/// are made from it.
struct InterferenceMeasure: Sendable {
  /// Name in JSON.
  let name: String
  /// Name as a column of tables.
  let column: String
  /// Title for people.
  let title: String
  /// Decimals on a page; tables have two more.
  let decimals: Int
  /// What a page multiplies it by.
  var factor = 1.0
  /// The value of an epoch.
  let value: @Sendable (InterferenceEpoch) -> Double?

  /// Every measure in the order of columns and members.
  static let all: [InterferenceMeasure] = [
    InterferenceMeasure(
      name: "turnsPerSecond", column: "turns_per_s", title: "Turns (1/s)", decimals: 0
    ) { $0.turnsPerSecond },
    InterferenceMeasure(
      name: "meanTurnAmplitudeMicrovolts", column: "mean_turn_amplitude_uv",
      title: "Mean amplitude of turns (µV)", decimals: 0
    ) { $0.meanTurnAmplitudeMicrovolts },
    InterferenceMeasure(
      name: "turnsAmplitudeRatio", column: "turns_amplitude_ratio_per_s_mv",
      title: "Turns/amplitude (1/(s mV))", decimals: 0
    ) { $0.turnsAmplitudeRatio },
    InterferenceMeasure(
      name: "activity", column: "activity", title: "Activity (%)", decimals: 0, factor: 100
    ) { $0.activity },
    InterferenceMeasure(
      name: "smallSegmentsPerSecond", column: "small_segments_per_s",
      title: "Small segments (1/s)", decimals: 0
    ) { $0.smallSegmentsPerSecond },
    InterferenceMeasure(
      name: "envelopeMicrovolts", column: "envelope_uv", title: "Envelope (µV)", decimals: 0
    ) { $0.envelopeMicrovolts },
    InterferenceMeasure(
      name: "rmsMicrovolts", column: "rms_uv", title: "Root mean square (µV)", decimals: 1
    ) { $0.rmsMicrovolts },
  ]

  /// A finite value of an epoch.
  func finite(_ epoch: InterferenceEpoch) -> Double? {
    value(epoch).flatMap { $0.isFinite ? $0 : nil }
  }
}

extension NeedleAnalysis {
  /// The interference pattern as the text of `interference.csv`, one line an epoch.
  var interferenceCSV: String {
    let columns = ["start_s"] + InterferenceMeasure.all.map(\.column)
    var text = columns.joined(separator: ",") + "\n"
    for epoch in interference {
      let fields = InterferenceMeasure.all.map { measure in
        measure.finite(epoch).map { Formatting.fixed($0, measure.decimals + 2) } ?? ""
      }
      text += ([Formatting.fixed(epoch.start, 3)] + fields).joined(separator: ",") + "\n"
    }
    return text
  }

  /// The interference pattern as a member of `units.json`; nil without a calibration.
  var interferenceJSON: JSONValue? {
    if interference.isEmpty { return nil }
    return .array(
      interference.map { epoch in
        .object(
          [.init("startSeconds", .number(epoch.start))]
            + InterferenceMeasure.all.compactMap { measure in
              measure.finite(epoch).map { .init(measure.name, .number($0)) }
            })
      })
  }

  /// Median, least and largest value over the epochs.
  var interferenceTable: ReportTable {
    ReportTable(
      caption: "Interference pattern of \(recording.channels[channels[0]].name)",
      columns: [
        .init("Measure", isNumeric: false), .init("Median"), .init("Least"), .init("Largest"),
      ],
      rows: InterferenceMeasure.all.map { measure in
        let values = interference.compactMap(measure.value)
        func text(_ value: Double?) -> String {
          value.map { NumberText.fixed(measure.factor * $0, measure.decimals) } ?? "–"
        }
        return [measure.title, text(Self.median(values)), text(values.min()), text(values.max())]
      },
      notes: ["Over \(interference.count) epochs of the recording; it needs no decomposition."])
  }
}
