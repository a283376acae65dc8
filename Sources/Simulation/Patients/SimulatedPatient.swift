import Foundation
import Signal

/// A patient who loses motor units, before and after a therapy that may change the rate of loss.
public struct SimulatedPatientConfiguration: Codable, Sendable, Equatable {
  /// Seed of the muscle, of the order of deaths and of all visits.
  public var seed: UInt64 = 1
  /// Months of the visits from a fixed origin, ascending; the muscle is healthy at month 0.
  public var visitMonths: [Double] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
  /// Month of the first dose; nil without therapy.
  public var therapyMonth: Double? = 6
  /// Units lost before therapy in percent of the living ones per month.
  public var lossPercentPerMonthBefore = 6.0
  /// Units lost under therapy in percent of the living ones per month.
  public var lossPercentPerMonthAfter = 2.0
  /// How units die and fibres are adopted.
  public var loss = MotorUnitLossConfiguration()
  /// The recording made at each visit; its seeds are replaced.
  public var recording = ArraySimulationConfiguration.compact
  /// SD of the shift of the grid between mountings in mm, in either direction.
  public var remountShiftSD = 2.0
  /// SD of the rotation of the grid between mountings in degrees.
  public var remountRotationSD = 2.0
  /// SD of the thickness of fat between visits in mm.
  public var fatSD = 0.3
  /// Relative SD of the noise amplitude between visits.
  public var noiseSD = 0.15
  /// Relative SD of the force that is held against the one asked for.
  public var forceSD = 0.05

  /// Makes a patient with monthly visits for a year and therapy from month 6.
  public init() {}

  /// Units alive at a month as a fraction of those at month 0: `exp` of minus the summed hazard.
  public func survival(atMonth month: Double) -> Double {
    func hazard(_ percent: Double) -> Double { -log(1 - percent / 100) }
    let start = therapyMonth ?? .infinity
    let before = hazard(lossPercentPerMonthBefore) * max(0, min(month, start))
    let after = month > start ? hazard(lossPercentPerMonthAfter) * (month - start) : 0
    return exp(-before - after)
  }

  func validate() throws(SimulationError) {
    try SimulationError.require("lossPercentPerMonthBefore", lossPercentPerMonthBefore, in: 0...99)
    try SimulationError.require("lossPercentPerMonthAfter", lossPercentPerMonthAfter, in: 0...99)
    try SimulationError.require("remountShiftSD", remountShiftSD, in: 0...50)
    try SimulationError.require("remountRotationSD", remountRotationSD, in: 0...90)
    try SimulationError.require("fatSD", fatSD, in: 0...10)
    try SimulationError.require("noiseSD", noiseSD, in: 0...1)
    try SimulationError.require("forceSD", forceSD, in: 0...0.5)
    for month in visitMonths { try SimulationError.require("visitMonths", month, in: 0...1200) }
    guard visitMonths == visitMonths.sorted(), !visitMonths.isEmpty else {
      throw .invalidValue(
        name: "visitMonths", found: "\(visitMonths)", expected: "at least one month, ascending")
    }
    try loss.validate()
    try recording.validate()
  }
}

/// One visit of a simulated patient with its truth.
public struct SimulatedVisit: Sendable {
  /// Number of the visit from 0.
  public let index: Int
  /// Month from the patient's origin.
  public let month: Double
  /// Day from the patient's origin (30.4375 days a month, rounded).
  public let day: Int
  /// The recording.
  public let recording: SimulatedRecording
  /// Living units of the muscle.
  public let aliveUnits: Int
  /// Living units that discharge at least four times in the recording.
  public var activeUnits: Int { recording.activeUnits.count }
}

/// A simulated patient: one muscle that loses units over time, recorded at any visit.
public struct SimulatedPatient: Sendable {
  /// The settings.
  public let configuration: SimulatedPatientConfiguration
  /// The muscle at month 0.
  public let healthyMuscle: SimulatedMuscle
  private let deathOrder: [Int]

