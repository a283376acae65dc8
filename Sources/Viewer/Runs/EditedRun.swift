import Decomposition
import Foundation

/// A run with the entries of its edit log applied: the automatic result is never changed, and the
/// same entries give the same state, bit by bit.
public struct EditedRun: Sendable, Equatable {
  /// A unit as edited.
  public struct Unit: Codable, Sendable, Equatable {
    /// Its number.
    public var id: Int
    /// Discharges in samples of the recording, ascending.
    public var times: [Double]
    /// Discharges that its filter is made from.
    public var basis: [Double]
    /// Units of the run whose potentials are its own.
    public var components: [Int]
    /// Whether it is there; deleted units can be restored.
    public var isPresent = true
    /// Whether it is marked as doubtful.
    public var isFlagged = false
    /// Whether its discharges are locked.
    public var isLocked = false
  }

  /// The units, by number.
  public private(set) var units: [Int: Unit]
  /// Artefacts in samples, `[from, to]`.
  public private(set) var artefacts: [[Double]] = []
  /// Number of the last entry.
  public private(set) var seq = 0
  /// Entries that undo takes back next, the last first in line.
  public private(set) var undoable: [Int] = []
  /// Undos that redo takes back next.
  public private(set) var redoable: [Int] = []

  /// The automatic result.
  public init(_ run: StoredRun) {
    units = Dictionary(
      uniqueKeysWithValues: run.units.enumerated().map { index, unit in
        (
          unit.id,
          Unit(
            id: unit.id, times: unit.times, basis: unit.times, components: [index],
            isFlagged: unit.isFlagged ?? false)
        )
      })
  }

  /// The automatic result with a log's entries applied.
  ///
  /// - Throws: `ViewerError` where an entry does not fit what came before.
  public init(_ run: StoredRun, entries: [EditEntry]) throws {
    self.init(run)
    for entry in entries { try apply(entry) }
  }

  /// Units that are there, by number.
  public var present: [Unit] { units.values.filter(\.isPresent).sorted { $0.id < $1.id } }

  /// A number that no unit has.
  var freeNumber: Int { (units.keys.max() ?? -1) + 1 }

  /// Applies the next entry.
  ///
  /// - Throws: `ViewerError` where it does not fit; the state is then as before.
  public mutating func apply(_ entry: EditEntry) throws {
    guard entry.seq == seq + 1 else {
      throw ViewerError.conflict("edit \(entry.seq) does not follow edit \(seq)")
    }
    var next = self
    for change in entry.changes { try next.apply(change) }
    for artefact in entry.artefactsRemoved {
      guard let index = next.artefacts.firstIndex(of: artefact) else {
        throw ViewerError.conflict("edit \(entry.seq) takes back an artefact that is not there")
      }
      next.artefacts.remove(at: index)
    }
    next.artefacts = (next.artefacts + entry.artefactsAdded).sorted { $0[0] < $1[0] }
    next.seq = entry.seq
    switch (entry.kind, entry.reverses) {
    case ("undo", let reversed?):
      guard next.undoable.last == reversed else {
        throw ViewerError.conflict("edit \(entry.seq) undoes edit \(reversed), not the last one")
      }
      next.undoable.removeLast()
      next.redoable.append(entry.seq)
    case ("redo", let reversed?):
      guard next.redoable.last == reversed else {
        throw ViewerError.conflict("edit \(entry.seq) redoes edit \(reversed), not the last undone")
      }
      next.redoable.removeLast()
      next.undoable.append(entry.seq)
    default:
      next.undoable.append(entry.seq)
      next.redoable = []
    }
    self = next
  }

  private mutating func apply(_ change: UnitChange) throws {
    var unit =
      units[change.unit]
      ?? Unit(id: change.unit, times: [], basis: [], components: [], isPresent: false)
    if !change.removed.isEmpty {
      let gone = Set(change.removed)
      let kept = unit.times.filter { !gone.contains($0) }
      guard kept.count == unit.times.count - gone.count else {
        throw ViewerError.conflict("unit \(change.unit) lacks a discharge that an edit removes")
      }
      unit.times = kept
    }
    if !change.added.isEmpty {
      guard Set(unit.times).isDisjoint(with: change.added) else {
        throw ViewerError.conflict("unit \(change.unit) has a discharge that an edit adds")
      }
      unit.times = (unit.times + change.added).sorted()
    }
    if let value = change.isPresent { unit.isPresent = value.to }
    if let value = change.isFlagged { unit.isFlagged = value.to }
    if let value = change.isLocked { unit.isLocked = value.to }
    if let value = change.basis { unit.basis = value.to }
    if let value = change.components { unit.components = value.to }
    units[change.unit] = unit
  }
}
