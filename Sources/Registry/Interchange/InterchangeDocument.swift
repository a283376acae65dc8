/// Where an item of a document stands in the file it was read from.
public struct SourcePlace: Sendable, Equatable {
  /// File within the import, nil where there is only one.
  public var file: String?
  /// Line of the file, 1-based.
  public var line: Int?

  /// A place; unknown by default.
  public init(file: String? = nil, line: Int? = nil) {
    self.file = file
    self.line = line
  }

  func problem(
    _ message: String, column: String? = nil, severity: ImportProblem.Severity = .error
  ) -> ImportProblem {
    ImportProblem(file: file, line: line, column: column, severity: severity, message: message)
  }
}

/// Subjects, visits, values, interventions and events on their way into or out of a registry.
///
/// All formats are read into and written from this; recordings, runs and units stay in the registry.
public struct InterchangeDocument: Sendable, Equatable {
  /// A subject.
  public struct SubjectItem: Sendable, Equatable {
    /// Pseudonym.
    public var pseudonym: String
    /// Name of the study.
    public var study: String?
    /// Name of the site.
    public var site: String?
    /// Treatment arm.
    public var arm: String?
    /// First day of symptoms.
    public var onsetDate: CivilDate?
    /// Where symptoms began.
    public var onsetSite: String?
    /// Further covariates.
    public var attributes: [String: String] = [:]
    /// Where it was read.
    public var place = SourcePlace()
  }

  /// A visit.
  public struct VisitItem: Sendable, Equatable {
    /// Pseudonym of the subject.
    public var subject: String
    /// The actual day.
    public var date: CivilDate?
    /// Name in the protocol.
    public var nominal: String?
    /// What became of it.
    public var status: Visit.Status = .done
    /// Why it is missing.
    public var missingReason: String?
    /// Where it was read.
    public var place = SourcePlace()
  }

  /// A measured value or a clinical outcome of a visit.
  public struct ValueItem: Sendable, Equatable {
    /// Pseudonym of the subject.
    public var subject: String
    /// The day of the visit.
    public var date: CivilDate
    /// What was measured.
    public var kind: MeasurementKind
    /// The value.
    public var value: Double
    /// Its unit.
    public var unit: String
    /// Its standard error.
    public var standardError: Double?
    /// Set where it is only a limit.
    public var censoring: Measurement.Censoring?
    /// Verdict of quality control.
    public var quality: Measurement.Quality = .pass
    /// Number of the repetition.
    public var replicate = 1
    /// Muscle.
    public var muscle: String?
    /// Side.
    public var side: BodySide?
    /// Conditions.
    public var conditions: [String: String] = [:]
    /// Where it was read.
    public var place = SourcePlace()
  }

  /// A therapy or other intervention.
  public struct InterventionItem: Sendable, Equatable {
    /// Pseudonym of the subject.
    public var subject: String
    /// What kind of intervention.
    public var kind: String
    /// Product or protocol.
    public var name: String?
    /// First dose.
    public var startDate: CivilDate
    /// Last dose.
    public var stopDate: CivilDate?
    /// Amount of one dose.
    public var dose: Double?
    /// Unit of the dose.
    public var doseUnit: String?
    /// Muscle that it was given into.
    public var muscle: String?
    /// Side that it was given on.
    public var side: BodySide?
    /// Where it was read.
    public var place = SourcePlace()
  }

  /// A clinical event.
  public struct EventItem: Sendable, Equatable {
    /// Pseudonym of the subject.
    public var subject: String
    /// What happened.
    public var kind: ClinicalEvent.Kind
    /// The day.
    public var date: CivilDate
    /// More about it.
    public var detail: String?
    /// Where it was read.
    public var place = SourcePlace()
  }

  /// Subjects.
  public var subjects: [SubjectItem] = []
  /// Visits.
  public var visits: [VisitItem] = []
  /// Values.
  public var values: [ValueItem] = []
  /// Interventions.
  public var interventions: [InterventionItem] = []
  /// Events.
  public var events: [EventItem] = []

  /// An empty document.
  public init() {}

  /// Puts everything in the order of subject, day and name, which is that of every export.
  mutating func sort() {
    func key(_ date: CivilDate?) -> Int { date?.dayNumber ?? .max }
    subjects.sort { $0.pseudonym < $1.pseudonym }
    visits.sort {
      ($0.subject, key($0.date), $0.nominal ?? "") < ($1.subject, key($1.date), $1.nominal ?? "")
    }
    values.sort {
      let left = ($0.subject, $0.date, $0.kind.id, $0.muscle ?? "", $0.side?.rawValue ?? "")
      let right = ($1.subject, $1.date, $1.kind.id, $1.muscle ?? "", $1.side?.rawValue ?? "")
      return left == right ? $0.replicate < $1.replicate : left < right
    }
    interventions.sort {
      ($0.subject, $0.startDate, $0.kind, $0.side?.rawValue ?? "")
        < ($1.subject, $1.startDate, $1.kind, $1.side?.rawValue ?? "")
    }
    events.sort {
      ($0.subject, $0.date, $0.kind.rawValue) < ($1.subject, $1.date, $1.kind.rawValue)
    }
  }
}
