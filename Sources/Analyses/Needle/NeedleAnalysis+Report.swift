import Decomposition
import Foundation
import MotorUnits
import Recordings
import Reports

extension NeedleAnalysis {
  /// The report of the run.
  package func report(command: String? = nil, context: [String] = []) -> RunReport {
    var facts = context
    if let start = recording.startTime {
      facts.append(start.formatted(.iso8601.year().month().day()))
    }
    facts.append("needle")
    return RunReport(
      recordingName: recording.source.fileName, context: facts, duration: recording.duration,
      samplingRate: recording.samplingRate, channelCount: channels.count,
      artefacts: artefacts,
      units: zip(result.units, unitMeasures).map { unit, measures in
        RunReport.Unit(
          id: Self.name(of: unit), times: unit.train.seconds, measures: measures,
          isTentative: unit.isTentative)
      }, counts: counts.figure(duration: recording.duration), additionalKeyFigures: keyFigures,
      figures: [firingsFigure, potentialsFigure].compactMap { $0 },
      tables: interference.isEmpty ? [] : [interferenceTable], warnings: warnings,
      provenance: Provenance(
        version: SoftwareVersion.number, command: command,
        parameters: parameters.map { ReportFact($0.label, $0.value) },
        inputs: [InputFile(name: recording.source.fileName, sha256: inputHash)]))
  }

  private var keyFigures: [KeyFigure] {
    if result.refusal != nil { return [] }
    return [
      KeyFigure(
        label: "Spikes not explained", value: NumberText.percent(result.residualSpikeShare, 0),
        detail: "share of the detected spikes' energy that the units leave")
    ]
  }

  /// The three seconds with the most discharges, all of them labelled.
  private var firingsFigure: (any FigureContent)? {
    let length = min(3, recording.duration)
    let rate = recording.samplingRate
    guard length > 0, rate > 0 else { return nil }
    let seconds = result.units.flatMap { $0.train.seconds }
    let starts = Array(stride(from: 0, through: recording.duration - length, by: 1))
    let counted = starts.map { start in
      (start: start, count: seconds.count { $0 >= start && $0 < start + length })
    }
    let most = counted.map(\.count).max() ?? 0
    let start = counted.first { $0.count == most }?.start ?? 0
    let first = Int(start * rate)
    let end = min(recording.sampleCount, Int((start + length) * rate))
    guard first < end else { return nil }
    return SignalFiringsFigure(
      channels: signals.map { Array($0[first..<end]) }, samplingRate: rate, startTime: start,
      units: result.units.map {
        UnitDischarges(
          id: Self.name(of: $0), times: $0.train.seconds, isTentative: $0.isTentative)
      }, stripSeconds: 0.5, maximumStrips: 6,
      amplitudeUnit: hasPhysicalAmplitude ? "µV" : "a.u.")
  }

  /// Averaged potentials over single discharges, ±10 ms about the discharge.
  private var potentialsFigure: (any FigureContent)? {
    guard let rate = result.units.first?.template.samplingRate else { return nil }
    return MotorUnitPotentialFigure(
      units: result.units.indices.map { potentialPanel($0, reach: Int(0.010 * rate)) },
      samplingRate: rate, amplitudeUnit: hasPhysicalAmplitude ? "µV" : "a.u.")
  }

  private func potentialPanel(_ index: Int, reach: Int) -> MotorUnitPotentialFigure.Unit {
    let unit = result.units[index]
    let template = unit.template
    let length = template.channels.map(\.count).min() ?? 0
    let low = max(0, template.origin - reach)
    let high = min(length, template.origin + reach + 1)
    let isolated = IsolatedPotentials(
      of: index, in: result.units, channel: 0, samples: signals[0],
      samplingRate: recording.samplingRate)
    let average = low < high ? Array(template.channels[0][low..<high]) : []
    let step = recording.samplingRate / template.samplingRate
    let rows = isolated.rows.map { row in
      let values = (low..<high).map { place in
        interpolated(row, at: Double(isolated.origin) + Double(place - template.origin) * step)
      }
      // Slow drift of the baseline would part the discharges.
      let shift = middle(average) - middle(values)
      return values.map { $0 + shift }
    }
    let potential = potential(index)
    let detail = [
      potential.map { "\(NumberText.significant($0.amplitudeMicrovolts, 3)) µV" },
      potential.map { "\(NumberText.fixed($0.durationMilliseconds, 1)) ms" },
      "\(unit.train.times.count) discharges", unit.isTentative ? "tentative" : nil,
    ]
    return MotorUnitPotentialFigure.Unit(
      id: Self.name(of: unit), detail: detail.compactMap { $0 }.joined(separator: ", "),
      averages: template.channels.map { low < high ? Array($0[low..<high]) : [] },
      discharges: rows,
      marks: potential.map { [Double($0.onset - low), Double($0.end - low)] } ?? [])
  }
}

/// A value between samples by the cubic of Catmull and Rom through the four samples about it.
private func interpolated(_ row: [Float], at position: Double) -> Float {
  func value(_ index: Int) -> Double { Double(row[min(row.count - 1, max(0, index))]) }
  let whole = Int(position.rounded(.down))
  let t = position - Double(whole)
  let (a, b, c, d) = (value(whole - 1), value(whole), value(whole + 1), value(whole + 2))
  let cubic = 3 * (b - c) + d - a
  return Float(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * cubic)))
}

private func middle(_ values: [Float]) -> Float {
  values.isEmpty ? 0 : values.sorted()[values.count / 2]
}
