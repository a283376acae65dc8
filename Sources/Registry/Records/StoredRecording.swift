/// A recorded file of a visit, known by the hash of its bytes.
///
/// The file itself and its name are not stored: file names often hold the names of patients.
public struct StoredRecording: RegistryRecord {
  /// The table of recordings.
  public static let table = RecordTable.recording
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// The visit.
  public var visit: RecordID
  /// Muscle, in the form of `MuscleName.canonical`.
  public var muscle: String?
  /// Side of the body.
  public var side: BodySide?
  /// What was recorded, for example "surface-grid", "needle", "cmap-scan", "munix".
  public var modality: String
  /// Amplifier or electrode.
  public var device: String?
  /// Code of the person who recorded.
  public var rater: String?
  /// SHA-256 of the file, 64 hexadecimal digits.
  public var sha256: String
  /// Format of the file, for example "EDF+".
  public var fileFormat: String?
  /// Sampling rate in Hz.
  public var samplingRate: Double?
  /// Number of channels.
  public var channels: Int?
  /// Duration in seconds.
  public var duration: Double?

  /// A recording not yet stored.
  public init(
    visit: RecordID, muscle: String? = nil, side: BodySide? = nil, modality: String,
    device: String? = nil, rater: String? = nil, sha256: String, fileFormat: String? = nil,
    samplingRate: Double? = nil, channels: Int? = nil, duration: Double? = nil
  ) {
    id = 0
    self.visit = visit
    self.muscle = muscle.map(MuscleName.canonical)
    self.side = side
    self.modality = modality
    self.device = device
    self.rater = rater
    self.sha256 = sha256
    self.fileFormat = fileFormat
    self.samplingRate = samplingRate
    self.channels = channels
    self.duration = duration
  }

  /// The recording read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    visit = try fields.required("visit", fields.integer("visit"), Self.table)
    muscle = fields.text("muscle")
    side = fields.text("side").flatMap(BodySide.init(rawValue:))
    modality = try fields.required("modality", fields.text("modality"), Self.table)
    device = fields.text("device")
    rater = fields.text("rater")
    sha256 = try fields.required("sha256", fields.text("sha256"), Self.table)
    fileFormat = fields.text("file_format")
    samplingRate = fields.real("sampling_rate")
    channels = fields.int("channels")
    duration = fields.real("duration")
  }

  /// The fields to store; throws `RegistryError.invalid` for a malformed hash or impossible sizes.
  public func fields() throws -> RecordFields {
    func refuse(_ field: String, _ found: String, _ expected: String) -> RegistryError {
      .invalid(table: Self.table.rawValue, field: field, found: found, expected: expected)
    }
    if let samplingRate, samplingRate <= 0 {
      throw refuse("sampling rate", "\(samplingRate) Hz", "more than 0 Hz")
    }
    if let channels, channels <= 0 { throw refuse("channels", "\(channels)", "at least 1") }
    if let duration, duration < 0 { throw refuse("duration", "\(duration) s", "at least 0 s") }
    var fields = RecordFields()
    fields.set("visit", id: visit)
    fields.set("muscle", muscle.map(MuscleName.canonical))
    fields.set("side", side?.rawValue)
    fields.set("modality", try FieldRule.nonEmpty(modality, "modality", Self.table))
    fields.set("device", device)
    fields.set("rater", rater)
    fields.set("sha256", try FieldRule.sha256(sha256, "sha256", Self.table))
    fields.set("file_format", fileFormat)
    try fields.set("sampling_rate", samplingRate, table: Self.table)
    fields.set("channels", channels)
    try fields.set("duration", duration, table: Self.table)
    return fields
  }
}
