import MotorUnits
import Recordings

/// Motor units of one muscle followed over three to ten recordings, with their survival.
///
/// ```swift
/// let units = try FollowedUnits([first, second, third])
/// for identity in units.identities.identities where identity.members.count == 3 {
///   print(identity.members.map(\.unit), identity.probability)
/// }
/// print(units.survival?.points.last?.survival ?? .nan)
/// ```
public struct FollowedUnits: Sendable {
  /// The units with one identity each over all recordings.
  public let identities: UnitIdentities
  /// Survival of the units; nil where no unit could have been seen again.
  public let survival: FollowedUnitSurvival?

  /// Follows the units.
  ///
  /// - Parameters:
  ///   - recordings: decomposed recordings of one muscle in the order of time, three to ten; potentials
  ///     in microvolts, electrode places in millimetres. Identities do not depend on the order,
  ///     survival does.
  ///   - matching: how potentials are compared.
  ///   - joining: how units are joined to identities.
  ///   - seed: of the draws behind the interval of survival.
  ///   - progress: receives how far the comparison has come; what it throws ends it.
  /// - Throws: `AnalysisError` for another number of recordings; what `progress` throws.
  public init(
    _ recordings: [TrackedRecording], matching: UnitMatching.Configuration = .init(),
    joining: UnitIdentities.Configuration = .init(), seed: UInt64 = 1,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    let range = UnitIdentities.visitRange
    guard range.contains(recordings.count) else {
      throw AnalysisError(
        "found \(recordings.count) recordings, expected \(range.lowerBound) to \(range.upperBound) "
          + "to follow units over", remedy: .chooseRecordings)
    }
    identities = try UnitIdentities(recordings, matching: matching, configuration: joining) {
      try progress(AnalysisProgress($0, detail: "comparing recordings"))
    }
    survival = FollowedUnitSurvival(identities, seed: seed)
  }
}
