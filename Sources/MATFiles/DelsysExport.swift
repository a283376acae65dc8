import Recordings

/// A MAT file of Delsys Neuromap: `Data` (channels x samples), `Channels` (names) and `Fs`, one rate for
/// each channel or one for all.
///
/// Channels of a lower rate end before the width of the matrix; what follows them there is padding.
/// The file states no unit. Neuromap's discharges are in tables beside it (`…Firings….txt`).
struct DelsysExport {
  private var contents: MATContents

  /// Takes an opened file.
  init(_ contents: MATContents) { self.contents = contents }

  /// Whether the variables are those of such a file.
  static func isOne(_ names: Set<String>) -> Bool {
    names.isSuperset(of: ["Data", "Channels", "Fs"])
  }

  /// The recording; throws `RecordingError` where there is no matrix, no rate or no unit of the EMG.
  mutating func recording() throws -> Recording {
    let path = contents.file.path
    guard let matrix = contents.variables.first(where: { $0.name == "Data" }), matrix.isNumeric,
      matrix.dimensions.count == 2, matrix.dimensions.allSatisfy({ $0 > 0 }),
      let names = try contents.file.value("Channels")?.strings, !names.isEmpty
    else {
      throw RecordingError(
        .malformed, path: path, place: "Data",
        "is no matrix of channels x samples with a name for each in Channels")
    }
    // One channel is a row or a column.
    let channelsAreColumns = matrix.dimensions[0] != names.count
    let count = matrix.dimensions[channelsAreColumns ? 1 : 0]
    let samples = matrix.dimensions[channelsAreColumns ? 0 : 1]
    guard count == names.count else {
      throw RecordingError(
        .malformed, path: path, place: "Channels",
        "names \(names.count) channels where Data is \(matrix.dimensions[0]) x \(matrix.dimensions[1])"
      )
    }
    try contents.checkShape(channels: count, samples: samples, place: "Data")
    var rates = try contents.file.value("Fs")?.numbers ?? []
    if rates.count == 1 { rates = [Double](repeating: rates[0], count: count) }
    let stated = rates.count == count ? rates.max() : nil
    let first = try contents.samplingRate(stated: stated)
    if stated == nil { rates = [Double](repeating: first, count: count) }
    guard rates.allSatisfy(RecordingLimits.samplingRate.contains) else {
      throw RecordingError(.malformed, path: path, place: "Fs", "states rates that no channel has")
    }
    let highest = rates.max() ?? first
    var channels: [Channel] = []
    var factors: [Float] = []
    for (name, rate) in zip(names, rates) {
      let reading = ChannelReading(
        name: name, unitText: "", place: "Neuromap", options: contents.options)
      var (unit, factor, provenance) = (reading.unit, reading.factor, reading.provenance)
      if reading.role == .emg {
        let given = try contents.unitFromOptions()
        (unit, factor, provenance) = (.microvolt, given.microvolts, "given unit \(given.rawValue)")
      }
      let length = Int(bounded: (Double(samples) * rate / highest).rounded(.up), in: 1...samples)
      channels.append(
        Channel(
          name: name, role: reading.role, unit: unit, gainProvenance: provenance,
          // The user's rate is that of the fastest channels.
          samplingRate: rate * (first / highest), sampleCount: length ?? samples))
      factors.append(Float(factor))
    }
    return Recording(
      source: RecordingSource(
        path: path, formatName: "\(contents.version.rawValue), Delsys Neuromap"),
      channels: channels,
      samples: MATSamples(
        file: contents.file,
        parts: [
          .init(
            path: MATPath(variable: "Data"), channelsAreColumns: channelsAreColumns,
            sampleCount: samples, factors: factors)
        ], isVersion73: contents.version == .version73),
      warnings: contents.warnings)
  }
}
