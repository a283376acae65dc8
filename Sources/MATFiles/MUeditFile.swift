import Recordings

/// A MUedit file: structure `signal` with `data` (channels x samples), `fsamp`, grids and, after
/// decomposition, `Dischargetimes` (1-based samples) and `Pulsetrain`; after editing the structure
/// `edition` with the edited ones and their silhouettes (`silval`).
struct MUeditFile {
  private var contents: MATContents
  private let fields: [String: MATValue]

  /// Fields of `edition`: trains and sources after an expert's edits; empty where nobody edited.
  private let edited: [String: MATValue]

  /// Takes the fields of `signal`, large matrices left unread, and those of `edition`.
  init(_ contents: MATContents, _ fields: [String: MATValue], edited: [String: MATValue] = [:]) {
    self.contents = contents
    self.fields = fields
    self.edited = edited
  }

  /// The recording; throws `RecordingError` where `fsamp` or the unit (`--unit`) is missing.
  mutating func recording() throws -> Recording {
    guard let dimensions = fields["data"]?.numericDimensions, dimensions.count == 2,
      dimensions[0] > 0, dimensions[1] > 0
    else {
      throw RecordingError(
        .malformed, path: contents.file.path, place: "signal.data",
        "is no matrix of real numbers (channels x samples)")
    }
    try contents.checkShape(
      channels: dimensions[0], samples: dimensions[1], place: "signal.data")
    let rate = try contents.samplingRate(stated: fields["fsamp"]?.scalar)
    let unit = try contents.unitFromOptions()
    let names = fields["gridname"]?.strings ?? []
    let muscles = fields["muscle"]?.strings ?? []
    let muscle = muscles.first.map { "\($0) " } ?? ""
    var channels = (0..<dimensions[0]).map { index in
      Channel(
        name: "\(muscle)\(index + 1)", role: .emg, unit: .microvolt,
        gainProvenance: "given unit \(unit.rawValue)", samplingRate: rate,
        sampleCount: dimensions[1])
    }
    var parts = [
      MATSamples.Part(
        path: MATPath(variable: "signal", steps: [.field("data")]), channelsAreColumns: false,
        sampleCount: dimensions[1],
        factors: [Float](repeating: Float(unit.microvolts), count: dimensions[0]))
    ]
    if let auxiliary = fields["auxiliary"]?.numericDimensions, auxiliary.count == 2,
      (1...1000).contains(auxiliary[0]), auxiliary[1] == dimensions[1]
    {
      let labels = fields["auxiliaryname"]?.strings ?? []
      for index in 0..<auxiliary[0] {
        let label = index < labels.count ? labels[index] : "auxiliary \(index + 1)"
        let guess = ChannelRole.guess(name: label, unit: nil)
        channels.append(
          Channel(
            name: label, role: guess == .emg ? .auxiliary : guess, unit: .relative,
            gainProvenance: "no unit stated", samplingRate: rate, sampleCount: auxiliary[1]))
      }
      parts.append(
        MATSamples.Part(
          path: MATPath(variable: "signal", steps: [.field("auxiliary")]),
          channelsAreColumns: false, sampleCount: auxiliary[1],
          factors: [Float](repeating: 1, count: auxiliary[0])))
    }
    var warnings = contents.warnings
    applyMasks(names, to: &channels, channelCount: dimensions[0], &warnings)
    let grids = self.grids(names, channelCount: dimensions[0], &warnings)
    let trains = self.trains()
    if trains.isEdited {
      warnings.append(
        "the edited discharge times (edition) are taken, not those of the decomposition")
    }
    addSources(trains, sampleCount: dimensions[1], rate: rate, &channels, &parts)
    let spikes = Self.spikes(trains, rate)
    return Recording(
      source: RecordingSource(
        path: contents.file.path, formatName: "\(contents.version.rawValue), MUedit"),
      channels: channels,
      samples: MATSamples(
        file: contents.file, parts: parts, isVersion73: contents.version == .version73
      ) { _ in spikes },
      electrodeGrids: grids.map { Self.withoutMasked($0, channels) },
      remarks: muscles.map { "muscle: \($0)" }, warnings: warnings)
  }

  /// Takes the channels that `EMGmask` marks (1 = bad) out of the EMG and says so.
  private func applyMasks(
    _ names: [String], to channels: inout [Channel], channelCount: Int, _ warnings: inout [String]
  ) {
    let masks: [MATValue]
    switch fields["EMGmask"] {
    case .cells(let cells, _)?: masks = cells
    case let value?: masks = [value]
    case nil: return
    }
    // One mask for each grid, in the order of the rows of `data`.
    let flags = masks.flatMap(\.numbers)
    guard flags.contains(where: { $0 != 0 }) else { return }
    guard flags.count == channelCount else {
      warnings.append(
        "EMGmask marks \(flags.count) channels where data has \(channelCount), and is not used")
      return
    }
    let bad = flags.indices.filter { flags[$0] != 0 }
    for index in bad { channels[index].role = .auxiliary }
    warnings.append(
      "EMGmask marks \(bad.count) channels as bad; they are left out of the EMG: "
        + bad.prefix(12).map { "\($0 + 1)" }.joined(separator: ", ")
        + (bad.count > 12 ? " and \(bad.count - 12) more" : "")
        + " (a choice of channels brings them back)")
  }

