import Decomposition
import Foundation
import MotorUnits
import Recordings
import Reports
import Signal

/// A decomposition made again from the settings that were stored with it.
///
/// ```swift
/// let again = try RepeatedRun(folder: "results", recording: "grid.wav")
/// print(again.isSame)
/// ```
public struct RepeatedRun: Sendable {
  /// A unit of the stored run and what became of it.
  public struct Unit: Sendable, Equatable, Encodable {
    /// Its name in the stored run.
    public let stored: String
    /// Its name now; nil where it was not found again.
    public let now: String?
    /// Rate of agreement of the two trains, 0 to 1.
    public let agreement: Double
    /// Whether all discharges are where they were, to the last digit.
    public let isSame: Bool
  }

  /// Version that made the stored run.
  public let storedVersion: String
  /// Hash of the recording, which is that of the stored run.
  public let inputHash: String
  /// The units of the stored run.
  public let units: [Unit]
  /// Names of units that only the new run has.
  public let onlyNow: [String]
  /// Whether both runs have the same units with the same discharges.
  public var isSame: Bool { onlyNow.isEmpty && units.allSatisfy(\.isSame) }
  /// The run as it is now, in the form that it is stored in.
  package let export: DecompositionExport

  /// Repeats the run of a result folder on its recording.
  ///
  /// - `folder`: what `motorpool decompose` wrote, or its `units.json`.
  /// - `path`: the recording; its hash must be the stored one.
  /// - Throws: `AnalysisError` where the folder holds no run that can be repeated, or the recording is
  ///   another one; `RecordingError`; what `progress` throws.
  public init(
    folder: String, recording path: String, parallelism: Parallelism = Parallelism(),
    progress: @escaping AnalysisProgressHandler = { _ in }
  ) throws {
    let (stored, file) = try Self.stored(folder)
    let recipe = try RunRecipe(json: stored.recipe, file: file)
    let recording = try recipe.reading.open(path)
    let hash = try recording.source.inputHash()
    guard stored.input?.sha256 == hash else {
      throw AnalysisError(
        path: path,
        "is not the recording that \(file) was made from (its hash starts \(hash.prefix(12)), "
          + "stored is \((stored.input?.sha256 ?? "none").prefix(12)))")
    }
    if let needle = recipe.needle {
      export = try NeedleAnalysis(
        recording, configuration: needle, parallelism: parallelism, counting: recipe.counts,
        progress: progress
      ).export()
    } else {
      export = try ArrayAnalysis(
        recording, configuration: recipe.array ?? ArrayConfiguration(), parallelism: parallelism,
        segmentation: recipe.segments ?? SegmentConfiguration(), counting: recipe.counts,
        progress: progress
      ).export()
    }
    storedVersion = stored.version
    inputHash = hash
    (units, onlyNow) = Self.compared(stored, export)
  }

  private static func stored(_ folder: String) throws -> (DecompositionExport, String) {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
    let file =
      isFolder.boolValue
      ? URL(fileURLWithPath: folder).appendingPathComponent("units.json").path : folder
    guard exists, let data = FileManager.default.contents(atPath: file) else {
      throw AnalysisError(.cannotOpen, path: file, "cannot be opened; expected a result folder")
    }
    do {
      return (try JSONDecoder().decode(DecompositionExport.self, from: data), file)
    } catch {
      throw AnalysisError(path: file, "is not the units.json of a decomposition")
    }
  }

  private static func compared(
    _ stored: DecompositionExport, _ now: DecompositionExport
  ) -> ([Unit], [String]) {
    let times = Dictionary(now.units.map { ($0.id, $0.times) }) { first, _ in first }
    if stored.units.map(\.id) == now.units.map(\.id),
      stored.units.allSatisfy({ times[$0.id] == $0.times })
    {
      return (stored.units.map { Unit(stored: $0.id, now: $0.id, agreement: 1, isSame: true) }, [])
    }
    func trains(_ run: DecompositionExport) -> [(name: String, times: [Double])] {
      run.units.map { unit in (unit.id, unit.times.map { $0 * run.samplingRate }) }
    }
    let score = DecompositionScore(
      found: trains(now), truth: trains(stored), samplingRate: now.samplingRate)
    let pairs = Dictionary(score.pairs.map { ($0.truth, $0) }) { first, _ in first }
    let units = stored.units.map { unit in
      let pair = pairs[unit.id]
      return Unit(
        stored: unit.id, now: pair?.found, agreement: pair?.agreement ?? 0,
        isSame: pair.map { times[$0.found] == unit.times } ?? false)
    }
    return (units, score.falseUnits + score.duplicates)
  }
}
