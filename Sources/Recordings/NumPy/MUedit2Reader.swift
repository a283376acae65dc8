import Foundation

/// Reads the decompositions that MUedit2 saves (`.npz`): discharges, sources, and the EMG where it is kept.
///
/// Discharges are whole samples from 0. Files of its first form hold them as pickled arrays, which are
/// parsed and never run. The EMG states no unit, so that `--unit` is asked for. Its edit log
/// (`.json` beside the file) is not read.
public struct MUedit2Reader: RecordingReader {
  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "MUedit2 (.npz)" }

  /// Their extensions.
  public var extensions: [String] { ["npz"] }

  /// Whether the file is a zip archive of NumPy arrays.
  public func recognises(_ file: SniffedFile) -> Bool {
    guard file.has([0x50, 0x4B, 0x03, 0x04]), file.head.count > 30 else { return false }
    let length = Int(file.head[26]) | Int(file.head[27]) << 8
    return file.pathExtension == "npz"
      || file.head.dropFirst(30).prefix(length).reversed().starts(with: ".npy".utf8.reversed())
  }

  /// Reads everything but the signals; throws `RecordingError`.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    var file = try MUedit2File(file.bytes)
    return try file.recording(options)
  }
}

/// A file of MUedit2 while it is opened.
struct MUedit2File {
  /// Most bytes of a member that is no signal.
  private static let smallLimit = 64 << 20
  private static let unitLimit = 10_000

  private let archive: ZipArchive
  private var warnings: [String] = []

  init(_ bytes: FileBytes) throws { archive = try ZipArchive(bytes) }

  private func failure(_ place: String, _ problem: String) -> RecordingError {
    RecordingError(.malformed, path: archive.bytes.path, place: place, problem)
  }

  // MARK: Members

  /// The header of an array; nil where there is none of this name.
  private func array(_ name: String) throws -> NumPySamples.Matrix? {
    guard let member = archive.members[name + ".npy"] else { return nil }
    let head = try archive.head(member, limit: NumPyArray.headLimit)
    guard let array = NumPyArray(head) else {
      throw failure(name, "is no array of numbers, texts or objects")
    }
    let size = array.valueCount.multipliedReportingOverflow(by: array.element.count)
    guard !size.overflow, array.offset <= member.count - size.partialValue else {
      throw failure(
        name, "is shorter than its shape \(array.shape) asks for: the file is damaged")
    }
    return NumPySamples.Matrix(member: member, array: array)
  }

  private func numbers(_ name: String) throws -> [Double]? {
    guard let (member, array) = try array(name).map({ ($0.member, $0.array) }) else { return nil }
    if array.element == .objects { return try pickled(name)?.numbers }
    let content = try archive.content(member, limit: Self.smallLimit)
    return array.numbers(
      content[array.offset..<array.offset + array.valueCount * array.element.count])
  }

  /// The objects of an array of them; nil where there is none.
  private func pickled(_ name: String) throws -> PickledObjects.Value? {
    guard let matrix = try array(name), matrix.array.element == .objects else { return nil }
    let content = try archive.content(matrix.member, limit: Self.smallLimit)
    do {
      return try PickledObjects.value(content[matrix.array.offset...])
    } catch is PickledObjects.Refused {
      throw failure(name, "holds Python objects that are no arrays, lists or texts")
    }
  }

