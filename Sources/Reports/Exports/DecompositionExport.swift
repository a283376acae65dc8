/// A decomposition in the form that all exports are written from.
///
/// `unitsJSON()` writes the documented exchange file of a decomposition, and decoding that file
/// gives the same value back:
///
/// | member | content |
/// |---|---|
/// | `schemaVersion` | 2; 1 in files of version 0.1.0 |
/// | `software`, `version` | what made the file |
/// | `seed`, `parameters` | random numbers and settings of the decomposition |
/// | `recipe` | all that is needed to repeat the run: settings by group, what was stated of the file |
/// | `input` | `name` and `sha256` of the recording |
/// | `samplingRate` | Hz |
/// | `sampleCount` | samples per channel |
/// | `channels` | names of the EMG channels in order |
/// | `badChannels` | `name` and `reason` of channels that were not used |
/// | `artefacts` | `kind`, `startSeconds`, `endSeconds` and `channels` (names) of what was mended |
/// | `units` | one object per unit, see `Unit` |
/// | `residualPowerShare` | share of the power that the units do not explain, 0 to 1 |
/// | `notes` | warnings and remarks |
///
/// Members without a value are left out.
public struct DecompositionExport: Sendable, Equatable, Codable {
  /// A unit with its spike train.
  ///
  /// | member | content |
  /// |---|---|
  /// | `id` | the unit's name |
  /// | `samples` | 0-based whole samples of the discharges, ascending |
  /// | `timesSeconds` | the same discharges in seconds, with sub-sample resolution |
  /// | names of `UnitMeasure.all` | what is told of the unit, see there |
  /// | `tentative` | whether the unit is marked as tentative |
  ///
  /// The names that version 0.1.0 wrote are read as well, see `init(from:)`.
  public struct Unit: Sendable, Equatable, Codable {
    /// The unit's name.
    public var id: String
    /// 0-based whole samples, ascending.
    public var samples: [Int]
    /// Discharge times in seconds with sub-sample resolution; as many as samples.
    public var times: [Double]
    /// What is told of the unit: the members of `units.json` that `UnitMeasure.all` lists.
    public var measures: UnitMeasures
    /// Whether the unit is marked as tentative.
    public var isTentative: Bool?

    enum CodingKeys: String, CodingKey {
      case id, samples
      case times = "timesSeconds"
      case isTentative = "tentative"
    }

    /// A unit from its sub-sample positions.
    ///
    /// - `positions`: discharges in samples, 0-based, ascending.
    /// - `samplingRate`: samples per second, in Hz.
    public init(
      id: String, positions: [Double], samplingRate: Double, measures: UnitMeasures,
      isTentative: Bool? = nil
    ) {
      precondition(samplingRate > 0, "a sampling rate is positive")
      precondition(positions.allSatisfy(\.isFinite), "discharges have finite positions")
      self.id = id
      self.samples = positions.map { Int($0.rounded()) }
      self.times = positions.map { $0 / samplingRate }
      self.measures = measures
      self.isTentative = isTentative
    }
  }

  /// The version of the schema that is written; 1 had other names of the units' members.
  public static let currentSchema = 2
  /// Version of the schema of the file that was read, or is written.
  public var schemaVersion = DecompositionExport.currentSchema
  /// Name of the software.
  public var software: String
  /// Its version.
  public var version: String
  /// Seed of the random numbers.
  public var seed: UInt64?
  /// The configuration of the run.
  public var parameters: JSONValue
  /// Everything that decided the run besides the recording; nil in files of version 0.1.0.
  public var recipe: JSONValue?
  /// The recording; nil where it was not a file.
  public var input: InputFile?
  /// Samples per second, in Hz.
  public var samplingRate: Double
  /// Samples per channel.
  public var sampleCount: Int
  /// Names of the EMG channels in order.
  public var channels: [String]
  /// Channels that were not used.
  public var badChannels: [RunReport.BadChannel]
  /// What was mended before the search; nil in files of versions that did not look for it.
  public var artefacts: [RunReport.Artefact]?
  /// Units in their order of names.
  public var units: [Unit]
  /// Share of the power that the units do not explain, 0 to 1.
  public var residualPowerShare: Double?
  /// Epochs of the interference pattern of a needle; nil for arrays and without a calibration.
  public var interference: JSONValue?
  /// Warnings and remarks.
  public var notes: [String]

  /// A decomposition for export.
  public init(
    software: String = "MotorPool", version: String, seed: UInt64? = nil,
    parameters: JSONValue = .object([]), input: InputFile? = nil, samplingRate: Double,
    sampleCount: Int, channels: [String], badChannels: [RunReport.BadChannel] = [],
    artefacts: [RunReport.Artefact]? = nil, units: [Unit], residualPowerShare: Double? = nil,
    notes: [String] = []
  ) {
    precondition(samplingRate > 0, "a sampling rate is positive")
    self.software = software
    self.version = version
    self.seed = seed
    self.parameters = parameters
    self.input = input
    self.samplingRate = samplingRate
    self.sampleCount = sampleCount
    self.channels = channels
    self.badChannels = badChannels
    self.artefacts = artefacts
    self.units = units
    self.residualPowerShare = residualPowerShare
    self.notes = notes
  }
}
