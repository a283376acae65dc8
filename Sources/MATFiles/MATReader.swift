import Recordings

/// Reads MAT files of level 5 and version 7.3: OTBiolab+ exports, MUedit files, plain matrices.
///
/// Files cut short are refused. Of version 7.3 the library below trusts the dimensions of cell
/// arrays: a file damaged exactly there may take long to be refused.
/// Append it to the standard readers: `Recording.open(path, readers: .standard + [MATReader()])`.
public struct MATReader: RecordingReader {
  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "MAT level 5 and 7.3 (OTBiolab+ export, MUedit, plain matrix)" }

  /// Whether the file starts like a MAT file.
  public func recognises(_ file: SniffedFile) -> Bool { MATContainer(file) != nil }

  /// Opens the file and finds its layout; throws `RecordingError`.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    guard let container = MATContainer(file) else {
      throw RecordingError(.unknownFormat, path: file.path, "is not a MAT file")
    }
    try container.check(file)
    let mat = MATFile(path: file.path)
    let variables = try mat.variables()
    guard !variables.isEmpty else {
      throw RecordingError(
        .malformed, path: file.path, "no variable can be read: empty or damaged")
    }
    let contents = MATContents(
      file: mat, variables: variables, version: container.version, options: options)
    let names = Set(variables.map(\.name))
    if names.isSuperset(of: ["Data", "Description", "SamplingFrequency"]) {
      return try OTBiolabExport(contents).recording()
    }
    if names.contains("signal"), let signal = try mat.value("signal"),
      case .structure(let fields) = signal, fields["data"]?.numericDimensions != nil
    {
      return try MUeditFile(contents, fields).recording()
    }
    return try PlainMatrix(contents).recording()
  }
}

/// An opened MAT file with what the user stated about it.
struct MATContents: Sendable {
  let file: MATFile
  let variables: [MATFile.Variable]
  let version: MATContainer.Version
  let options: RecordingOptions

  /// The rate stated in the file or by `--fs`; throws where both or none are given.
  func samplingRate(stated: Double?) throws -> Double {
    if let stated {
      guard stated > 0, stated.isFinite else {
        throw RecordingError(
          .malformed, path: file.path, "states a sampling rate of \(stated) Hz")
      }
      if let given = options.samplingRate, abs(given / stated - 1) > 0.01 {
        throw RecordingError(
          .wrongOption, path: file.path, "--fs \(given) contradicts the file's \(stated) Hz",
          remedy: "leave --fs away")
      }
      return options.samplingRate ?? stated
    }
    guard let given = options.samplingRate else {
      throw RecordingError(
        .missingSamplingRate, path: file.path, "states no sampling rate",
        remedy: "give it in Hz with --fs")
    }
    return given
  }

  /// The unit of EMG without one in the file; throws where `--unit` is missing.
  func unitFromOptions() throws -> VoltageUnit {
    guard let unit = options.unit else {
      throw RecordingError(
        .missingUnit, path: file.path, "states no unit of its EMG",
        remedy: "give it with --unit uV, mV or V")
    }
    return unit
  }
}
