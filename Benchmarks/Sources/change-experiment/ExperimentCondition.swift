import Foundation
import Signal
import Simulation

/// What happened to a muscle between its first session and another one.
enum ExperimentCondition: String, Codable, CaseIterable {
  /// The first session, before any change.
  case reference
  /// The grid taken off and mounted again on the same day.
  case sameDay = "repeat"
  /// 30 % of the units died; survivors adopted half of their fibres.
  case loss30 = "loss-30"
  /// 50 % of the units died, likewise.
  case loss50 = "loss-50"
  /// 30 % of the units died, large ones first.
  case loss30Large = "loss-30-large"
  /// Noise 10 dB stronger.
  case noise = "noise+10dB"
  /// 5 mm more fat.
  case fat = "fat+5mm"
  /// 1.3 times the force.
  case force = "force-x1.3"

  /// The muscle after the change; the muscle's number fixes which units die.
  func changed(_ muscle: SimulatedMuscle, seed: UInt64) throws -> SimulatedMuscle {
    var muscle = muscle
    var loss = MotorUnitLossConfiguration()
    switch self {
    case .loss30: _ = try muscle.lose(fraction: 0.3, loss, seed: seed)
    case .loss50: _ = try muscle.lose(fraction: 0.5, loss, seed: seed)
    case .loss30Large:
      loss.preference = .largeFirst
      _ = try muscle.lose(fraction: 0.3, loss, seed: seed)
    case .fat: muscle.configuration.fatThickness += 5
    case .reference, .sameDay, .noise, .force: break
    }
    return muscle
  }

  /// The session's settings: the grid mounted anew and everything a little different.
  ///
  /// Shift 2 mm SD in either direction, rotation 2 degrees SD, fat 0.3 mm SD, noise 15 % SD and
  /// force 5 % SD (relative); the first session has none of these.
  func settings(
    from reference: ArraySimulationConfiguration, noiseMicrovolts: Double,
    muscle: inout SimulatedMuscle, using random: inout SeededGenerator
  ) -> ArraySimulationConfiguration {
    var settings = reference
    settings.seed = random.next()
    settings.electrodes = settings.electrodes.remounted(
      shiftSD: 2, rotationSD: 2, using: &random)
    muscle.configuration.fatThickness = max(
      0, muscle.configuration.fatThickness + 0.3 * random.normal())
    var noise = noiseMicrovolts * max(0.4, 1 + 0.15 * random.normal())
    var level = settings.drive.levelPercentMVC * max(0.7, 1 + 0.05 * random.normal())
    if self == .noise { noise *= pow(10, 0.5) }
    if self == .force { level *= 1.3 }
    settings.noise.amplitudeMicrovolts = noise
    settings.drive.levelPercentMVC = min(100, level)
    return settings
  }
}