  /// Texts: JSON in an array of one text, or objects.
  private func texts(_ name: String) throws -> [String] {
    guard let matrix = try array(name) else { return [] }
    if matrix.array.element == .objects {
      return try pickled(name)?.objects?.compactMap(\.text) ?? []
    }
    let content = try archive.content(matrix.member, limit: Self.smallLimit)
    guard let text = matrix.array.text(content[matrix.array.offset...]),
      let list = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any]
    else { return [] }
    return list.compactMap { $0 as? String }
  }

  /// Lists that follow each other in one array, parted at offsets.
  private func ragged(_ name: String, _ offsets: String) throws -> [[Double]]? {
    guard let values = try numbers(name), let ends = try numbers(offsets) else { return nil }
    var result: [[Double]] = []
    for (first, last) in zip(ends, ends.dropFirst()) {
      guard let start = Int(bounded: first, in: 0...values.count),
        let end = Int(bounded: last, in: start...values.count), result.count < Self.unitLimit
      else { throw failure(offsets, "leads outside \(name): the file is damaged") }
      result.append(Array(values[start..<end]))
    }
    return result
  }

  // MARK: Recording

  /// The recording; throws `RecordingError`.
  mutating func recording(_ options: RecordingOptions) throws -> Recording {
    let path = archive.bytes.path
    let trains =
      try ragged("spike_times", "spike_offsets")
      ?? pickled("discharge_times")?.objects?.prefix(Self.unitLimit).map { $0.numbers ?? [] }
    let stated = try numbers("fsamp")?.first
    guard let trains, stated != nil || options.samplingRate != nil else {
      throw RecordingError(
        .unknownFormat, path: path,
        "is an archive of NumPy arrays but none of MUedit2 (fsamp, spike_times or discharge_times)",
        remedy: "save signals as NWB, EDF, WAV or MAT")
    }
    let (rate, replaced) = try options.rate(stated: stated, path: path, place: "fsamp")
    warnings += [replaced].compactMap { $0 }
    let emg = try matrix("emg_data")
    let sources = try matrix("pulse_trains")
    let last = trains.compactMap { $0.max() }.max() ?? 0
    let known = [emg?.columns, sources?.columns].compactMap { $0 }.max()
    let total = try numbers("total_samples")?.first.flatMap {
      Int(bounded: $0, in: RecordingLimits.sampleCount)
    }
    guard
      let length = known ?? total ?? Int(bounded: last + 1, in: RecordingLimits.sampleCount)
    else { throw failure("spike_times", "holds a discharge at sample \(last)") }
    var channels: [Channel] = []
    var rows: [NumPySamples.Row] = []
    let grids = try addEMG(emg, rate, options, &channels, &rows)
    addUnits(trains, sources, rate, length, &channels, &rows)
    let spikes = try annotations(trains, rate, length)
    let muscles = try texts("muscle")
    return Recording(
      source: RecordingSource(path: path, formatName: "MUedit2"), channels: channels,
      samples: NumPySamples(archive: archive, rows: rows, trains: trains, spikes: spikes),
      electrodeGrids: grids, remarks: muscles.filter { !$0.isEmpty }.map { "muscle: \($0)" },
      warnings: warnings)
  }

  /// A matrix of numbers, its rows running along time; nil where there is none.
  private func matrix(_ name: String) throws -> NumPySamples.Matrix? {
    guard let matrix = try array(name), matrix.array.shape.count == 2, matrix.array.valueCount > 0
    else { return nil }
    switch matrix.array.element {
    case .text, .objects: return nil
    case .float, .signed, .unsigned: break
    }
    guard RecordingLimits.channelCount.contains(matrix.rows),
      RecordingLimits.sampleCount.contains(matrix.columns)
    else {
      throw failure(name, "has the shape \(matrix.array.shape), which no recording has")
    }
    return matrix
  }

  private mutating func addEMG(
    _ emg: NumPySamples.Matrix?, _ rate: Double, _ options: RecordingOptions,
    _ channels: inout [Channel], _ rows: inout [NumPySamples.Row]
  ) throws -> [ElectrodeGrid] {
    guard let emg else {
      warnings.append("holds no EMG: the recording that was decomposed is a file of its own")
      return []
    }
    guard let unit = options.unit else {
      throw RecordingError(
        .missingUnit, path: archive.bytes.path, "states no unit of its EMG",
        remedy: .stateUnit)
    }
    for row in 0..<emg.rows {
      channels.append(
        Channel(
          name: "\(row + 1)", role: .emg, unit: .microvolt,
          gainProvenance: "given unit \(unit.rawValue)", samplingRate: rate,
          sampleCount: emg.columns))
      rows.append(.matrix(emg, row: row, factor: Float(unit.microvolts)))
    }
    let flags = try ragged("discard_channels", "discard_channel_offsets") ?? []
    let bad = flags.flatMap { $0 }.enumerated().filter { $0.element != 0 }.map(\.offset)
    if flags.map(\.count).reduce(0, +) == emg.rows, !bad.isEmpty {
      for index in bad { channels[index].role = .auxiliary }
      warnings.append(
        "the file marks \(bad.count) channels as bad; they are left out of the EMG: "
          + bad.prefix(12).map { "\($0 + 1)" }.joined(separator: ", "))
    }
    return try grids(emg.rows).map { grid in
      var grid = grid
      grid.electrodes.removeAll { channels[$0.channel].role != .emg }
      return grid
    }
  }

  /// Grids follow each other in the rows of the EMG.
  private mutating func grids(_ count: Int) throws -> [ElectrodeGrid] {
    var start = 0
    var grids: [ElectrodeGrid] = []
    for name in try texts("grid_names") {
      guard let geometry = GridGeometry(code: name), start + geometry.electrodeCount <= count,
        let grid = geometry.grid(channels: Array(start..<start + geometry.electrodeCount))
      else {
        warnings.append(RecordingOptions.unknownLayout(name))
        return []
      }
      grids.append(grid)
      start += geometry.electrodeCount
    }
    return start == count ? grids : []
  }

  private func addUnits(
    _ trains: [[Double]], _ sources: NumPySamples.Matrix?, _ rate: Double, _ length: Int,
    _ channels: inout [Channel], _ rows: inout [NumPySamples.Row]
  ) {
    let hasSources = sources?.rows == trains.count
    for unit in trains.indices {
      channels.append(
        Channel(
          name: (hasSources ? "source" : "firings") + " of unit \(unit + 1)",
          role: hasSources ? .storedSource : .storedFirings, unit: .relative,
          gainProvenance: "stored \(hasSources ? "source" : "discharges")", samplingRate: rate,
          sampleCount: hasSources ? sources?.columns ?? length : length))
      if hasSources, let sources {
        rows.append(.matrix(sources, row: unit, factor: 1))
      } else {
        rows.append(.firings(unit))
      }
    }
  }

  private mutating func annotations(
    _ trains: [[Double]], _ rate: Double, _ length: Int
  ) throws -> SpikeAnnotations? {
    let figures = try numbers("sil") ?? []
    let grids = try numbers("mu_grid_index") ?? []
    let several = Set(grids).count > 1 && grids.count == trains.count
    var outside = 0
    let named = trains.enumerated().map { unit, samples in
      let inside = samples.filter { $0 >= 0 && $0 < Double(length) }
      outside += samples.count - inside.count
      let figure = unit < figures.count ? figures[unit] : .nan
      let grid = several ? Int(bounded: grids[unit], in: 0...1000).map { "\($0 + 1)." } ?? "" : ""
      return SpikeAnnotations.Train(
        unit: "\(grid)\(unit + 1)", times: inside.map { $0 / rate },
        silhouette: figures.count == trains.count && figure.isFinite ? figure : nil)
    }
    if outside > 0 {
      warnings.append("\(outside) discharges lie outside the recording and are left out")
    }
    return named.isEmpty ? nil : SpikeAnnotations(origin: "MUedit2", trains: named)
  }
}
