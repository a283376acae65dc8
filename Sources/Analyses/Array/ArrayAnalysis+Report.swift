import Decomposition
import Foundation
import MotorUnits
import Recordings
import Reports

extension ArrayAnalysis {
  /// The report of the run.
  package func report(command: String? = nil, context: [String] = []) -> RunReport {
    RunReport(
      recordingName: recording.source.fileName, context: context + reportContext,
      duration: recording.duration, samplingRate: recording.samplingRate,
      channelCount: channels.count,
      badChannels: decomposition.rejectedChannels.map {
        RunReport.BadChannel(
          name: recording.channels[channels[$0.index]].name, reason: $0.reason)
      },
      artefacts: artefacts,
      units: zip(decomposition.units, unitMeasures).map { unit, measures in
        RunReport.Unit(id: String(unit.id), times: unit.train.seconds, measures: measures)
      },
      residualPowerShare: decomposition.residualPowerShare, trace: trace,
      counts: counts.figure(duration: recording.duration), figures: templateFigures,
      warnings: warnings,
      provenance: provenance(command: command))
  }

  /// Where the results come from.
  package func provenance(command: String? = nil) -> Provenance {
    Provenance(
      version: SoftwareVersion.number, command: command, seed: decomposition.configuration.seed,
      parameters: parameters.map { ReportFact($0.label, $0.value) },
      inputs: [InputFile(name: recording.source.fileName, sha256: inputHash)])
  }

  private var reportContext: [String] {
    var facts: [String] = []
    if let start = recording.startTime {
      facts.append(start.formatted(.iso8601.year().month().day()))
    }
    if let grid {
      let distance = grid.interElectrodeDistanceMillimetres.map { ", \(Formatting.rate($0)) mm" }
      facts.append("\(grid.rows) × \(grid.columns) grid\(distance ?? "")")
    }
    return facts
  }

  /// The force over the recording, at no more points than a page can show.
  private var trace: SampledTrace? {
    guard let channel = forceChannel, !force.isEmpty else { return nil }
    return SampledTrace(
      name: channel.name, unit: channel.unit.symbol, values: force,
      samplingRate: channel.samplingRate)
  }

  /// Units whose potentials are shown at most; more would fill a dozen pages.
  private static let shownPotentials = 36

  /// Potentials of the units over the grid, in figures of one printed page.
  private var templateFigures: [any FigureContent] {
    let units = decomposition.units.sorted {
      $0.template.peakToPeak > $1.template.peakToPeak
    }
    if units.isEmpty { return [] }
    let shown = min(Self.shownPotentials, units.count)
    let chosen = (0..<shown).map { units[$0 * (units.count - 1) / max(1, shown - 1)] }
      .sorted { $0.id < $1.id }
    let note =
      shown < units.count
      ? "\(shown) of \(units.count) units, spread evenly over the order of their amplitudes; more "
        + "would not fit a page. The others stand in the table and in templates.json." : ""
    let parts = (shown + 8) / 9
    return (0..<parts).map { part in
      let own = chosen[(part * shown / parts)..<((part + 1) * shown / parts)]
      return templateFigure(Array(own), note: note)
    }
  }

  private func templateFigure(_ units: [MotorUnit], note: String) -> TemplateGridFigure {
    let layout = gridLayout
    return TemplateGridFigure(
      rows: layout.rows, columns: layout.columns, samplingRate: decomposition.filterRate,
      units: units.map { unit in
        TemplateGridFigure.Unit(
          id: String(unit.id),
          detail: hasPhysicalAmplitude
            ? "\(Formatting.fixed(Double(unit.template.peakToPeak), 0)) µV" : "",
          waveforms: layout.places.map { place in
            guard let place, !unit.template.channels[place].isEmpty else { return nil }
            return unit.template.channels[place]
          })
      }, amplitudeUnit: hasPhysicalAmplitude ? "µV" : "a.u.", note: note)
  }

  /// Which of the decomposed channels stands at each place of the grid, row by row.
  ///
  /// Where the geometry is unknown the channels stand in one column in their order: rows and columns that
  /// nobody stated would show waves that are none.
  private var gridLayout: (rows: Int, columns: Int, places: [Int?]) {
    if let grid {
      let order = Dictionary(
        uniqueKeysWithValues: channels.enumerated().map { ($0.element, $0.offset) })
      let places = (0..<(grid.rows * grid.columns)).map { place -> Int? in
        let position = ElectrodeGrid.Position(
          row: place / grid.columns, column: place % grid.columns)
        return grid.channel(at: position).flatMap { order[$0] }
      }
      if places.contains(where: { $0 != nil }) { return (grid.rows, grid.columns, places) }
    }
    return (channels.count, 1, channels.indices.map { $0 })
  }
}
