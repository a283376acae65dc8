import Recordings

/// Reads MAT files of level 5 and version 7.3: OTBiolab+ exports, MUedit, DEMUSE and Neuromap files, plain
/// matrices.
///
/// Files cut short are refused. The libraries below trust what a file says of its sizes; with an
/// isolation they run in a process of their own with limits on memory and time, and a broken file is
/// one error. Without one they run in this process, which suits files that are trusted.
/// Append it to the standard readers: `Recording.open(path, readers: .standard + [MATReader()])`.
public struct MATReader: RecordingReader {
  private let isolation: MATIsolation?

  /// Makes the reader; `isolation` nil reads in this process.
  public init(isolation: MATIsolation? = .ofThisProcess) { self.isolation = isolation }

  /// The formats of this reader.
  public var formats: String {
    "MAT level 5 and 7.3 (OTBiolab+ export, MUedit, DEMUSE, Delsys Neuromap, plain matrix)"
  }

  /// Their extensions.
  public var extensions: [String] { ["mat"] }

  /// Whether the file starts like a MAT file.
  public func recognises(_ file: SniffedFile) -> Bool { MATContainer(file) != nil }

  /// Opens the file and finds its layout; throws `RecordingError`.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    guard let container = MATContainer(file) else {
      throw RecordingError(.unknownFormat, path: file.path, "is not a MAT file")
    }
    try container.check(file)
    let worker = try isolation.map { try MATWorkerProcess($0, path: file.path) }
    let mat = MATFile(path: file.path, worker: worker)
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
      var edited: [String: MATValue] = [:]
      if names.contains("edition"), case .structure(let edition)? = try mat.value("edition") {
        edited = edition
      }
      var layout = MUeditFile(contents, fields, edited: edited)
      return try layout.recording()
    }
    if names.isSuperset(of: ["SIG", "MUPulses"]) {
      var layout = DEMUSEFile(contents)
      return try layout.recording()
    }
    if DelsysExport.isOne(names) {
      var layout = DelsysExport(contents)
      return try layout.recording()
    }
    var layout = PlainMatrix(contents)
    return try layout.recording()
  }
}

/// An opened MAT file with what the user stated about it.
struct MATContents: Sendable {
  let file: MATFile
  let variables: [MATFile.Variable]
  let version: MATContainer.Version
  let options: RecordingOptions

  /// What the user should know, gathered while the layout is read.
  var warnings: [String] = []

  /// The rate given by `--fs`, else the one stated in the file; throws where there is none.
  mutating func samplingRate(stated: Double?) throws -> Double {
    let (rate, replaced) = try options.rate(stated: stated, path: file.path)
    if let replaced { warnings.append(replaced) }
    return rate
  }

  /// Throws where a matrix has more channels or samples than a recording has, or more than a file of
  /// this size can hold even when compressed.
  func checkShape(channels: Int, samples: Int, place: String) throws {
    // Deflate makes at most 1032 bytes of one.
    let limit = try FileBytes(path: file.path).count.multipliedReportingOverflow(by: 1032)
    guard RecordingLimits.channelCount.contains(channels),
      RecordingLimits.sampleCount.contains(samples),
      let product = Int.product(channels, samples, atMost: 1 << 40),
      limit.overflow || product <= limit.partialValue
    else {
      throw RecordingError(
        .malformed, path: file.path, place: place,
        "states \(channels) channels of \(samples) samples, which a file of its size cannot hold")
    }
  }

  /// The unit of EMG without one in the file; throws where none was given.
  func unitFromOptions() throws -> VoltageUnit {
    guard let unit = options.unit else {
      throw RecordingError(
        .missingUnit, path: file.path, "states no unit of its EMG",
        remedy: .stateUnit)
    }
    return unit
  }
}