  /// A grid without the electrodes whose channels are masked.
  private static func withoutMasked(_ grid: ElectrodeGrid, _ channels: [Channel]) -> ElectrodeGrid {
    var grid = grid
    grid.electrodes.removeAll { channels[$0.channel].role != .emg }
    return grid
  }

  /// Grids follow each other in the rows of `data`.
  private func grids(
    _ names: [String], channelCount: Int, _ warnings: inout [String]
  ) -> [ElectrodeGrid] {
    var start = 0
    var grids: [ElectrodeGrid] = []
    for name in names {
      guard let geometry = GridGeometry(code: name),
        start + geometry.electrodeCount <= channelCount,
        let grid = geometry.grid(channels: Array(start..<start + geometry.electrodeCount))
      else {
        warnings.append(RecordingOptions.unknownLayout(name))
        return []
      }
      grids.append(grid)
      start += geometry.electrodeCount
    }
    return start == channelCount ? grids : []
  }

  /// The units of the file: those of an edition where there is one.
  private struct Trains {
    struct Unit {
      var grid: Int
      var index: Int
      /// 1-based samples.
      var samples: [Double]
      var silhouette: Double?
    }
    var units: [Unit] = []
    var gridCount = 1
    var isEdited = false
  }

  /// `Dischargetimes{grid, unit}` with `silval{grid, unit}`, grid after grid; empty ones left out.
  private func trains() -> Trains {
    for source in [edited, fields] {
      guard case .cells(let cells, let dimensions)? = source["Dischargetimes"],
        dimensions.count == 2, dimensions[0] > 0
      else { continue }
      var result = Trains(gridCount: dimensions[0], isEdited: source["data"] == nil)
      var figures: [MATValue] = []
      if case .cells(let values, dimensions)? = source["silval"] { figures = values }
      for grid in 0..<dimensions[0] {
        for unit in 0..<dimensions[1] {
          let place = unit * dimensions[0] + grid
          let samples = cells[place].numbers
          guard !samples.isEmpty, samples.allSatisfy({ $0 >= 1 && $0 < 1e12 }) else { continue }
          let silhouette = place < figures.count ? figures[place].scalar : nil
          result.units.append(
            .init(
              grid: grid, index: unit, samples: samples,
              silhouette: silhouette.flatMap { $0.isFinite ? $0 : nil }))
        }
      }
      if !result.units.isEmpty { return result }
    }
    return Trains()
  }

  /// Sources of the units as channels, `Pulsetrain{grid}` (units x samples).
  ///
  /// Left out where a grid has another number of sources than of units.
  private func addSources(
    _ trains: Trains, sampleCount: Int, rate: Double, _ channels: inout [Channel],
    _ parts: inout [MATSamples.Part]
  ) {
    guard !trains.units.isEmpty,
      case .cells(let cells, _)? = (trains.isEdited ? edited : fields)["Pulsetrain"]
    else { return }
    for (grid, cell) in cells.enumerated() {
      let units = trains.units.filter { $0.grid == grid }
      guard !units.isEmpty, cell.numericDimensions == [units.count, sampleCount] else { continue }
      for unit in units {
        channels.append(
          Channel(
            name: "source of unit \(Self.name(unit, trains))", role: .storedSource, unit: .relative,
            gainProvenance: "stored source", samplingRate: rate, sampleCount: sampleCount))
      }
      parts.append(
        MATSamples.Part(
          path: MATPath(
            variable: trains.isEdited ? "edition" : "signal",
            steps: [.field("Pulsetrain"), .cell(grid)]),
          channelsAreColumns: false, sampleCount: sampleCount,
          factors: [Float](repeating: 1, count: units.count)))
    }
  }

  private static func name(_ unit: Trains.Unit, _ trains: Trains) -> String {
    trains.gridCount == 1 ? "\(unit.index + 1)" : "\(unit.grid + 1).\(unit.index + 1)"
  }

  /// 1-based samples become seconds.
  private static func spikes(_ trains: Trains, _ rate: Double) -> SpikeAnnotations? {
    if trains.units.isEmpty { return nil }
    return SpikeAnnotations(
      origin: trains.isEdited ? "MUedit edition" : "MUedit Dischargetimes",
      trains: trains.units.map { unit in
        SpikeAnnotations.Train(
          unit: name(unit, trains), times: unit.samples.map { ($0 - 1) / rate },
          silhouette: unit.silhouette)
      })
  }
}
