import Foundation
import Signal
import Simulation

/// The simulators of the experiment; they share no assumption on the spread of unit sizes.
enum ExperimentSimulator: String, Codable, CaseIterable {
  /// Tripoles in a conductor; sizes exponential in recruitment order (Fuglevand et al. 1993).
  case a = "A"
  /// Travelling waves; lognormal sizes or two populations, loosely ordered by recruitment, with
  /// other depths, widths and drives.
  case b = "B"
}

/// One muscle of the experiment with the settings of its first session.
struct ExperimentMuscle {
  let simulator: ExperimentSimulator
  let number: Int
  let seed: UInt64
  let settings: ArraySimulationConfiguration
  let muscle: SimulatedMuscle

  /// Draws a muscle by its number; the same seed gives the same muscle.
  init(
    _ simulator: ExperimentSimulator, number: Int, duration: Double, seed: UInt64
  ) throws {
    let stream = (simulator == .a ? 0 : 1 << 32) + UInt64(number)
    var random = SeededGenerator(seed: seed, stream: stream)
    self.simulator = simulator
    self.number = number
    self.seed = random.next()
    var settings = ArraySimulationConfiguration()
    settings.seed = random.next()
    settings.muscleSeed = self.seed
    settings.duration = duration
    settings.drive.restSeconds = 1.2
    settings.drive.rampSeconds = 1.5
    settings.drive.finalRestSeconds = 0.2
    switch simulator {
    case .a: Self.drawA(&settings, using: &random)
    case .b: Self.drawB(&settings, using: &random)
    }
    self.settings = settings
    muscle = try SimulatedMuscle(
      pool: settings.pool, muscle: settings.muscle, seed: self.seed)
  }

  private static func drawA(
    _ settings: inout ArraySimulationConfiguration, using random: inout SeededGenerator
  ) {
    settings.model = .tripole
    settings.pool.unitCount = Int(exp(random.uniform(log(60.0), log(200.0))))
    settings.pool.sizeLaw = .exponential(
      range: exp(random.uniform(log(10.0), log(60.0))), scatter: random.uniform(0.1, 0.4))
    settings.pool.recruitmentLimit = random.uniform(0.5, 0.8)
    settings.muscle.fatThickness = random.uniform(1, 6)
    settings.muscle.thickness = random.uniform(16, 30)
    settings.muscle.width = random.uniform(38, 50)
    settings.drive.levelPercentMVC = random.uniform(12, 35)
    settings.noise.signalToNoiseDecibels = random.uniform(15, 25)
  }

  private static func drawB(
    _ settings: inout ArraySimulationConfiguration, using random: inout SeededGenerator
  ) {
    settings.model = .travellingWave
    settings.pool.unitCount = Int(random.uniform(50, 180))
    let correlation = random.uniform(0.3, 0.8)
    if random.uniform() < 0.5 {
      settings.pool.sizeLaw = .lognormal(
        sigma: random.uniform(0.5, 1.1), rankCorrelation: correlation)
    } else {
      settings.pool.sizeLaw = .twoPopulations(
        share: random.uniform(0.1, 0.4), ratio: random.uniform(3, 8),
        scatter: random.uniform(0.2, 0.4), rankCorrelation: correlation)
    }
    settings.pool.intervalDistribution = .gamma
    settings.pool.recruitmentRange = random.uniform(8, 25)
    settings.pool.recruitmentLimit = random.uniform(0.6, 0.9)
    settings.muscle.fatThickness = random.uniform(0.5, 4)
    settings.muscle.thickness = random.uniform(10, 18)
    settings.muscle.width = random.uniform(45, 60)
    settings.muscle.territoryDiameter = random.uniform(6, 12)
    settings.drive.levelPercentMVC = random.uniform(8, 28)
    settings.noise.signalToNoiseDecibels = random.uniform(17, 27)
  }
}
