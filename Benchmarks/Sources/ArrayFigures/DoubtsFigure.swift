import Decomposition
import Foundation
import MotorUnits
import Signal
import Simulation

/// How well the doubtful places of trains point at their errors, on one simulated recording.
///
/// An error is a true discharge that the train lacks or one of the train that is not true, after the constant
/// lag of the two. A place holds it where both lie within 5 ms.
public struct DoubtsFigure: Sendable {
  /// Heading of the table.
  public static let heading = [
    "| seed | channels | dB | units | errors | in the first ten places of their unit | proposals that are right "
      + "| mean RoA before | first ten accepted | all accepted | better / worse units |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
  ]

  /// One unit, or the sum of many.
  public struct Tally: Sendable {
    /// Units that are paired with a true one.
    public var units = 0
    /// Their errors.
    public var errors = 0
    /// Errors that the first ten places hold.
    public var found = 0
    /// Proposals of all places.
    public var proposals = 0
    /// Proposals that add a true discharge or take a wrong one away.
    public var right = 0
    /// Sums of the rates of agreement: as found, with the proposals of the first ten places, of all.
    public var agreement = [0.0, 0.0, 0.0]
    /// Units whose agreement rises and falls when all are accepted.
    public var better = 0
    /// Units whose agreement falls.
    public var worse = 0

    /// Nothing yet.
    public init() {}

    /// Adds another's figures.
    public mutating func add(_ other: Tally) {
      units += other.units
      errors += other.errors
      found += other.found
      proposals += other.proposals
      right += other.right
      for index in 0..<3 { agreement[index] += other.agreement[index] }
      better += other.better
      worse += other.worse
    }

    /// The cells of a row from `units` on.
    public var cells: String {
      func share(_ part: Int, _ whole: Int) -> String {
        whole == 0 ? "-" : String(format: "%.0f %% (%d)", 100 * Double(part) / Double(whole), part)
      }
      let means = agreement.map { String(format: "%.4f", $0 / Double(max(1, units))) }
      return "\(units) | \(errors) | \(share(found, errors)) | \(share(right, proposals)) | "
        + means.joined(separator: " | ") + " | \(better) / \(worse) |"
    }
  }

  /// What was simulated.
  public let record: ArrayCase
  /// The figures of its units.
  public let tally: Tally

  /// Simulates a recording, decomposes it and looks for doubtful places.
  ///
  /// - Parameters:
  ///   - lost: share of the discharges of each train that are taken out before, at random.
  ///   - wrong: the same, of discharges that are put in at random places.
  /// - Throws: `SimulationError`, and `DecompositionError` where the recording is refused.
  public init(
    _ record: ArrayCase, configuration: ArrayConfiguration, parallelism: Parallelism,
    lost: Double = 0, wrong: Double = 0
  ) throws {
    let simulated = try simulateArray(record.simulation, threads: parallelism.threadCount)
    let rate = simulated.samplingRate
    var settings = configuration
    settings.electrodes = record.electrodes
    let units = try ArrayDecomposer(configuration: settings, parallelism: parallelism)
      .decompose(simulated.signals, samplingRate: rate).units
    let truth = simulated.units.filter {
      $0.spikeTimes.count >= ArrayOutcome.fewestDischarges / 2
    }
    let score = DecompositionScore(
      found: units.map { (name: String($0.id), times: $0.train.times) },
      truth: truth.map { (name: String($0.id), times: $0.spikeTimes) }, samplingRate: rate)
    let field = try SourceField(
      channels: simulated.signals, samplingRate: rate, trains: units.map(\.train.times),
      configuration: settings, parallelism: parallelism)
    var tally = Tally()
    var random = SeededGenerator(seed: record.seed, stream: 90)
    for pair in score.pairs {
      guard let index = units.firstIndex(where: { String($0.id) == pair.found }),
        let real = truth.first(where: { String($0.id) == pair.truth })
      else { continue }
      let train = Self.spoiled(
        units[index].train.times, lost: lost, wrong: wrong, rate: rate, random: &random)
      guard let source = field.source(components: [index], discharges: train) else { continue }
      let lag = pair.lagMilliseconds / 1_000 * rate
      tally.add(
        Self.unit(
          train, truth: real.spikeTimes.map { $0 + lag }, source: source,
          rate: rate))
    }
    self.record = record
    self.tally = tally
  }

  /// A train without a share of its discharges and with wrong ones, none within 20 ms of another.
  private static func spoiled(
    _ train: [Double], lost: Double, wrong: Double, rate: Double, random: inout SeededGenerator
  ) -> [Double] {
    var result = train.filter { _ in random.uniform() >= lost }
    guard let first = train.first, let last = train.last else { return result }
    for _ in 0..<Int((wrong * Double(train.count)).rounded()) {
      let time = random.uniform(first, last)
      if !train.contains(where: { abs($0 - time) < 0.02 * rate }) { result.append(time) }
    }
    result.sort()
    return result
  }

  private static func unit(
    _ train: [Double], truth: [Double], source: UnitSource, rate: Double
  ) -> Tally {
    let tolerance = TrainAgreement.usualTolerance(samplingRate: rate)
    func isIn(_ time: Double, _ other: [Double], within reach: Double) -> Bool {
      other.contains { abs($0 - time) <= reach }
    }
    // Beyond what the source covers nothing can be said.
    let real = truth.filter { source.range.contains($0) }
    let missed = real.filter { !isIn($0, train, within: tolerance) }
    let wrong = train.filter { !isIn($0, real, within: tolerance) }
    let places = DoubtfulPlaces().places(in: train, source: source)
    let first = places.prefix(10).map(\.time)
    func accepting(_ places: ArraySlice<DoubtfulPlace>) -> Double {
      let gone = Set(places.filter { $0.action == .remove }.map(\.time))
      let added = places.filter { $0.action == .add }.map(\.time)
      return TrainAgreement(
        (train.filter { !gone.contains($0) } + added).sorted(), truth, tolerance: tolerance,
        longestLag: tolerance
      ).rate
    }
    var tally = Tally()
    tally.units = 1
    tally.errors = missed.count + wrong.count
    tally.found = (missed + wrong).count { isIn($0, first, within: 0.005 * rate) }
    for place in places {
      guard let action = place.action else { continue }
      tally.proposals += 1
      let isTrue = isIn(place.time, real, within: tolerance)
      if isTrue == (action == .add) { tally.right += 1 }
    }
    tally.agreement = [accepting([]), accepting(places.prefix(10)), accepting(places[...])]
    tally.better = tally.agreement[2] > tally.agreement[0] ? 1 : 0
    tally.worse = tally.agreement[2] < tally.agreement[0] ? 1 : 0
    return tally
  }

  /// One row of the table.
  public var row: String {
    "| \(record.seed) | \(record.channelCount) | "
      + String(format: "%.0f | ", record.simulation.noise.signalToNoiseDecibels) + tally.cells
  }
}
