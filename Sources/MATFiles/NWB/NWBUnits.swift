import Foundation
import Recordings

/// Motor units as an NWB file holds them: rows of its Units table, and their sources.
public struct NWBUnits: Sendable {
  /// One row of the table.
  public struct Unit: Sendable {
    /// Its name.
    public var name: String
    /// Discharges in seconds after the first sample, ascending.
    public var times: [Double]
    /// Silhouette value, 0 to 1; nil where it is not known.
    public var silhouette: Double?
    /// Pulse-to-noise ratio in dB; nil where it is not known.
    public var pulseToNoise: Double?
    /// Innervation pulse train at the rate of the EMG; empty where there is none.
    public var source: [Float]
    /// Mean potential in microvolts, EMG channels x samples; a channel that was left out is empty, and
    /// the whole is where there is none.
    public var potential: [[Float]]

    /// A row.
    public init(
      name: String, times: [Double], silhouette: Double? = nil, pulseToNoise: Double? = nil,
      source: [Float] = [], potential: [[Float]] = []
    ) {
      self.name = name
      self.times = times
      self.silhouette = silhouette
      self.pulseToNoise = pulseToNoise
      self.source = source
      self.potential = potential
    }
  }

  /// The program that found them.
  public var origin: String
  /// The rows.
  public var units: [Unit]
  /// Samples per second of the potentials in Hz.
  public var potentialRate: Double

  /// Units of a program.
  public init(origin: String, units: [Unit], potentialRate: Double = 0) {
    self.origin = origin
    self.units = units
    self.potentialRate = potentialRate
  }

  /// The discharges that came with a recording.
  init(_ spikes: SpikeAnnotations) {
    self.init(
      origin: spikes.origin,
      units: spikes.trains.map {
        Unit(name: $0.unit, times: $0.times, silhouette: $0.silhouette)
      })
  }

  /// Where the sources lie: one column a unit, in the order of the table.
  static let sources = "/processing/ecephys/innervation_pulse_trains"
  private static let table = "/units"

  /// Writes the table and, where there are any, the sources; throws `RecordingError`.
  ///
  /// - Parameters:
  ///   - rate: samples per second of the EMG in Hz, 0 where there is none.
  ///   - start: seconds of its first sample on the clock of the file.
  ///   - electrodes: rows of the electrodes table, one an EMG channel.
  ///   - electrodeTable: path of that table, which exists where there are electrodes.
  func write(
    to writer: HDF5Writer, rate: Double, start: Double, electrodes: Int, electrodeTable: String
  ) throws {
    let width = units.map { unit in unit.potential.map(\.count).max() ?? 0 }.max() ?? 0
    let hasPotentials =
      width > 0 && electrodes > 0 && units.allSatisfy { $0.potential.count <= electrodes }
    var columns = ["unit_name", "spike_times"]
    if units.contains(where: { $0.silhouette != nil }) { columns.append("silhouette") }
    if units.contains(where: { $0.pulseToNoise != nil }) { columns.append("pulse_to_noise") }
    if hasPotentials { columns += ["electrodes", "waveform_mean"] }
    try writer.group(
      Self.table,
      NWBWriter.typed(
        "Units", "core",
        [
          ("description", .text("Discharges of motor units (\(origin))")),
          ("colnames", .texts(columns)),
        ]))
    try writer.numbers(
      Self.table + "/id", units.indices.map { Double($0) }, as: .signed,
      NWBWriter.typed("ElementIdentifiers", "hdmf-common"))
    try writer.texts(
      Self.table + "/unit_name", units.map(\.name), NWBWriter.column("Name of the unit"))
    try writer.numbers(
      Self.table + "/spike_times", units.flatMap { $0.times.map { $0 + start } },
      NWBWriter.column("Discharge times in seconds")
        + (rate > 0 ? [("resolution", .number(1 / rate))] : []))
    try index("spike_times", lengths: units.map(\.times.count), writer)
    if columns.contains("silhouette") {
      try writer.numbers(
        Self.table + "/silhouette", units.map { $0.silhouette ?? .nan },
        NWBWriter.column("Silhouette value of the source, 0 to 1"))
    }
    if columns.contains("pulse_to_noise") {
      try writer.numbers(
        Self.table + "/pulse_to_noise", units.map { $0.pulseToNoise ?? .nan },
        NWBWriter.column("Pulse-to-noise ratio of the source in dB"))
    }
    if hasPotentials {
      try writePotentials(writer, width: width, electrodes: electrodes, electrodeTable)
    }
    try writeSources(writer, rate: rate, start: start)
  }

  /// The ends of the entries of a ragged column.
  private func index(_ column: String, lengths: [Int], _ writer: HDF5Writer) throws {
    var end = 0
    let ends = lengths.map { length -> Double in
      end += length
      return Double(end)
    }
    try writer.numbers(
      "\(Self.table)/\(column)_index", ends, as: .unsigned,
      NWBWriter.typed(
        "VectorIndex", "hdmf-common",
        [
          ("description", .text("Index of \(column)")),
          ("target", .reference("\(Self.table)/\(column)")),
        ]))
  }

  /// Mean potentials in volts, units x samples x electrodes, and the electrodes of each unit: all.
  private func writePotentials(
    _ writer: HDF5Writer, width: Int, electrodes: Int, _ electrodeTable: String
  ) throws {
    try writer.numbers(
      Self.table + "/electrodes", units.flatMap { _ in (0..<electrodes).map { Double($0) } },
      as: .signed,
      NWBWriter.typed(
        "DynamicTableRegion", "hdmf-common",
        [
          ("description", .text("Electrodes of the potentials")),
          ("table", .reference(electrodeTable)),
        ]))
    try index("electrodes", lengths: units.map { _ in electrodes }, writer)
    var values = [Float](repeating: .nan, count: units.count * width * electrodes)
    for (row, unit) in units.enumerated() {
      for (electrode, waveform) in unit.potential.enumerated() {
        for (sample, value) in waveform.enumerated() {
          values[(row * width + sample) * electrodes + electrode] = value * 1e-6
        }
      }
    }
    try writer.array(
      Self.table + "/waveform_mean", values, dimensions: [units.count, width, electrodes],
      NWBWriter.column("Mean potential, samples x electrodes; NaN where there is none")
        + [("sampling_rate", .number(potentialRate)), ("unit", .text("volts"))])
  }

  private func writeSources(_ writer: HDF5Writer, rate: Double, start: Double) throws {
    let length = units.map(\.source.count).max() ?? 0
    guard length > 0, rate > 0 else { return }
    let module = URL(fileURLWithPath: Self.sources).deletingLastPathComponent().path
    try writer.group(
      module,
      NWBWriter.typed(
        "ProcessingModule", "core",
        [("description", .text("What was made of the electromyogram: sources of motor units"))]))
    try writer.group(
      Self.sources,
      NWBWriter.typed(
        "TimeSeries", "core",
        [
          (
            "description",
            .text(
              "Innervation pulse trains, one column a row of the units table; 1 at a mean pulse")
          ), ("comments", .text("no comments")),
        ]))
    try writer.samples(
      Self.sources + "/data", sampleCount: length, channelCount: units.count, isList: false,
      [
        ("conversion", .number(1)), ("offset", .number(0)), ("resolution", .number(-1)),
        ("unit", .text("a.u.")),
      ]
    ) { range in
      units.map { unit in
        range.map { unit.source.indices.contains($0) ? unit.source[$0] : 0 }
      }
    }
    try writer.numbers(
      Self.sources + "/starting_time", [start], isScalar: true,
      [("rate", .number(rate)), ("unit", .text("seconds"))])
  }
}
