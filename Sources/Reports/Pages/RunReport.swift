/// The report of one decomposed recording.
public struct RunReport: Sendable {
  /// An accepted unit with its figures of quality.
  public struct Unit: Sendable, Equatable {
    /// The unit's name, as in the exports.
    public var id: String
    /// Discharge times in seconds, ascending.
    public var times: [Double]
    /// What is told of the unit; what no unit has a value for stays out of the tables.
    public var measures: UnitMeasures
    /// Whether the unit is marked as tentative.
    public var isTentative: Bool

    /// A unit.
    public init(id: String, times: [Double], measures: UnitMeasures, isTentative: Bool = false) {
      self.id = id
      self.times = times
      self.measures = measures
      self.isTentative = isTentative
    }
  }

  /// A channel that was not used.
  public struct BadChannel: Sendable, Equatable, Codable {
    /// The channel's name or number.
    public var name: String
    /// Why it was left out.
    public var reason: String

    /// A channel that was not used.
    public init(name: String, reason: String) {
      self.name = name
      self.reason = reason
    }
  }

  /// Something that is no muscle activity and was mended.
  public struct Artefact: Sendable, Equatable, Codable {
    /// What it is, in words.
    public var kind: String
    /// Its start in seconds.
    public var startSeconds: Double
    /// Its end in seconds.
    public var endSeconds: Double
    /// Names of its channels.
    public var channels: [String]

    /// An artefact from its parts.
    public init(kind: String, startSeconds: Double, endSeconds: Double, channels: [String]) {
      self.kind = kind
      self.startSeconds = startSeconds
      self.endSeconds = endSeconds
      self.channels = channels
    }
  }

  /// Name of the recording, usually its file name.
  public var recordingName: String
  /// Facts about subject, muscle and date, for the line below the title.
  public var context: [String]
  /// Length of the recording in seconds.
  public var duration: Double
  /// Samples per second, in Hz.
  public var samplingRate: Double
  /// Number of EMG channels.
  public var channelCount: Int
  /// Channels that were not used.
  public var badChannels: [BadChannel]
  /// What was mended before the search, by its start.
  public var artefacts: [Artefact]
  /// Accepted units.
  public var units: [Unit]
  /// Share of the signal power that the units do not explain, 0 to 1.
  public var residualPowerShare: Double?
  /// Force or another trace over the recording.
  public var trace: SampledTrace?
  /// Identified active units over time.
  public var counts: ActiveUnitCountFigure?
  /// Headline values after those that every report shows, for example the effective number.
  public var additionalKeyFigures: [KeyFigure]
  /// Further figures: templates, signal with firings, intervals, rates.
  public var figures: [any FigureContent]
  /// Further tables, for example of motor-unit potential measures.
  public var tables: [ReportTable]
  /// What the reader must know before the results.
  public var warnings: [String]
  /// Where the results come from.
  public var provenance: Provenance

  /// The report of a recording.
  public init(
    recordingName: String, context: [String] = [], duration: Double, samplingRate: Double,
    channelCount: Int, badChannels: [BadChannel] = [], artefacts: [Artefact] = [],
    units: [Unit],
    residualPowerShare: Double? = nil, trace: SampledTrace? = nil,
    counts: ActiveUnitCountFigure? = nil,
    additionalKeyFigures: [KeyFigure] = [], figures: [any FigureContent] = [],
    tables: [ReportTable] = [], warnings: [String] = [], provenance: Provenance
  ) {
    self.recordingName = recordingName
    self.context = context
    self.duration = duration
    self.samplingRate = samplingRate
    self.channelCount = channelCount
    self.badChannels = badChannels
    self.artefacts = artefacts
    self.units = units
    self.residualPowerShare = residualPowerShare
    self.trace = trace
    self.counts = counts
    self.additionalKeyFigures = additionalKeyFigures
    self.figures = figures
    self.tables = tables
    self.warnings = warnings
    self.provenance = provenance
  }

  /// The report as a self-contained HTML page.
  public func html() -> String { page().html() }
}
