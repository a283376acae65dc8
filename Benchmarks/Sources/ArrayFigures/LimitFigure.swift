import Decomposition
import Foundation
import MotorUnits
import Signal
import Simulation

/// What is found in one recording beside what a decoder reaches that is given the truth.
public struct LimitFigure: Sendable {
  /// Heading of the table.
  public static let heading = [
    "| seed | channels | dB | true units | joint decoder given the truth "
      + ArrayConfiguration.Effort.allCases.map { "| \($0.rawValue) " }.joined() + "|",
    "|---|---|---|---|---|" + ArrayConfiguration.Effort.allCases.map { _ in "---|" }.joined(),
  ]

  /// What was simulated.
  public let record: ArrayCase
  /// True units with at least ten discharges.
  public let trueCount: Int
  /// Units at a rate of agreement of 0.9 or more that joint decoding keeps of the truth.
  public let bound: Int
  /// What each effort makes of the recording.
  public let outcomes: [ArrayOutcome]

  /// Simulates a recording, decodes it with known potentials and decomposes it.
  ///
  /// - Throws: `SimulationError`, and `DecompositionError` where the recording is refused.
  public init(
    _ record: ArrayCase, configuration: ArrayConfiguration, parallelism: Parallelism
  ) throws {
    var settings = configuration
    settings.electrodes = record.electrodes
    (bound, trueCount) = try Self.bound(
      record, configuration: settings, parallelism: parallelism)
    self.record = record
    outcomes = try ArrayConfiguration.Effort.allCases.map {
      settings.effort = $0
      return try ArrayOutcome(record, configuration: settings, parallelism: parallelism)
    }
  }

  /// Units at a rate of agreement of 0.9 or more that joint decoding keeps of the truth, and true units with
  /// at least ten discharges.
  ///
  /// - Parameter dirt: what is put into the clean recording before.
  /// - Throws: `SimulationError`, and `DecompositionError` where the recording is refused.
  public static func bound(
    _ record: ArrayCase, configuration: ArrayConfiguration, parallelism: Parallelism,
    dirt: Dirt? = nil
  ) throws -> (units: Int, trueUnits: Int) {
    let simulated = try simulateArray(record.simulation, threads: parallelism.threadCount)
    var signals = simulated.signals
    dirt?.spoil(&signals, samplingRate: simulated.samplingRate, seed: record.seed)
    let bound = DecodingBound(configuration: configuration, parallelism: parallelism)
    let truth = simulated.units.filter {
      $0.spikeTimes.count >= ArrayOutcome.fewestDischarges / 2
    }
    let trains = try bound.trains(
      like: truth.map(\.spikeTimes), in: signals, samplingRate: simulated.samplingRate)
    let score = DecompositionScore(
      found: trains.enumerated().filter { !$0.element.isEmpty }.map {
        (name: String($0.offset), times: $0.element)
      },
      truth: truth.map { (name: String($0.id), times: $0.spikeTimes) },
      samplingRate: simulated.samplingRate)
    return (
      score.count(agreementAtLeast: 0.9),
      truth.count { $0.spikeTimes.count >= ArrayOutcome.fewestDischarges }
    )
  }

  /// One row: of each effort the units at 0.9, and those accepted, and false and double ones if
  /// there are any.
  public var row: String {
    let cells = outcomes.map { outcome in
      let wrong = [
        (outcome.founds.count(where: \.isFalse), "false"),
        (outcome.founds.count(where: \.isDuplicate), "double"),
      ].filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
      return "\(outcome.goodCount) of \(outcome.founds.count)\(wrong)"
    }
    return "| \(record.seed) | \(record.channelCount) | "
      + String(format: "%.0f | ", record.simulation.noise.signalToNoiseDecibels)
      + "\(trueCount) | \(bound) | " + cells.joined(separator: " | ") + " |"
  }
}
