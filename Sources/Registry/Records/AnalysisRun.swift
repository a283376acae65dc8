/// One run of an analysis over a recording, with all that is needed to repeat it.
public struct AnalysisRun: RegistryRecord {
  /// The table of runs.
  public static let table = RecordTable.analysisRun
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// The recording.
  public var recording: RecordID
  /// What was run, for example "decompose" or "munix".
  public var method: String
  /// Version of the software that ran.
  public var softwareVersion: String
  /// The configuration as JSON.
  public var parameters: String
  /// Seed of the random generator, if the method has one.
  public var seed: UInt64?
  /// SHA-256 of the samples that went in, where it differs from the recording's file hash.
  public var inputSHA256: String?
  /// Places of the electrodes in the array's own frame in millimetres, `[along, across]` for each
  /// channel of the units' templates; nil where they are not known.
  public var electrodes: [[Double]]?

  /// A run not yet stored.
  public init(
    recording: RecordID, method: String, softwareVersion: String, parameters: String = "{}",
    seed: UInt64? = nil, inputSHA256: String? = nil, electrodes: [[Double]]? = nil
  ) {
    id = 0
    self.recording = recording
    self.method = method
    self.softwareVersion = softwareVersion
    self.parameters = parameters
    self.seed = seed
    self.inputSHA256 = inputSHA256
    self.electrodes = electrodes
  }

  /// The run read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    recording = try fields.required("recording", fields.integer("recording"), Self.table)
    method = try fields.required("method", fields.text("method"), Self.table)
    softwareVersion = try fields.required(
      "software_version", fields.text("software_version"), Self.table)
    parameters = try fields.required("parameters", fields.text("parameters"), Self.table)
    seed = fields.text("seed").flatMap { UInt64($0) }
    inputSHA256 = fields.text("input_sha256")
    electrodes = try fields.text("electrodes").map {
      try JSONText.decode([[Double]].self, from: $0)
    }
  }

  /// The fields to store; throws `RegistryError.invalid` where the parameters are no JSON.
  public func fields() throws -> RecordFields {
    guard JSONText.isValid(parameters) else {
      throw RegistryError.invalid(
        table: Self.table.rawValue, field: "parameters", found: "\"\(parameters.prefix(40))\"",
        expected: "a JSON object")
    }
    var fields = RecordFields()
    fields.set("recording", id: recording)
    fields.set("method", try FieldRule.nonEmpty(method, "method", Self.table))
    fields.set(
      "software_version", try FieldRule.nonEmpty(softwareVersion, "software version", Self.table))
    fields.set("parameters", parameters)
    if let electrodes {
      guard electrodes.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isFinite) }) else {
        throw RegistryError.invalid(
          table: Self.table.rawValue, field: "electrodes", found: "other than two finite numbers",
          expected: "[along, across] in millimetres for each electrode")
      }
      fields.set("electrodes", try JSONText.encode(electrodes))
    }
    fields.set("seed", seed.map { String($0) })
    fields.set(
      "input_sha256", try inputSHA256.map { try FieldRule.sha256($0, "input hash", Self.table) })
    return fields
  }
}
