import Foundation
import Recordings

/// The MAT export of OTBiolab+: `Data` (samples x channels), `Description` per channel,
/// `SamplingFrequency`.
///
/// What a channel is stands only in its description, such as
/// `Vastus Lateralis - AUX 3 (Channel 1->1) - GR08MM1305 (17)[uV]`: muscle, array code, electrode
/// number and unit. Firings and sources of the vendor's decomposition follow as further columns.
struct OTBiolabExport {
  private var contents: MATContents
  private let path: MATPath
  private let rows: Int
  private let descriptions: [Description]
  private let samplingRate: Double

  /// One channel's description taken apart.
  struct Description {
    var name: String
    var unit: String
    /// The text before the electrode number: channels of one array share it.
    var group: String
    var electrode: Int?

    init(_ text: String) {
      var rest = text.trimmingCharacters(in: .whitespacesAndNewlines)
      unit = ""
      // Brackets at the end hold the unit, or remarks such as `[MUSCLE:Vastus Lateralis]`.
      var remarks: [String] = []
      while rest.hasSuffix("]"), let open = rest.lastIndex(of: "[") {
        let inside = String(rest[rest.index(after: open)...].dropLast())
          .trimmingCharacters(in: .whitespaces)
        let isUnit = inside.count <= 12 && !inside.contains(":") && !inside.contains("=")
        if isUnit, unit.isEmpty { unit = inside } else { remarks.insert("[\(inside)]", at: 0) }
        rest = String(rest[..<open]).trimmingCharacters(in: .whitespaces)
      }
      name = ([rest] + remarks).joined(separator: " ")
      (group, electrode) = Self.electrode(rest)
    }

    /// The electrode's number at the end of a description, and what stands before it:
    /// `GR08MM1305 (17)`, `HD08MM1305 ch1`, `Channel 12`, `#3`.
    static func electrode(_ text: String) -> (group: String, number: Int?) {
      var rest = text[...]
      let isBracketed = rest.hasSuffix(")")
      if isBracketed { rest = rest.dropLast() }
      let digits = String(rest.reversed().prefix { $0.isNumber && $0.isASCII }.reversed())
      guard let number = Int(digits), digits.count <= 4 else { return (text, nil) }
      rest = rest.dropLast(digits.count)
      func trim() { while rest.last == " " { rest = rest.dropLast() } }
      if isBracketed {
        guard rest.hasSuffix("(") else { return (text, nil) }
        rest = rest.dropLast()
      } else {
        trim()
        let words = ["channel", "chan", "ch", "electrode", "el", "#"]
        guard let word = words.first(where: { rest.lowercased().hasSuffix($0) }) else {
          return (text, nil)
        }
        rest = rest.dropLast(word.count)
        while let last = rest.last, "-_.".contains(last) { rest = rest.dropLast() }
      }
      trim()
      return (String(rest), number)
    }

    var role: ChannelRole {
      let lower = name.lowercased()
      if lower.contains("source for decomposition") { return .storedSource }
      if lower.contains("decomposition of") { return .storedFirings }
      if lower.contains("acquired data") || lower.contains("performed path") { return .force }
      if lower.contains("requested path") || lower.contains("original data") {
        return .auxiliary
      }
      // An array's code makes an EMG channel, whatever input of the device it was plugged into.
      if electrode != nil, GridGeometry.makersCode(in: group) != nil { return .emg }
      return ChannelRole.guess(name: name, unit: PhysicalUnit.parse(unit)?.unit)
    }
  }

  /// Reads the small variables; throws `RecordingError` where they contradict each other.
  init(_ contents: MATContents) throws {
    self.contents = contents
    func malformed(_ variable: String, _ problem: String) -> RecordingError {
      RecordingError(
        .malformed, path: contents.file.path, place: "variable \(variable)", problem)
    }
    let data = try contents.file.value("Data", limit: 0)
    var path = MATPath(variable: "Data")
    var dimensions: [Int] = []
    switch data {
    case .large(let found): dimensions = found
    case .cells(let cells, _):
      guard cells.count == 1 else {
        throw RecordingError(
          .unsupported, path: contents.file.path, place: "variable Data",
          "holds \(cells.count) recordings, expected one",
          remedy: "export the recordings one by one")
      }
      path.steps = [.cell(0)]
      dimensions = cells[0].numericDimensions ?? []
    default: break
    }
    guard dimensions.count == 2, dimensions[0] > 0, dimensions[1] > 0 else {
      throw malformed("Data", "is no matrix of real numbers (samples x channels)")
    }
    try contents.checkShape(channels: dimensions[1], samples: dimensions[0], place: "variable Data")
    guard let texts = try contents.file.value("Description")?.strings else {
      throw malformed("Description", "is no list of texts")
    }
    guard texts.count == dimensions[1] else {
      throw malformed(
        "Description", "has \(texts.count) texts, expected \(dimensions[1]) for the columns of Data"
      )
    }
    let rates = try contents.file.value("SamplingFrequency")
    let stated = rates?.scalar ?? rates?.numbers.first
    self.path = path
    rows = dimensions[0]
    descriptions = texts.map(Description.init)
    samplingRate = try self.contents.samplingRate(stated: stated)
  }

