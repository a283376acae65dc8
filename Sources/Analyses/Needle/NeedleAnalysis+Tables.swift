import Decomposition
import MotorUnits
import Reports

extension NeedleAnalysis {
  /// Tables of a report: measures of the potentials, and of the interference pattern.
  package var tables: [ReportTable] {
    (measures.isEmpty ? [] : [potentialTable]) + (interference.isEmpty ? [] : [interferenceTable])
  }

  private var potentialTable: ReportTable {
    let titles = [
      "Unit", "Amplitude (µV)", "Duration (ms)", "Area (µV ms)", "Area/amplitude (ms)",
      "Size index", "Phases", "Turns", "Rise time (ms)", "Spike duration (ms)", "Jiggle (%)",
      "Rate (1/s)", "Onset rate (1/s)", "Units active before",
    ]
    let rows = zip(result.units, measures).map { unit, measure -> [String] in
      func cell(_ value: KeyPath<PotentialMeasures, Double>, _ decimals: Int) -> String {
        measure.potential.map { NumberText.fixed($0[keyPath: value], decimals) } ?? "–"
      }
      func whole(_ value: KeyPath<PotentialMeasures, Int>) -> String {
        measure.potential.map { String($0[keyPath: value]) } ?? "–"
      }
      return [
        Self.name(of: unit), cell(\.amplitudeMicrovolts, 0), cell(\.durationMilliseconds, 1),
        cell(\.areaMicrovoltMilliseconds, 0), cell(\.areaToAmplitudeMilliseconds, 2),
        cell(\.sizeIndex, 2), whole(\.phases), whole(\.turns), cell(\.riseTimeMilliseconds, 2),
        cell(\.spikeDurationMilliseconds, 1),
        measure.variability.map { NumberText.fixed(100 * $0.jiggle, 0) } ?? "–",
        NumberText.fixed(measure.meanRate, 1),
        measure.onsetRate.map { NumberText.fixed($0, 1) } ?? "–",
        String(measure.unitsActiveAtRecruitment),
      ]
    }
    return ReportTable(
      caption: "Measures of the motor unit potentials",
      columns: titles.enumerated().map { .init($0.element, isNumeric: $0.offset > 0) }, rows: rows,
      markedRows: Set(result.units.indices.filter { result.units[$0].isTentative }),
      notes: [
        "On the averaged potential, with automatic marks; measures of tentative units are "
          + "tentative too. Normal limits depend on muscle, age, electrode and method, and are not "
          + "given here. The onset rate is that of the first five intervals."
      ])
  }

  private var interferenceTable: ReportTable {
    func row(_ title: String, _ decimals: Int, _ value: (InterferenceEpoch) -> Double?)
      -> [String]
    {
      let values = interference.compactMap(value)
      func text(_ value: Double?) -> String {
        value.map { NumberText.fixed($0, decimals) } ?? "–"
      }
      return [title, text(Self.median(values)), text(values.min()), text(values.max())]
    }
    return ReportTable(
      caption: "Interference pattern of \(recording.channels[channels[0]].name)",
      columns: [
        .init("Measure", isNumeric: false), .init("Median"), .init("Least"), .init("Largest"),
      ],
      rows: [
        row("Turns (1/s)", 0) { $0.turnsPerSecond },
        row("Mean amplitude of turns (µV)", 0) { $0.meanTurnAmplitudeMicrovolts },
        row("Turns/amplitude (1/(s mV))", 0) { $0.turnsAmplitudeRatio },
        row("Activity (%)", 0) { 100 * $0.activity },
        row("Small segments (1/s)", 0) { $0.smallSegmentsPerSecond },
        row("Envelope (µV)", 0) { $0.envelopeMicrovolts },
        row("Root mean square (µV)", 1) { $0.rmsMicrovolts },
      ],
      notes: ["Over \(interference.count) epochs of the recording; it needs no decomposition."])
  }
}
