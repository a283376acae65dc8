/// One measured value with its day: a point of a trend.
public struct MeasurementPoint: Sendable, Equatable {
  /// Number of the measurement, or of the outcome that it is taken from.
  public var id: RecordID
  /// The subject.
  public var subject: RecordID
  /// The visit.
  public var visit: RecordID
  /// The day of the visit, in days since 1970-01-01.
  public var day: Int
  /// What was measured.
  public var kind: MeasurementKind
  /// The value, in the kind's unit.
  public var value: Double
  /// Standard error of the value, if known.
  public var standardError: Double?
  /// Set where the value is only a limit.
  public var censoring: Measurement.Censoring?
  /// Verdict of quality control.
  public var quality: Measurement.Quality
  /// Number of the repetition at the same visit, from 1.
  public var replicate: Int
  /// Muscle, if it concerns one.
  public var muscle: String?
  /// Side of the body, if it concerns one.
  public var side: BodySide?
  /// Conditions of the measurement.
  public var conditions: [String: String]
  /// The run that gave the value, if any.
  public var run: RecordID?

  /// The day of the visit as a date.
  public var date: CivilDate { CivilDate(dayNumber: day) }
}

/// Which points a series holds; an absent condition admits everything.
public struct MeasurementFilter: Sendable, Equatable {
  /// Kinds; none means every kind of measurement, without clinical outcomes.
  public var kinds: [MeasurementKind]
  /// One subject only.
  public var subject: RecordID?
  /// One muscle only; abbreviations are understood.
  public var muscle: String?
  /// One side only.
  public var side: BodySide?
  /// Whether values of earlier runs of the same method over the same recording are kept too.
  public var includesEarlierRuns: Bool

  /// A filter with the given conditions.
  public init(
    kinds: [MeasurementKind] = [], subject: RecordID? = nil, muscle: String? = nil,
    side: BodySide? = nil, includesEarlierRuns: Bool = false
  ) {
    self.kinds = kinds
    self.subject = subject
    self.muscle = muscle.map(MuscleName.canonical)
    self.side = side
    self.includesEarlierRuns = includesEarlierRuns
  }
}

/// Everything a comparison over subjects needs, read in one consistent state.
public struct CohortSeries: Sendable, Equatable {
  /// The subjects in the order of their numbers, those without points included.
  public var subjects: [Subject]
  /// Points in the order of subject, day and number.
  public var points: [MeasurementPoint]
  /// Interventions in the order of subject and start.
  public var interventions: [Intervention]
  /// Events in the order of subject and day.
  public var events: [ClinicalEvent]
  /// What a report cites for these data.
  public var citation: DataCitation
}