  /// The recording; throws `RecordingError` where an EMG channel has no unit.
  func recording() throws -> Recording {
    var channels: [Channel] = []
    var factors: [Float] = []
    var doubts = ChannelDoubts()
    for description in descriptions {
      let reading = ChannelReading(
        name: description.name, unitText: description.unit, place: "Description",
        options: contents.options, role: description.role)
      doubts.add(reading.doubt, channel: description.name)
      let role = reading.role
      var unit = reading.unit
      let factor = reading.factor
      let provenance = reading.provenance
      if role == .emg, !unit.isVoltage { _ = try contents.unitFromOptions() }
      if role == .storedFirings { unit = .dimensionless }
      channels.append(
        Channel(
          name: description.name, role: role, unit: unit, gainProvenance: provenance,
          samplingRate: samplingRate, sampleCount: rows, storedUnit: reading.storedUnit))
      factors.append(Float(factor))
    }
    var warnings = contents.warnings + doubts.warnings
    let grids = grids(channels, &warnings)
    let firings = channels.indices.filter { channels[$0].role == .storedFirings }
    let (names, rate, rows) = (firings.map { "\($0)" }, samplingRate, rows)
    let samples = MATSamples(
      file: contents.file,
      parts: [
        .init(path: path, channelsAreColumns: true, sampleCount: rows, factors: factors)
      ],
      isVersion73: contents.version == .version73
    ) { samples in
      try Self.spikes(samples, firings, names, samplingRate: rate, count: rows)
    }
    return Recording(
      source: RecordingSource(
        path: contents.file.path, formatName: "\(contents.version.rawValue), OTBiolab+ export"),
      channels: channels, samples: samples, electrodeGrids: grids, warnings: warnings)
  }

  private func grids(_ channels: [Channel], _ warnings: inout [String]) -> [ElectrodeGrid] {
    var order: [String] = []
    var members: [String: [(channel: Int, number: Int)]] = [:]
    for (index, description) in descriptions.enumerated() where channels[index].role == .emg {
      guard let number = description.electrode,
        GridGeometry.makersCode(in: description.group) != nil
      else { continue }
      if members[description.group] == nil { order.append(description.group) }
      members[description.group, default: []].append((index, number))
    }
    return order.compactMap { group in
      guard let electrodes = members[group] else { return nil }
      guard let geometry = GridGeometry(code: group) else {
        let code = GridGeometry.makersCode(in: group)?.text ?? group
        warnings.append(RecordingOptions.unknownLayout(code))
        return nil
      }
      if let grid = geometry.grid(electrodes: electrodes) { return grid }
      warnings.append(
        "electrode numbers of \(group) do not fit a \(geometry.rows) x \(geometry.columns) array; "
          + "its geometry is left out")
      return nil
    }
  }

  /// A discharge is a sample of at least one half whose predecessor is below.
  private static func spikes(
    _ samples: MATSamples, _ channels: [Int], _ names: [String], samplingRate: Double, count: Int
  ) throws -> SpikeAnnotations? {
    guard !channels.isEmpty else { return nil }
    let values = try samples.samples(channels: channels, range: 0..<count)
    let trains = zip(names, values).map { name, values in
      SpikeAnnotations.Train(
        unit: name,
        times: values.indices.filter {
          values[$0] >= 0.5 && ($0 == 0 || values[$0 - 1] < 0.5)
        }.map { Double($0) / samplingRate })
    }
    return SpikeAnnotations(origin: "decomposition columns of the export", trains: trains)
  }
}
