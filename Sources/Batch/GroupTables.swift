import Foundation
import Recordings
import Reports
import Signal
import Tables

/// The tables of all recordings of a batch, made from their results and status files alone.
public struct GroupTables: Sendable {
  /// A recording in the tables.
  public struct Entry: Sendable {
    /// The recording.
    public let item: BatchItem
    /// How the work on it ended last; nil where it was never tried.
    public let status: RecordingStatus?
    /// Identified units; nil without a result.
    public let units: Int?
    /// Most identified active units in a window.
    public let peakActive: Int?
    /// Mean discharge rate over the units in Hz.
    public let meanRate: Double?
    /// Share of the power that the units do not explain.
    public let residualPowerShare: Double?
  }

  /// Every recording of the list.
  public let entries: [Entry]
  /// One row for each recording.
  public let recordings: DelimitedTable
  /// One row for each identified unit.
  public let units: DelimitedTable
  /// One row for each recording without a result, with the reason.
  public let failures: DelimitedTable

  /// Gathers the results below an output folder.
  public init(_ items: [BatchItem], output: String) {
    let statuses = RecordingStatus.all(in: output)
    let facts = Set(items.flatMap(\.facts.keys)).sorted()
    var recordingRows: [[String]] = []
    var unitRows: [[String]] = []
    var failureRows: [[String]] = []
    var entries: [Entry] = []
    func number(_ value: Double?, _ digits: Int = 3) -> String {
      value.map { String(format: "%.\(digits)f", $0) } ?? "n/a"
    }
    let results = Parallelism().map(items.count) {
      ResultSummary(folder: output + "/" + items[$0].name)
    }
    for (item, result) in zip(items, results) {
      let status = statuses[item.index]
      let names = ["sub", "ses", "task", "run"].map { item.entities?.label($0) ?? "n/a" }
      let rates = result?.units.compactMap { $0.measures[.meanRate] } ?? []
      let meanRate = rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
      entries.append(
        Entry(
          item: item, status: status, units: result?.units.count, peakActive: result?.peakActive,
          meanRate: meanRate, residualPowerShare: result?.residualPowerShare))
      recordingRows.append(
        ["\(item.index)", item.path] + names + facts.map { item.facts[$0] ?? "n/a" } + [
          result == nil ? status?.state.rawValue ?? "not tried" : "done",
          result.map { "\($0.units.count)" } ?? "n/a",
          result?.peakActive.map { "\($0)" } ?? "n/a", number(meanRate, 2),
          number(result?.residualPowerShare, 4), number(result?.seconds),
          result?.channelCount.map { "\($0)" } ?? "n/a", number(status?.processorSeconds, 2),
          number(status?.peakMegabytes, 0), status?.key ?? "n/a",
        ])
      for unit in result?.units ?? [] {
        unitRows.append(
          ["\(item.index)", item.path] + names + [unit.id, "\(unit.discharges)"]
            + UnitMeasure.all.map { number(unit.measures[$0], $0.decimals) })
      }
      if result == nil {
        failureRows.append([
          "\(item.index)", item.path, status?.state.rawValue ?? "not tried",
          status.map { "\($0.exitCode)" } ?? "n/a", status?.reason ?? "never tried",
          status?.host ?? "n/a", status?.job ?? "n/a",
        ])
      }
    }
    self.entries = entries
    let key = ["index", "path", "participant", "session", "task", "run"]
    recordings = DelimitedTable(
      header: key + facts + [
        "state", "identified_units", "identified_active_units_max", "mean_rate_hz",
        "residual_power_share", "duration_s", "channels", "processor_s", "peak_mb", "content_key",
      ], rows: recordingRows)
    units = DelimitedTable(
      header: key + ["unit_id", "discharges"] + UnitMeasure.all.map(\.column), rows: unitRows)
    failures = DelimitedTable(
      header: ["index", "path", "state", "exit_code", "reason", "host", "job"], rows: failureRows)
  }

  /// Writes `group_recordings.tsv`, `group_units.tsv` and `group_failures.tsv`.
  ///
  /// - Throws: `RecordingError` where one cannot be written.
  public func write(to output: String) throws {
    for (name, table) in [
      ("recordings", recordings), ("units", units), ("failures", failures),
    ] {
      try AtomicFile.write(
        table.text(separator: "\t"), to: "\(output)/group_\(name).tsv")
    }
  }
}
