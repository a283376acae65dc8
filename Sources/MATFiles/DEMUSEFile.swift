import Recordings

/// A result file of DEMUSE: `SIG` (cells in the shape of the array, a vector each, empty where no
/// electrode is), `IPTs` (units x samples), `MUPulses` (cells of 1-based samples), `fsamp`, `IED`,
/// `ref_signal`.
///
/// Source of the layout: openhdemg 0.1.2, `emg_from_demuse`.
struct DEMUSEFile {
  private var contents: MATContents

  /// Takes an opened file.
  init(_ contents: MATContents) { self.contents = contents }

  private func malformed(_ variable: String, _ problem: String) -> RecordingError {
    RecordingError(.malformed, path: contents.file.path, place: "variable \(variable)", problem)
  }

  /// The recording; throws `RecordingError` where rate or unit is missing.
  mutating func recording() throws -> Recording {
    guard case .cells(let cells, let shape)? = try contents.file.value("SIG", limit: 0),
      shape.count == 2
    else { throw malformed("SIG", "is no cell array of one vector for each electrode") }
    var electrodes: [(cell: Int, count: Int)] = []
    for (index, cell) in cells.enumerated() {
      let dimensions = cell.numericDimensions ?? []
      if dimensions.contains(0) || dimensions.isEmpty { continue }
      guard dimensions.count == 2, dimensions.min() == 1 else {
        throw malformed("SIG", "cell \(index + 1) is no vector")
      }
      electrodes.append((index, dimensions[0] * dimensions[1]))
    }
    guard let count = electrodes.first?.count, electrodes.allSatisfy({ $0.count == count }) else {
      throw malformed(
        "SIG", electrodes.isEmpty ? "holds no signal" : "has signals of different lengths")
    }
    try contents.checkShape(channels: electrodes.count, samples: count, place: "variable SIG")
    let stated = try contents.file.value("fsamp")?.scalar
    let rate = try contents.samplingRate(stated: stated)
    let unit = try contents.unitFromOptions()
    var channels = electrodes.indices.map { index in
      Channel(
        name: "\(index + 1)", role: .emg, unit: .microvolt,
        gainProvenance: "given unit \(unit.rawValue)", samplingRate: rate, sampleCount: count)
    }
    var parts = [
      MATSamples.Part(
        path: MATPath(variable: "SIG"), channelsAreColumns: false, sampleCount: count,
        factors: [Float](repeating: Float(unit.microvolts), count: electrodes.count),
        isCellArray: true)
    ]
    let trains = try self.trains(rate)
    addReference(rate, &channels, &parts)
    addSources(trains.count, count, rate, &channels, &parts)
    let distance = try contents.file.value("IED")?.scalar
    let spikes =
      trains.isEmpty ? nil : SpikeAnnotations(origin: "DEMUSE MUPulses", trains: trains)
    return Recording(
      source: RecordingSource(
        path: contents.file.path, formatName: "\(contents.version.rawValue), DEMUSE"),
      channels: channels,
      samples: MATSamples(
        file: contents.file, parts: parts, isVersion73: contents.version == .version73
      ) { _ in spikes },
      electrodeGrids: [grid(shape, electrodes.map(\.cell), distance)].compactMap { $0 },
      warnings: contents.warnings)
  }

  /// The array as the shape of `SIG` states it; nil for one row or column.
  private func grid(_ shape: [Int], _ cells: [Int], _ distance: Double?) -> ElectrodeGrid? {
    guard shape[0] > 1, shape[1] > 1 else { return nil }
    let isKnown = distance.map { RecordingLimits.electrodeDistance.contains($0) } ?? false
    return ElectrodeGrid(
      rows: shape[0], columns: shape[1],
      interElectrodeDistanceMillimetres: isKnown ? distance : nil,
      electrodes: cells.enumerated().map { channel, cell in
        .init(channel: channel, position: .init(row: cell % shape[0], column: cell / shape[0]))
      })
  }

  /// The trains of `MUPulses`: a cell for each unit, one alone may be a vector; from 1 in the file.
  private func trains(_ rate: Double) throws -> [SpikeAnnotations.Train] {
    let lists: [[Double]]
    switch try contents.file.value("MUPulses") {
    case .cells(let cells, _)?: lists = cells.map(\.numbers)
    case let value?: lists = value.numbers.isEmpty ? [] : [value.numbers]
    case nil: lists = []
    }
    return lists.enumerated().map { index, samples in
      SpikeAnnotations.Train(
        unit: "\(index + 1)",
        times: samples.filter { $0 >= 1 && $0 < 1e12 }.map { ($0 - 1) / rate })
    }
  }

  private func addReference(
    _ rate: Double, _ channels: inout [Channel], _ parts: inout [MATSamples.Part]
  ) {
    guard let variable = contents.variables.first(where: { $0.name == "ref_signal" }),
      variable.isNumeric, variable.dimensions.count == 2, variable.dimensions.min() == 1,
      let count = variable.dimensions.max(), count > 1
    else { return }
    channels.append(
      Channel(
        name: "ref_signal", role: .force, unit: .relative, gainProvenance: "no unit stated",
        samplingRate: rate, sampleCount: count))
    parts.append(
      MATSamples.Part(
        path: MATPath(variable: "ref_signal"), channelsAreColumns: variable.dimensions[1] == 1,
        sampleCount: count, factors: [1]))
  }

  private func addSources(
    _ units: Int, _ count: Int, _ rate: Double, _ channels: inout [Channel],
    _ parts: inout [MATSamples.Part]
  ) {
    guard units > 0, let variable = contents.variables.first(where: { $0.name == "IPTs" }),
      variable.isNumeric, variable.dimensions == [units, count]
    else { return }
    for unit in 0..<units {
      channels.append(
        Channel(
          name: "source of unit \(unit + 1)", role: .storedSource, unit: .relative,
          gainProvenance: "stored source", samplingRate: rate, sampleCount: count))
    }
    parts.append(
      MATSamples.Part(
        path: MATPath(variable: "IPTs"), channelsAreColumns: false, sampleCount: count,
        factors: [Float](repeating: 1, count: units)))
  }
}
