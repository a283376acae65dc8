import Foundation

/// What a page asks for; times are in samples of the recording, heights on the unit's source.
public struct EditCommand: Codable, Sendable, Equatable {
  /// What is to be done.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Peaks of the source in the box become discharges.
    case add
    /// Discharges whose source lies in the box go.
    case delete
    /// Discharges whose rate to the one before lies between `low` and `high` Hz go.
    case deleteRate
    /// Discharges that make the rate an outlier go.
    case rateOutliers
    /// A proposal is taken: `added`, `removed` and, for a new filter, `basis`.
    case accept
    /// One discharge moves by some samples.
    case move
    /// The unit is marked as doubtful, or no longer.
    case flag
    /// The unit's discharges are locked, or no longer.
    case lock
    /// A stretch of 25 ms is marked as artefact, or no longer.
    case artefact
    /// The unit is deleted.
    case remove
    /// A deleted unit comes back.
    case restore
    /// Another unit's discharges join this one, which is deleted.
    case merge
    /// The discharges in the box become a unit of their own.
    case split
    /// A window of a needle recording is explained anew by the discharges of all units.
    case resolve
    /// The last edit is taken back.
    case undo
    /// What was undone last is done again.
    case redo
  }

  /// What is to be done.
  public var kind: Kind
  /// The unit; undo, redo and resolve need none.
  public var unit: Int?
  /// Box: first sample.
  public var start: Double?
  /// Box: last sample.
  public var end: Double?
  /// Box: lowest height or rate.
  public var low: Double?
  /// Box: greatest height or rate.
  public var high: Double?
  /// A discharge or the place of an artefact.
  public var time: Double?
  /// Samples that the discharge moves by.
  public var by: Double?
  /// The unit that joins.
  public var other: Int?
  /// Discharges that a proposal adds.
  public var added: [Double]?
  /// Discharges that a proposal removes.
  public var removed: [Double]?
  /// Discharges that a proposal's filter was made from.
  public var basis: [Double]?

  /// A command.
  public init(kind: Kind, unit: Int? = nil) {
    self.kind = kind
    self.unit = unit
  }
}
