import Analyses
import Progression
import Registry

/// All series of one patient, read in one consistent state.
public struct PatientTrends {
  /// The patient.
  public let subject: Subject
  /// One series for each measure, muscle and side, the leading measure first.
  public let series: [PatientSeries]
  /// CMAP scans of several visits, one course for each muscle and side.
  package let scanCourses: [ScanCourse]
  /// All therapies of the patient.
  public let therapies: [Intervention]
  /// The therapy that is compared; nil without one.
  public let therapy: Intervention?
  /// Deaths, withdrawals and the like.
  public let events: [ClinicalEvent]
  /// Which state of the registry was read.
  public let citation: DataCitation
  /// What the reader must know: a choice between therapies, open warnings of visits.
  public let warnings: [String]

  /// What to read and how to fit it.
  public struct Request {
    /// Identifiers of measures; empty for all that are stored.
    public var measures: [String] = []
    /// The only muscle; nil for all.
    public var muscle: String?
    /// The only side; nil for both.
    public var side: BodySide?
    /// Kind, name or first day of the therapy that is compared; nil for the first one after the first
    /// value.
    public var therapy: String?
    /// How each series is fitted.
    public var regression = SegmentedRegression()

    /// Makes a request; without arguments it is for all series of the patient.
    public init(
      measures: [String] = [], muscle: String? = nil, side: BodySide? = nil, therapy: String? = nil,
      regression: SegmentedRegression = SegmentedRegression()
    ) {
      self.measures = measures
      self.muscle = muscle
      self.side = side
      self.therapy = therapy
      self.regression = regression
    }
  }

  /// Reads and fits the series of a patient.
  ///
  /// ```swift
  /// let registry = try PatientRegistry.open(path: "registry.sqlite")
  /// let trends = try PatientTrends("P001", registry, request: .init(measures: ["munix"]))
  /// for series in trends.series { print(series.place, series.fit?.difference.percentInterval ?? []) }
  /// ```
  /// - Parameters:
  ///   - pseudonym: the patient.
  ///   - registry: where the values are stored.
  ///   - request: which series to read, which therapy to compare, how to fit.
  ///   - progress: told before each series; what it throws ends the work.
  /// - Throws: `RegistryError`; `FollowUpError` for an unknown measure or therapy and where there are no
  ///   values; what `progress` throws.
  public init(
    _ pseudonym: String, _ registry: PatientRegistry, request: Request,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    try progress(AnalysisProgress(0))
    subject = try registry.subject(pseudonym: pseudonym)
    let stored = try MeasuredKinds.stored(registry, subject: subject.id).map(\.kind)
    let kinds =
      request.measures.isEmpty
      ? stored : try request.measures.map { try MeasuredKinds.named($0, stored: stored) }
    let cohort =
      kinds.isEmpty
      ? nil
      : try registry.cohortSeries(
        MeasurementFilter(
          kinds: kinds, subject: subject.id, muscle: request.muscle, side: request.side))
    guard let cohort, !cohort.points.isEmpty else {
      let wanted = request.measures.isEmpty ? "" : " of \(request.measures.joined(separator: ", "))"
      throw FollowUpError(path: subject.pseudonym, "no values\(wanted) in the registry")
    }
    therapies = cohort.interventions
    events = cohort.events
    citation = cohort.citation
    let origin = cohort.points.map(\.day).min() ?? 0
    let choice = try TherapyChoice(
      cohort.interventions, named: request.therapy, firstDay: origin, subject: subject.pseudonym)
    let therapy = choice.therapy
    self.therapy = therapy
    warnings =
      choice.warnings
      + (try registry.openWarnings(subject: subject.id).map { WarningSummary($0).line })
    let pseudonym = subject.pseudonym
    series = try kinds.enumerated().flatMap { index, kind -> [PatientSeries] in
      let own = cohort.points.filter { $0.kind == kind }
      let groups = Dictionary(grouping: own) { Place(muscle: $0.muscle, side: $0.side) }
      return try groups.sorted {
        ($0.key.muscle ?? "", $0.key.side?.rawValue ?? "")
          < ($1.key.muscle ?? "", $1.key.side?.rawValue ?? "")
      }.map { place, points in
        try progress(
          AnalysisProgress(Double(index) / Double(kinds.count), detail: kind.displayName))
        return PatientSeries(
          subject: pseudonym, kind: kind, muscle: place.muscle, side: place.side, points: points,
          origin: origin, therapy: therapy, regression: request.regression)
      }
    }
    scanCourses = try series.compactMap { try ScanCourse($0, registry) }
  }
}
