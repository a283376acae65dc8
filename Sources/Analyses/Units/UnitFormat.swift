import Recordings

/// A format in which units are given to another program.
///
/// To add one: a type that conforms, in a file of its own, and an entry of `UnitFormats.all`.
package protocol UnitFormat: Sendable {
  /// The word that chooses it.
  var name: String { get }
  /// What reads it, for help.
  var summary: String { get }
  /// Whether a file or a folder is written.
  var form: OutputPlace.Form { get }
  /// What it needs beyond the trains.
  var needs: UnitNeeds { get }

  /// Writes a file to this path, or into this folder, which is there and empty.
  ///
  /// - Throws: `RecordingError`, `AnalysisError` or `ReportsError`.
  func write(_ units: UnitCollection, to path: String) throws
}

/// What a format needs beyond the trains.
package enum UnitNeeds: Int, Comparable, Sendable {
  /// Nothing.
  case trains
  /// The recording.
  case recording
  /// The recording, and the sources and potentials made from it.
  case sources

  package static func < (first: UnitNeeds, second: UnitNeeds) -> Bool {
    first.rawValue < second.rawValue
  }
}

/// The formats that units are written in.
package enum UnitFormats {
  /// All of them, in the order of help.
  package static let all: [any UnitFormat] = [
    OpenHDEMGModuleFormat(), OpenHDEMGJSONFormat(), MUeditFormat(), DEMUSEFormat(),
    BIDSEventsFormat(), NWBUnitsFormat(), UnitTablesFormat(), EAFFormat(), WFDBAnnotationsFormat(),
  ]

  /// Names of those that are written into a folder.
  package static var folderNames: [String] {
    all.filter { $0.form == .folder }.map(\.name)
  }

  /// The format of a name; nil where there is none.
  package static func named(_ name: String) -> (any UnitFormat)? { all.first { $0.name == name } }
}
