import Foundation
import Signal

/// How many motor units a scan of few units holds: the posterior of their number.
///
/// For each number of units the sizes, thresholds, spreads and phases of all units and the noise are
/// fitted by the likelihood of the scan summed over which units answered at each stimulus
/// (`LevelLikelihood`), and integrated by Laplace's approximation around the best mode; the evidence
/// of the numbers, each as probable as the others beforehand, gives the posterior.
public struct FewUnits: Sendable, Equatable, Codable {
  /// One unit of the most probable model.
  public struct Unit: Sendable, Equatable, Codable {
    /// Size at the peak of its potential, uV.
    public var amplitudeMicrovolts: Double
    /// Stimulus that it answers half of the time, mA.
    public var thresholdMilliamps: Double
    /// Relative spread of the threshold, percent.
    public var relativeSpreadPercent: Double
  }

  /// Probability of each number of units, from 1 on.
  public var probabilities: [Double]
  /// The units of the most probable number, in order of threshold.
  public var units: [Unit]
  /// Response to the units up to each threshold, mV above the baseline, phases cancelled.
  public var levelsMillivolts: [Double]
  /// Number of largest units that make half of the summed sizes, with its 90 % interval: 5, 50 and
  /// 95 % of the posterior.
  public var n50Quantiles: [Double]
  /// The settings it was read with.
  public var settings: FewUnitsConfiguration
}

extension FewUnits {
  /// Reads a cleaned scan; takes seconds of processor time.
  ///
  /// `progress` is told the share of the work done, 0 to 1; what it throws ends the reading.
  ///
  /// - Throws: `UnitNumberError` where the scan is too short or has no CMAP.
  package init(
    _ scan: CMAPScan, _ settings: FewUnitsConfiguration = .init(),
    progress: (Double) throws -> Void = { _ in }
  ) throws {
    let data = try LevelData(scan)
    var search = LevelSearch(data, settings)
    let evidence = try search.run(progress: progress)
    let best = evidence.values.max() ?? 0
    let weights = (1...settings.mostUnits).map { count in
      evidence[count].map { exp(settings.evidencePower * ($0 - best)) } ?? 0
    }
    let sum = weights.reduce(0, +)
    probabilities = weights.map { $0 / sum }
    self.settings = settings
    let mode = (weights.indices.max { weights[$0] < weights[$1] } ?? 0) + 1
    guard let model = search.kept[mode]?.first?.model else {
      (units, levelsMillivolts, n50Quantiles) = ([], [], [])
      return
    }
    var random = SeededGenerator(seed: 1, stream: 51)
    let halves = search.drawnSizes(probabilities, draws: 400, using: &random)
      .map(Self.half).sorted()
    n50Quantiles =
      halves.isEmpty
      ? []
      : [0.05, 0.5, 0.95].map { share in
        halves[min(Int(share * Double(halves.count)), halves.count - 1)]
      }
    let order = (0..<model.unitCount).sorted { model.threshold($0) < model.threshold($1) }
    units = order.map { unit in
      Unit(
        amplitudeMicrovolts: model.size(unit), thresholdMilliamps: exp(model.threshold(unit)),
        relativeSpreadPercent: 100 * model.spread(unit))
    }
    var (real, imaginary) = (0.0, 0.0)
    levelsMillivolts = order.map { unit in
      let phase = model.values[unit * LevelModel.perUnit + 3]
      real += model.size(unit) * cos(phase)
      imaginary += model.size(unit) * sin(phase)
      return (real * real + imaginary * imaginary).squareRoot() / 1000
    }
  }

  /// Number of the largest sizes that make half of their sum, linear within a unit.
  static func half(_ sizes: [Double]) -> Double {
    let goal = sizes.reduce(0, +) / 2
    var sum = 0.0
    for (index, size) in sizes.sorted(by: >).enumerated() {
      if sum + size >= goal { return Double(index) + (goal - sum) / size }
      sum += size
    }
    return Double(sizes.count)
  }

  /// The smallest number whose probability, with all below, reaches `share`.
  package func quantile(_ share: Double) -> Int {
    var sum = 0.0
    for (index, probability) in probabilities.enumerated() {
      sum += probability
      if sum >= share - 1e-9 { return index + 1 }
    }
    return probabilities.count
  }

  /// Whether the numbers tried seem to end before the posterior does.
  var reachesEnd: Bool { probabilities.suffix(2).reduce(0, +) > settings.greatestShareAtEnd }

  /// Standard deviation of ln(number).
  var logDeviation: Double {
    let logs = probabilities.indices.map { log(Double($0 + 1)) }
    let mean = zip(probabilities, logs).reduce(0) { $0 + $1.0 * $1.1 }
    let square = zip(probabilities, logs).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    return square.squareRoot()
  }
}
