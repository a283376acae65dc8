import Foundation

/// The entities in the name of a BIDS file, in their order: `sub-01_ses-02_task-hold_emg.edf`.
///
/// Source: Brain Imaging Data Structure 1.11, file names.
public struct BIDSEntities: Sendable, Hashable, Codable {
  /// An entity: key and label.
  public struct Entity: Sendable, Hashable, Codable {
    /// Short name, such as `sub`.
    public var key: String
    /// Its label, such as `01`.
    public var label: String
  }

  /// The entities in the order of the name.
  public var entities: [Entity]
  /// What the file holds: `emg`.
  public var suffix: String

  /// Reads a file name; nil where it is not made of entities and a suffix, or names no subject.
  public init?(fileName: String) {
    guard let dot = fileName.firstIndex(of: ".") else { return nil }
    var parts = fileName[..<dot].split(separator: "_", omittingEmptySubsequences: false)
    guard let last = parts.popLast(), !last.isEmpty, !last.contains("-") else { return nil }
    var found: [Entity] = []
    for part in parts {
      let pair = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty,
        part.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "+") })
      else { return nil }
      found.append(Entity(key: String(pair[0]), label: String(pair[1])))
    }
    guard found.first?.key == "sub" else { return nil }
    entities = found
    suffix = String(last)
  }

  /// The label of an entity, nil where the name has none.
  public func label(_ key: String) -> String? { entities.first { $0.key == key }?.label }

  /// The entities as they stand in the name, without suffix: `sub-01_task-hold`.
  public var stem: String { entities.map { "\($0.key)-\($0.label)" }.joined(separator: "_") }
}
