import Foundation
import Recordings

/// The channels behind the series of an NWB file.
struct NWBLayout {
  private struct Series {
    var path: String
    var place: String
    var isElectrical: Bool
    var sampleCount: Int
    var channelCount: Int
    var unit: String
    var conversion: Double
    var factors: [Double]
    var offset: Double
    var start: Double
    var rate: Double?
    var isIrregular: Bool
    var gaps: [(position: Int, seconds: Double)]
    var electrodes: [Int]

    var name: String { path.split(separator: "/").last.map { String($0) } ?? path }
  }

  private let file: NWBFile
  private let options: RecordingOptions
  private let fields: [String: MATValue]
  private var electrodes: [String: MATValue] = [:]
  private var warnings: [String] = []
  private var doubts = ChannelDoubts()

  init(file: NWBFile, options: RecordingOptions, fields: [String: MATValue]) {
    self.file = file
    self.options = options
    self.fields = fields
    if case .structure(let columns)? = fields["electrodes"] { electrodes = columns }
  }

  mutating func recording() throws -> Recording {
    var all: [Series] = []
    if case .cells(let cells, _)? = fields["series"] { all = cells.compactMap { series($0) } }
    // What was recorded; what was made of it only where nothing else is there.
    var chosen = all.filter { $0.place == "/acquisition" && $0.sampleCount > 0 }
    if chosen.isEmpty {
      chosen = all.filter { $0.sampleCount > 0 }
      if !chosen.isEmpty { warnings.append("holds processed series only; they are read") }
    }
    let clocked = chosen.filter { $0.rate != nil || options.samplingRate != nil }
    guard let first = clocked.first(where: \.isElectrical) ?? clocked.first else {
      guard chosen.isEmpty else {
        throw RecordingError(
          .missingSamplingRate, path: file.path, place: chosen[0].path,
          "states neither a rate nor time stamps", remedy: "state the sampling rate in Hz")
      }
      throw RecordingError(
        .unsupported, path: file.path, "holds no series of numbers with time along its first axis")
    }
    for series in chosen where series.rate == nil && options.samplingRate == nil {
      doubts.add("left out: it states neither a rate nor time stamps", channel: series.name)
    }
    let start = clocked.map(\.start).min() ?? 0
    var channels: [Channel] = []
    var places: [NWBSamples.Place] = []
    var sites: [String: [ElectrodeGrid.Site]] = [:]
    for series in clocked {
      for column in 0..<series.channelCount {
        add(series, column, start: start, given(first), &channels, &places, &sites)
      }
      guard channels.count <= RecordingLimits.channelCount.upperBound else {
        throw RecordingError(
          .malformed, path: file.path, place: series.path,
          "states more channels than a recording has")
      }
    }
    let unitCount = fields["unitCount"]?.scalar ?? 0
    var rest: [String: Int] = [:]
    for series in all where !chosen.contains(where: { $0.path == series.path }) {
      if series.path == NWBUnits.sources, Double(series.channelCount) == unitCount,
        series.rate == first.rate, series.sampleCount == first.sampleCount
      {
        addSources(series, &channels, &places)
      } else {
        rest[series.name, default: 0] += 1
      }
    }
    return Recording(
      source: RecordingSource(path: file.path, formatName: "NWB"), channels: channels,
      samples: NWBSamples(
        file: file, places: places, unitOrigin: unitCount > 0 ? first.start : nil),
      gaps: gaps(first), electrodeGrids: grids(sites),
      remarks: rest.isEmpty
        ? [] : ["series that are not read: " + rest.keys.sorted().joined(separator: ", ")],
      warnings: warnings + doubts.warnings)
  }

  /// Factor from the file's rates to those the user states, by the rate of the EMG.
  private mutating func given(_ first: Series) -> (factor: Double, missing: Double) {
    guard let given = options.samplingRate else { return (1, 0) }
    guard let stated = first.rate else { return (1, given) }
    if stated != given {
      doubts.add("the stated \(given) Hz replace the file's \(stated) Hz", channel: first.name)
    }
    return (given / stated, given)
  }

  private mutating func add(
    _ series: Series, _ column: Int, start: Double, _ given: (factor: Double, missing: Double),
    _ channels: inout [Channel], _ places: inout [NWBSamples.Place],
    _ sites: inout [String: [ElectrodeGrid.Site]]
  ) {
    let electrode = column < series.electrodes.count ? series.electrodes[column] : nil
    let stem = series.isElectrical && series.name == "ElectricalSeries" ? "EMG" : series.name
    let name =
      electrode.flatMap { label($0) }
      ?? (series.channelCount == 1 ? stem : "\(stem) \(column + 1)")
    let reading = ChannelReading(
      name: name, unitText: series.unit, place: "NWB unit", options: options,
      role: series.isElectrical ? .emg : nil)
    doubts.add(reading.doubt, channel: name)
    if series.isIrregular {
      doubts.add("its time stamps are irregular; even steps are assumed", channel: series.name)
    }
    let own = column < series.factors.count ? series.factors[column] : 1
    places.append(
      NWBSamples.Place(
        series: series.path, column: column,
        factor: series.conversion * own * reading.factor, offset: series.offset * reading.factor))
    if series.isElectrical, let electrode, let (x, y) = position(electrode) {
      let group = text("group_name", electrode) ?? ""
      sites[group, default: []].append(.init(channel: channels.count, x: x, y: y))
    }
    channels.append(
      Channel(
        name: name, role: reading.role, unit: reading.unit, gainProvenance: reading.provenance,
        samplingRate: series.rate.map { $0 * given.factor } ?? given.missing,
        sampleCount: series.sampleCount, startSeconds: series.start - start,
        storedUnit: reading.storedUnit))
  }

