import Decomposition
import Foundation
import MotorUnits
import Reports
import Signal

/// Everything that decided a decomposition besides the recording: enough to repeat it.
///
/// It is written into `units.json` as the member `recipe`.
public struct RunRecipe: Sendable, Equatable {
  /// What the user stated of the recording.
  public var reading: RecordingReading
  /// Settings of an array decomposition; nil where the recording was taken for a needle's.
  public var array: ArrayConfiguration?
  /// How a long array recording was cut.
  public var segments: SegmentConfiguration?
  /// Settings of a needle decomposition.
  public var needle: NeedleConfiguration?
  /// How active units were counted.
  public var counts = CountSettings()

  /// The recipe of an array decomposition.
  public init(
    reading: RecordingReading, array: ArrayConfiguration, segments: SegmentConfiguration,
    counts: CountSettings = CountSettings()
  ) {
    self.reading = reading
    self.array = array
    self.segments = segments
    self.counts = counts
  }

  /// The recipe of a needle decomposition.
  public init(
    reading: RecordingReading, needle: NeedleConfiguration, counts: CountSettings = CountSettings()
  ) {
    self.reading = reading
    self.needle = needle
    self.counts = counts
  }

  /// The recipe as JSON, settings by group as `motorpool config` names them.
  ///
  /// - Throws: `EncodingError` for a setting that is not a number.
  package func json() throws -> JSONValue {
    var members: [(String, JSONValue)] = [("reading", try JSONValue(encoding: reading))]
    if let array { members.append(("array", try JSONValue(encoding: array))) }
    if let segments { members.append(("segments", try JSONValue(encoding: segments))) }
    if let needle { members.append(("needle", try JSONValue(encoding: needle))) }
    members.append(("counts", try JSONValue(encoding: counts)))
    return .object(members.map { JSONValue.Member($0.0, $0.1) })
  }

  /// The recipe that a file holds.
  ///
  /// Settings that the file does not know, because an earlier version wrote it, have their default.
  ///
  /// - Throws: `AnalysisError` naming the file, where it holds none.
  package init(json: JSONValue?, file: String) throws {
    guard let json,
      let groups = try? JSONSerialization.jsonObject(with: Data(json.text().utf8))
        as? [String: [String: Any]]
    else {
      throw AnalysisError(
        path: file,
        "says nothing of how the run was made (it was written by version 0.1.0 or another program)")
    }
    func settings<Group: Codable>(_ name: String, _ standard: Group) throws -> Group? {
      guard let stored = groups[name] else { return nil }
      do {
        let known =
          try JSONSerialization.jsonObject(with: JSONEncoder().encode(standard))
          as? [String: Any] ?? [:]
        return try JSONDecoder().decode(
          Group.self, from: JSONSerialization.data(withJSONObject: known.merging(stored) { $1 }))
      } catch {
        throw AnalysisError(path: file, "the stored settings of \(name) cannot be read")
      }
    }
    reading = try settings("reading", RecordingReading()) ?? RecordingReading()
    array = try settings("array", ArrayConfiguration())
    segments = try settings("segments", SegmentConfiguration())
    needle = try settings("needle", NeedleConfiguration())
    counts = try settings("counts", CountSettings()) ?? CountSettings()
    guard array != nil || needle != nil else {
      throw AnalysisError(path: file, "holds no settings of a decomposition")
    }
  }
}
