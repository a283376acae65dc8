/// The report of a cohort: the four pictures of its slopes before and after therapy.
public struct CohortReport: Sendable {
  /// Name of the study or of the selection.
  public var title: String
  /// Facts about the cohort, for the line below the title.
  public var context: [String]
  /// The measure that was compared.
  public var measure: String
  /// Headline values; the cohort's difference first.
  public var keyFigures: [KeyFigure]
  /// Courses of all patients.
  public var courses: CohortSpaghettiFigure?
  /// Means at the visits.
  public var visitMeans: VisitMeansFigure?
  /// Panels of single patients.
  public var patients: TrendFigure?
  /// Slowing by patient.
  public var forest: ForestFigure?
  /// Change of slope by patient.
  public var waterfall: WaterfallFigure?
  /// Further figures of the patients, after those above.
  public var figures: [any FigureContent]
  /// Function and survival, where deaths are known.
  public var survival: ReportSection?
  /// Endpoints named beforehand.
  public var endpoints: ReportSection?
  /// The effect in subgroups of the patients.
  public var subgroups: ReportSection?
  /// Randomised arms visit by visit.
  public var randomised: ReportSection?
  /// What patients who left would have shown.
  public var imputation: ReportSection?
  /// What each analysis estimates.
  public var estimands: ReportSection?
  /// What became of the patients.
  public var flow: ReportTable?
  /// Residuals and influence of the model.
  public var check: ReportSection?
  /// Tables: fixed effects, variances, patients, sensitivity.
  public var tables: [ReportTable]
  /// Patients who died.
  public var deathCount: Int
  /// Patients who withdrew.
  public var withdrawalCount: Int
  /// Patients who stopped before the planned end without a recorded reason.
  public var unexplainedCount: Int
  /// Whether deaths and withdrawals are known at all.
  public var knowsEndings: Bool
  /// Whether the measure is a count of identified units.
  public var isIdentifiedCount: Bool
  /// Whether patients were compared with a concurrent control arm.
  public var hasControlArm: Bool
  /// The model and how it was fitted, one paragraph each.
  public var methods: [String]
  /// Limits of these data, in addition to those every report states.
  public var caveats: [String]
  /// What the reader must know before the results.
  public var warnings: [String]
  /// Where the results come from, with the hash of the data.
  public var provenance: Provenance

  /// The report of a cohort.
  public init(
    title: String, context: [String] = [], measure: String, keyFigures: [KeyFigure] = [],
    courses: CohortSpaghettiFigure? = nil, visitMeans: VisitMeansFigure? = nil,
    patients: TrendFigure? = nil,
    forest: ForestFigure? = nil, waterfall: WaterfallFigure? = nil,
    figures: [any FigureContent] = [], survival: ReportSection? = nil,
    endpoints: ReportSection? = nil, subgroups: ReportSection? = nil,
    randomised: ReportSection? = nil, imputation: ReportSection? = nil,
    tables: [ReportTable] = [], estimands: ReportSection? = nil,
    flow: ReportTable? = nil, check: ReportSection? = nil,
    deathCount: Int = 0, withdrawalCount: Int = 0, unexplainedCount: Int = 0,
    knowsEndings: Bool = true, isIdentifiedCount: Bool = false,
    hasControlArm: Bool = false, methods: [String] = [], caveats: [String] = [],
    warnings: [String] = [], provenance: Provenance
  ) {
    self.title = title
    self.context = context
    self.measure = measure
    self.keyFigures = keyFigures
    self.courses = courses
    self.visitMeans = visitMeans
    self.patients = patients
    self.forest = forest
    self.waterfall = waterfall
    self.figures = figures
    self.survival = survival
    self.endpoints = endpoints
    self.subgroups = subgroups
    self.randomised = randomised
    self.imputation = imputation
    self.estimands = estimands
    self.flow = flow
    self.check = check
    self.tables = tables
    self.deathCount = deathCount
    self.withdrawalCount = withdrawalCount
    self.unexplainedCount = unexplainedCount
    self.knowsEndings = knowsEndings
    self.isIdentifiedCount = isIdentifiedCount
    self.hasControlArm = hasControlArm
    self.methods = methods
    self.caveats = caveats
    self.warnings = warnings
    self.provenance = provenance
  }

  /// The report as a self-contained HTML page.
  public func html() -> String { page().html() }

  /// The report as a page, for further sections before it is written.
  public func page() -> ReportPage {
    ReportPage(
      kind: "Cohort report", title: title, subtitle: ([measure] + context).joined(separator: " · "),
      keyFigures: keyFigures, warnings: warnings, sections: sections, provenance: provenance)
  }

  private var sections: [ReportSection] {
    var cohort = ReportSection(id: "cohort", title: "Cohort")
    if isIdentifiedCount { cohort.paragraphs.append(ReportWording.identifiedCounts) }
    cohort.paragraphs.append(accounting)
    if let courses { cohort.figures.append(courses.figure(id: "courses")) }
    if let visitMeans { cohort.figures.append(visitMeans.figure(id: "visit-means")) }
    if let flow { cohort.tables.append(flow) }
    var result = [cohort]
    result += [endpoints, randomised, subgroups, imputation, survival].compactMap { $0 }
    var single = ReportSection(id: "patients", title: "Patients")
    if let forest { single.figures.append(forest.figure(id: "forest")) }
    if let waterfall { single.figures.append(waterfall.figure(id: "waterfall")) }
    if let patients { single.figures.append(patients.figure(id: "panels")) }
    single.figures += figures.enumerated().map {
      $0.element.figure(id: "cohort-figure-\($0.offset)")
    }
    if !single.figures.isEmpty { result.append(single) }
    if !tables.isEmpty {
      result.append(ReportSection(id: "tables", title: "Tables", tables: tables))
    }
    if let check { result.append(check) }
    if let estimands { result.append(estimands) }
    let limits =
      hasControlArm ? Array(ReportWording.association.dropFirst()) : ReportWording.association
    result.append(
      ReportSection(
        id: "method", title: "Method and limits", paragraphs: methods + caveats + limits,
        isBoxed: true))
    return result
  }

  private var accounting: String {
    let patientCount =
      courses.map { Set($0.patients.map(\.pseudonym)).count } ?? forest?.rows.count ?? waterfall?
      .bars.count ?? 0
    if !knowsEndings {
      return "\(counted(patientCount, "patient")). Deaths and withdrawals are not known here."
    }
    let endings =
      deathCount + withdrawalCount == 0
      ? "No death or withdrawal is recorded."
      : "\(counted(deathCount, "death")) and \(counted(withdrawalCount, "withdrawal")) are "
        + "recorded; their values up to that day are part of the fit."
    let others =
      unexplainedCount == 0
      ? ""
      : " \(counted(unexplainedCount, "patient")) stopped before the planned end without a "
        + "recorded reason."
    return "\(counted(patientCount, "patient")). \(endings)\(others)"
  }
}