  /// Draws a patient.
  ///
  /// - Throws: `SimulationError` for settings out of range.
  public init(_ configuration: SimulatedPatientConfiguration) throws(SimulationError) {
    try configuration.validate()
    self.configuration = configuration
    healthyMuscle = try SimulatedMuscle(
      pool: configuration.recording.pool, muscle: configuration.recording.muscle,
      seed: configuration.seed)
    deathOrder = healthyMuscle.deathOrder(configuration.loss, seed: configuration.seed)
  }

  /// The number of visits.
  public var visitCount: Int { configuration.visitMonths.count }

  /// Living units at a month: the survival times the healthy count, rounded.
  public func aliveUnits(atMonth month: Double) -> Int {
    let total = healthyMuscle.units.count
    return Int((Double(total) * configuration.survival(atMonth: month)).rounded())
  }

  /// The muscle at a month: units have died one by one and survivors have adopted fibres.
  ///
  /// With and without therapy the units die in the same order, only at other times.
  public func muscle(atMonth month: Double) -> SimulatedMuscle {
    var muscle = healthyMuscle
    let dead = healthyMuscle.units.count - aliveUnits(atMonth: month)
    _ = muscle.lose(units: Array(deathOrder.prefix(dead)), configuration.loss)
    return muscle
  }

  /// The nerve at a month: the axons of the units that are alive then.
  ///
  /// Thresholds and latencies stay with their unit from visit to visit; CMAP scans, CMAPs and
  /// interference patterns of one visit all come from it.
  public func nerve(
    atMonth month: Double, _ nerve: NerveConfiguration = .init()
  ) throws(SimulationError) -> SimulatedNerve {
    try SimulatedNerve(muscle: muscle(atMonth: month), configuration: nerve)
  }

  /// Records a visit: the grid mounted anew, fat, noise and force slightly changed.
  ///
  /// - Parameters:
  ///   - index: number of the visit from 0.
  ///   - repetition: 0 for the visit itself, 1 and up for repeats on the same day with the grid
  ///     taken off and mounted again.
  ///   - threads: threads to use; the result does not depend on it.
  ///   - progress: told the share that is done, 0 to 1; what it throws ends the simulation.
  /// - Throws: `SimulationError` for settings out of range; what `progress` throws.
  public func visit(
    _ index: Int, repetition: Int = 0,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount,
    progress: SimulationProgress = { _ in }
  ) throws -> SimulatedVisit {
    precondition(
      (0..<visitCount).contains(index) && repetition >= 0, "the patient has no such visit")
    let month = configuration.visitMonths[index]
    let stream = UInt64(index) << 16 | UInt64(repetition)
    var random = SeededGenerator(seed: configuration.seed, stream: 0x1_0000_0000 | stream)
    var settings = configuration.recording
    settings.seed = random.next()
    settings.muscleSeed = configuration.seed
    settings.electrodes = settings.electrodes.remounted(
      shiftSD: configuration.remountShiftSD, rotationSD: configuration.remountRotationSD,
      using: &random)
    settings.muscle.fatThickness = max(
      0, settings.muscle.fatThickness + configuration.fatSD * random.normal())
    settings.noise.signalToNoiseDecibels +=
      20 * log10(max(0.2, 1 + configuration.noiseSD * random.normal()))
    settings.drive.levelPercentMVC = min(
      100, max(0, settings.drive.levelPercentMVC * (1 + configuration.forceSD * random.normal())))
    var muscle = muscle(atMonth: month)
    muscle.configuration.fatThickness = settings.muscle.fatThickness
    let recording = try simulateArray(
      settings, muscle: muscle, threads: threads, progress: progress)
    return SimulatedVisit(
      index: index, month: month, day: Int((month * 30.4375).rounded()), recording: recording,
      aliveUnits: muscle.units.count)
  }
}
