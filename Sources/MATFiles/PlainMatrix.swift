import Recordings

/// A MAT file that holds one matrix of EMG; the longer side is time.
///
/// Rate and unit are taken from scalar and text variables of the usual names (`fs`, `fsamp`,
/// `SamplingFrequency`, `unit`, ...), else from `--fs` and `--unit`.
struct PlainMatrix {
  private var contents: MATContents

  /// Takes an opened file.
  init(_ contents: MATContents) { self.contents = contents }

  /// The recording; throws `RecordingError` where there is no matrix, no rate or no unit.
  mutating func recording() throws -> Recording {
    let matrices = contents.variables.filter {
      $0.isNumeric && $0.dimensions.count == 2 && $0.dimensions.allSatisfy { $0 > 0 }
        && (Int.product($0.dimensions[0], $0.dimensions[1], atMost: 1 << 40) ?? 0) > 16
    }.sorted { $0.dimensions[0] * $0.dimensions[1] > $1.dimensions[0] * $1.dimensions[1] }
    guard let matrix = matrices.first else {
      let names = contents.variables.prefix(8).map(\.name).joined(separator: ", ")
      throw RecordingError(
        .unsupported, path: contents.file.path,
        "holds no matrix of real numbers (variables: \(names))",
        remedy: "can be read: OTBiolab+ exports, MUedit files, a matrix of samples x channels")
    }
    var warnings: [String] = []
    if matrices.count > 1 {
      let others = matrices.dropFirst().prefix(4).map(\.name).joined(separator: ", ")
      warnings.append("variable \(matrix.name) is taken as the signal; not read: \(others)")
    }
    let channelsAreColumns = matrix.dimensions[0] >= matrix.dimensions[1]
    let samples = channelsAreColumns ? matrix.dimensions[0] : matrix.dimensions[1]
    let count = channelsAreColumns ? matrix.dimensions[1] : matrix.dimensions[0]
    try contents.checkShape(channels: count, samples: samples, place: "variable \(matrix.name)")
    let stated = try statedRate()
    let rate = try contents.samplingRate(stated: stated)
    let unit: VoltageUnit
    let provenance: String
    if let stated = try statedUnit() {
      if let given = contents.options.unit, given != stated.unit {
        warnings.append("the given unit \(given.rawValue) replaces variable \(stated.name)")
        (unit, provenance) = (given, "given unit \(given.rawValue)")
      } else {
        (unit, provenance) = (stated.unit, "variable \(stated.name)")
      }
    } else {
      unit = try contents.unitFromOptions()
      provenance = "given unit \(unit.rawValue)"
    }
    let channels = (0..<count).map { index in
      Channel(
        name: "\(index + 1)", role: .emg, unit: .microvolt, gainProvenance: provenance,
        samplingRate: rate, sampleCount: samples)
    }
    return Recording(
      source: RecordingSource(
        path: contents.file.path, formatName: "\(contents.version.rawValue), matrix"),
      channels: channels,
      samples: MATSamples(
        file: contents.file,
        parts: [
          .init(
            path: MATPath(variable: matrix.name), channelsAreColumns: channelsAreColumns,
            sampleCount: samples, factors: [Float](repeating: Float(unit.microvolts), count: count))
        ], isVersion73: contents.version == .version73),
      warnings: contents.warnings + warnings)
  }

  private func statedRate() throws -> Double? {
    let names = [
      "fs", "fsamp", "samplingfrequency", "samplingrate", "sampling_rate", "sampling_frequency",
      "samplerate", "sample_rate", "srate", "sr", "freq",
    ]
    for variable in contents.variables
    where names.contains(variable.name.lowercased()) && variable.dimensions == [1, 1] {
      return try contents.file.value(variable.name)?.scalar
    }
    return nil
  }

  private func statedUnit() throws -> (unit: VoltageUnit, name: String)? {
    for variable in contents.variables
    where ["unit", "units", "emg_unit", "emgunit"].contains(variable.name.lowercased()) {
      if let text = try contents.file.value(variable.name)?.string,
        let unit = VoltageUnit(spelling: text)
      {
        return (unit, variable.name)
      }
    }
    return nil
  }
}
