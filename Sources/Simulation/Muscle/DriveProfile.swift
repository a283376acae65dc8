import Foundation

/// The target force over time that a simulated subject follows, as a share of maximal force.
///
/// Force levels are in percent of the maximal voluntary contraction (% MVC), times in seconds.
public struct DriveProfile: Codable, Sendable, Equatable {
  /// The shape of the target after the initial rest.
  public enum Shape: String, Codable, Sendable, CaseIterable {
    /// One level until the end.
    case constant
    /// Ramp up, plateau, ramp down, final rest.
    case trapezoid
    /// A linear rise that reaches the level at the end.
    case ramp
    /// A sine between zero depth and full depth around the level.
    case sine
    /// Equal stretches at the levels in `steps`.
    case steps
  }

  /// The shape of the target.
  public var shape = Shape.trapezoid
  /// Plateau, final or mean level in % MVC.
  public var levelPercentMVC = 30.0
  /// Rest before the contraction in seconds; at least 1 s lets the noise be measured.
  public var restSeconds = 1.5
  /// Duration of each ramp of the trapezoid in seconds.
  public var rampSeconds = 4.0
  /// Rest after the trapezoid in seconds.
  public var finalRestSeconds = 1.0
  /// Frequency of the sine in Hz.
  public var sineFrequencyHertz = 0.25
  /// Amplitude of the sine in % MVC.
  public var sineAmplitudePercentMVC = 10.0
  /// Levels of the steps in % MVC, each held for an equal time.
  public var steps: [Double] = [10, 20, 30]
  /// Seconds after which the whole profile starts anew, its rest included; nil for one contraction.
  ///
  /// Repeated ramps recruit and derecruit the same units over and over in a long recording.
  public var periodSeconds: Double?

  /// Makes a trapezoid at 30 % MVC.
  public init() {}

  /// Makes a profile of one shape and level.
  public init(_ shape: Shape, levelPercentMVC: Double) {
    self.shape = shape
    self.levelPercentMVC = levelPercentMVC
  }

  /// The target as a fraction of maximal force (0 to 1) at a time in seconds.
  public func level(at seconds: Double, duration: Double) -> Double {
    if let periodSeconds, periodSeconds < duration {
      var single = self
      single.periodSeconds = nil
      return single.level(
        at: seconds.truncatingRemainder(dividingBy: periodSeconds), duration: periodSeconds)
    }
    let time = seconds - restSeconds
    let span = duration - restSeconds
    guard time > 0, span > 0 else { return 0 }
    let level = levelPercentMVC / 100
    switch shape {
    case .constant:
      // A contraction cannot start instantly: the level is reached in 0.25 s.
      return level * min(1, time / 0.25)
    case .trapezoid:
      let end = span - finalRestSeconds
      let rise = rampSeconds > 0 ? time / rampSeconds : 1
      let fall = rampSeconds > 0 ? (end - time) / rampSeconds : (end > time ? 1 : 0)
      return level * max(0, min(1, min(rise, fall)))
    case .ramp:
      return level * time / span
    case .sine:
      let amplitude = sineAmplitudePercentMVC / 100
      let onset = min(1, time / 1)
      let phase = 2 * Double.pi * sineFrequencyHertz * time
      return max(0, onset * (level - amplitude * cos(phase)))
    case .steps:
      guard !steps.isEmpty else { return 0 }
      let index = min(steps.count - 1, Int(time / span * Double(steps.count)))
      return steps[index] / 100
    }
  }

  func validate() throws(SimulationError) {
    try SimulationError.require("drive.levelPercentMVC", levelPercentMVC, in: 0...100)
    try SimulationError.require("drive.restSeconds", restSeconds, in: 0...3600)
    try SimulationError.require("drive.rampSeconds", rampSeconds, in: 0...3600)
    try SimulationError.require("drive.finalRestSeconds", finalRestSeconds, in: 0...3600)
    try SimulationError.require("drive.sineFrequencyHertz", sineFrequencyHertz, in: 0...20)
    try SimulationError.require(
      "drive.sineAmplitudePercentMVC", sineAmplitudePercentMVC, in: 0...100)
    if let periodSeconds {
      try SimulationError.require("drive.periodSeconds", periodSeconds, in: 1...3600)
    }
    for step in steps { try SimulationError.require("drive.steps", step, in: 0...100) }
  }
}
