/// The report of one patient: the trend of each measure before and after therapy.
public struct PatientReport: Sendable {
  /// A therapy of the patient.
  public struct Therapy: Sendable, Equatable {
    /// What it is.
    public var kind: String
    /// Date of its first dose, as text.
    public var start: String
    /// Date of its end; empty while it goes on.
    public var end: String
    /// Dose and remarks.
    public var detail: String

    /// A therapy.
    public init(kind: String, start: String, end: String = "", detail: String = "") {
      self.kind = kind
      self.start = start
      self.end = end
      self.detail = detail
    }
  }

  /// One measured value in the table of visits.
  public struct Measurement: Sendable, Equatable {
    /// Date of the visit, as text.
    public var date: String
    /// Months from the start of therapy, or from the first visit where there is none.
    public var months: Double
    /// Muscle and side.
    public var muscle: String
    /// The measure with its method.
    public var measure: String
    /// The value; nil where the visit has none.
    public var value: Double?
    /// Standard error in the same unit.
    public var standardError: Double?
    /// Unit of the value; empty for counts.
    public var unit: String
    /// Remarks: quality flags, missing reason.
    public var remark: String

    /// A measured value.
    public init(
      date: String, months: Double, muscle: String, measure: String, value: Double?,
      standardError: Double? = nil, unit: String = "", remark: String = ""
    ) {
      self.date = date
      self.months = months
      self.muscle = muscle
      self.measure = measure
      self.value = value
      self.standardError = standardError
      self.unit = unit
      self.remark = remark
    }
  }

  /// Pseudonym of the patient.
  public var pseudonym: String
  /// Facts about the patient, for the line below the title.
  public var context: [String]
  /// Therapies in order of their start.
  public var therapies: [Therapy]
  /// One figure per measure, the leading measure first.
  public var trends: [TrendFigure]
  /// Further figures, after the trends.
  public var figures: [any FigureContent]
  /// All measured values.
  public var measurements: [Measurement]
  /// How the slopes were fitted, one paragraph each.
  public var methods: [String]
  /// Limits of these data, in addition to those every report states.
  public var caveats: [String]
  /// What the reader must know before the results.
  public var warnings: [String]
  /// Where the results come from, with the hash of the data.
  public var provenance: Provenance

  /// The report of a patient.
  public init(
    pseudonym: String, context: [String] = [], therapies: [Therapy] = [], trends: [TrendFigure],
    figures: [any FigureContent] = [], measurements: [Measurement] = [], methods: [String] = [],
    caveats: [String] = [],
    warnings: [String] = [], provenance: Provenance
  ) {
    self.pseudonym = pseudonym
    self.context = context
    self.therapies = therapies
    self.trends = trends
    self.figures = figures
    self.measurements = measurements
    self.methods = methods
    self.caveats = caveats
    self.warnings = warnings
    self.provenance = provenance
  }

  /// The report as a self-contained HTML page.
  public func html() -> String { page().html() }
}
