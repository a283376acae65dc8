/// What an import did or, as a preview, would do.
public struct ImportReport: Sendable, Equatable, Codable {
  /// Subjects that were new.
  public var newSubjects = 0
  /// Visits that were new.
  public var newVisits = 0
  /// Measurements that were new.
  public var newMeasurements = 0
  /// Clinical outcomes that were new (one per visit and instrument).
  public var newOutcomes = 0
  /// Interventions that were new.
  public var newInterventions = 0
  /// Events that were new.
  public var newEvents = 0
  /// Items that the registry held already, with the same content.
  public var unchanged = 0
  /// Errors and warnings in the order of the files.
  public var problems: [ImportProblem] = []
  /// Whether it was stored; false for a preview.
  public var isStored = false

  /// The problems that keep the import from being stored.
  public var errors: [ImportProblem] { problems.filter { $0.severity == .error } }
}
