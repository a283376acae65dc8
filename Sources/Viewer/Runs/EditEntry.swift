import Crypto
import Foundation

/// What one entry of an edit log does to one unit; every change can be turned round.
public struct UnitChange: Codable, Sendable, Equatable {
  /// A value before and after.
  public struct Change<Value: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
    /// Before the entry.
    public var from: Value
    /// After it.
    public var to: Value
    /// The other way round.
    var reversed: Change { Change(from: to, to: from) }
  }

  /// Number of the unit.
  public var unit: Int
  /// Discharges that come in, in samples of the recording.
  public var added: [Double] = []
  /// Discharges that go out.
  public var removed: [Double] = []
  /// Whether the unit is there.
  public var isPresent: Change<Bool>?
  /// Whether it is marked as doubtful.
  public var isFlagged: Change<Bool>?
  /// Whether its discharges are locked.
  public var isLocked: Change<Bool>?
  /// Discharges that its filter is made from.
  public var basis: Change<[Double]>?
  /// Units of the run whose potentials are its own.
  public var components: Change<[Int]>?

  /// A change of nothing yet.
  public init(unit: Int, added: [Double] = [], removed: [Double] = []) {
    self.unit = unit
    self.added = added
    self.removed = removed
  }

  /// The change that takes this one back.
  var reversed: UnitChange {
    var result = UnitChange(unit: unit, added: removed, removed: added)
    result.isPresent = isPresent?.reversed
    result.isFlagged = isFlagged?.reversed
    result.isLocked = isLocked?.reversed
    result.basis = basis?.reversed
    result.components = components?.reversed
    return result
  }
}

/// One entry of the append-only log of edits of a run.
public struct EditEntry: Codable, Sendable, Equatable {
  /// Number of the entry, from 1.
  public var seq: Int
  /// When, in ISO 8601.
  public var at: String
  /// Who.
  public var author: String
  /// The command, such as `add`, or `undo`.
  public var kind: String
  /// What it does to units.
  public var changes: [UnitChange]
  /// Stretches in samples that become or cease to be artefacts.
  public var artefactsAdded: [[Double]] = []
  /// Artefacts taken back.
  public var artefactsRemoved: [[Double]] = []
  /// The entry that an undo or redo takes back.
  public var reverses: Int?
  /// Limits that the edit was made with.
  public var parameters: [String: Double] = [:]
  /// Version of the software.
  public var software: String
  /// SHA-256 of the entry before, of the run for the first.
  public var previous: String
}

extension EditEntry {
  /// The entry as one line of the log; the same entry gives the same bytes.
  func line() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// SHA-256 of bytes in hexadecimal.
  static func hash(_ bytes: some DataProtocol) -> String {
    let digits = Array("0123456789abcdef")
    return String(
      SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