  /// The sources of stored units, one a column, at the rate of the EMG.
  private func addSources(
    _ series: Series, _ channels: inout [Channel], _ places: inout [NWBSamples.Place]
  ) {
    guard let rate = channels.first(where: { $0.role == .emg })?.samplingRate,
      channels.count + series.channelCount <= RecordingLimits.channelCount.upperBound
    else { return }
    for column in 0..<series.channelCount {
      places.append(
        NWBSamples.Place(
          series: series.path, column: column, factor: series.conversion, offset: series.offset))
      channels.append(
        Channel(
          name: "source of unit \(column + 1)", role: .storedSource, unit: .relative,
          gainProvenance: "stored source", samplingRate: rate,
          sampleCount: series.sampleCount))
    }
  }

  // MARK: Electrodes

  private func text(_ column: String, _ row: Int) -> String? {
    guard case .text(let rows)? = electrodes[column], rows.indices.contains(row) else { return nil }
    return rows[row].isEmpty ? nil : rows[row].onOneLine
  }

  private func label(_ row: Int) -> String? {
    for column in ["label", "channel_name", "electrode_name", "name"] {
      if let text = text(column, row) { return text }
    }
    return nil
  }

  /// Place of an electrode in millimetres: on its array where that is stated, else in the body.
  private func position(_ row: Int) -> (x: Double, y: Double)? {
    for (first, second) in [("rel_x", "rel_y"), ("x", "y")] {
      guard let xs = electrodes[first]?.numbers, let ys = electrodes[second]?.numbers,
        xs.indices.contains(row), ys.indices.contains(row), abs(xs[row]) < 1e9, abs(ys[row]) < 1e9
      else { continue }
      // The table is in micrometres.
      return (xs[row] / 1000, ys[row] / 1000)
    }
    return nil
  }

  private func grids(_ sites: [String: [ElectrodeGrid.Site]]) -> [ElectrodeGrid] {
    sites.sorted { $0.value[0].channel < $1.value[0].channel }.compactMap { name, sites in
      ElectrodeGrid(name: name, sites: sites, isMillimetres: true)
    }
  }

  // MARK: Series

  private func gaps(_ series: Series) -> [Gap] {
    guard let rate = series.rate else { return [] }
    var lost = 0.0
    return series.gaps.map { gap in
      defer { lost += gap.seconds }
      let position = Double(gap.position) / rate
      return Gap(position: position, onset: position + lost, duration: gap.seconds)
    }
  }

  /// A series out of what the reading process sent; nil where it is no signal.
  private func series(_ value: MATValue) -> Series? {
    guard case .structure(let fields) = value, let path = fields["path"]?.string,
      let place = fields["place"]?.string, let shape = fields["shape"]?.numbers,
      (1...2).contains(shape.count),
      let samples = Int(bounded: shape[0], in: RecordingLimits.sampleCount),
      let channels = Int(bounded: shape.count == 2 ? shape[1] : 1, in: RecordingLimits.channelCount)
    else { return nil }
    func scale(_ name: String) -> Double? {
      fields[name]?.scalar.flatMap { RecordingLimits.scale.contains(abs($0)) ? $0 : nil }
    }
    let positions = fields["gapPositions"]?.numbers ?? []
    let lengths = fields["gapLengths"]?.numbers ?? []
    let start = fields["start"]?.scalar ?? 0
    let offset = fields["offset"]?.scalar ?? 0
    return Series(
      path: path, place: place, isElectrical: fields["type"]?.string == "ElectricalSeries",
      sampleCount: samples, channelCount: channels, unit: fields["unit"]?.string ?? "",
      conversion: scale("conversion") ?? 1,
      factors: (fields["channelConversion"]?.numbers ?? []).map { $0.isFinite ? $0 : 1 },
      offset: offset.isFinite ? offset : 0,
      start: start.isFinite && abs(start) < 1e9 ? start : 0,
      rate: fields["rate"]?.scalar.flatMap {
        RecordingLimits.samplingRate.contains($0) ? $0 : nil
      },
      isIrregular: fields["irregular"]?.scalar == 1,
      gaps: zip(positions, lengths).compactMap { position, length in
        guard length > 0, length < 1e9, let index = Int(bounded: position, in: 1...samples) else {
          return nil
        }
        return (index, length)
      },
      electrodes: (fields["electrodes"]?.numbers ?? []).map {
        Int(bounded: $0, in: 0...20_000) ?? -1
      })
  }
}
