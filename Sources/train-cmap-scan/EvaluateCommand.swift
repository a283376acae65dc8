import ArgumentParser
import Foundation
import Signal
import UnitNumber

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures bias, error, repeatability and coverage on simulated scans.",
    discussion: "The pools come from a generator of their own, not from that of the training.")

  @Option(help: "Weights file; the built-in weights by default.")
  var weights: String?
  @Option(help: "Seed of the simulation.")
  var seed: UInt64 = 77
  @Option(help: "Pools in each cell of the grid (two scans each).")
  var pools = 8
  @Flag(help: "Runs published algorithms, re-created, on the same scans.")
  var comparators = false
  @Option(help: "Number of threads; the result does not depend on it.")
  var threads: Int?

  private struct Cell {
    var counts: ClosedRange<Int>
    var noise: Double
    var drift: Bool
    var family: EvaluationPool.Family
  }

  private static let bands = [3...10, 11...20, 20...40, 40...80, 80...160, 160...250]
  private static let general: [EvaluationPool.Family] = [
    .exponential, .lognormal04, .lognormal08,
  ]
  private static let foreign: [EvaluationPool.Family] = [.ordered, .clustered, .trend]

  func run() throws {
    let estimator = try CMAPScanEstimator.load(weights)
    print(estimator.trainingDescription, "\n")
    var cells: [Cell] = []
    for band in Self.bands {
      for family in Self.general + Self.foreign {
        for noise in [1.0, 5, 10, 50] {
          for drift in [false, true] {
            cells.append(Cell(counts: band, noise: noise, drift: drift, family: family))
          }
        }
      }
    }
    let cases = try measure(cells, estimator: estimator, seed: seed)
    printBands(cases)
    try printFalseAlarms(cases)
    try printSeries(estimator)
    var published: [Cell] = []
    for count in [5, 10, 20, 40, 80, 120, 150] {
      for noise in [1.0, 5, 10, 20, 50, 100] {
        published.append(
          Cell(counts: count...count, noise: noise, drift: false, family: .pureExponential))
      }
    }
    let grid = try measure(published, estimator: estimator, seed: seed &+ 1)
    print("\nExponential pools, N 5 to 150, by noise (uV)\n\n" + AccuracySummary.header)
    for noise in [1.0, 5, 10, 20, 50, 100] {
      print(AccuracySummary(grid.filter { $0.noise == noise }).row("\(Int(noise)) uV"))
    }
    print(AccuracySummary(grid).row("all"))
    if comparators { printComparators(cases, grid: grid) }
  }

  /// Published algorithms beside this one, on the scans of the tables above.
  private func printComparators(_ cases: [AccuracyCase], grid: [AccuracyCase]) {
    let general = Set(Self.general)
    print("\nAlgorithms on the same scans, independent sizes, noise up to 10 uV\n")
    print(ComparatorScore.header)
    for band in Self.bands {
      let part = cases.filter {
        general.contains($0.family) && $0.noise <= 10 && band.contains(Int($0.truth))
      }
      print(ComparatorScore.rows("\(band.lowerBound) to \(band.upperBound)", part))
    }
    print("\nAlgorithms on the exponential pools, N 5 to 150\n\n" + ComparatorScore.header)
    for noise in [1.0, 10, 100] {
      print(ComparatorScore.rows("\(Int(noise)) uV", grid.filter { $0.noise == noise }))
    }
    print(ComparatorScore.rows("all", grid))
  }

  /// How often two scans of one pool are called different, at a nominal 5 %.
  private func printFalseAlarms(_ cases: [AccuracyCase]) throws {
    print(
      "\nTwo scans of a stable pool called different (nominal 5 %)\n\n| noise | pairs | share |\n"
        + "|---|---|---|")
    for noise in [1.0, 5, 10, 50] {
      let pairs = Dictionary(grouping: cases.filter { $0.noise == noise }, by: \.pool).values
      let alarms = try pairs.count { pair in
        try VisitComparison(
          first: pair[0].estimate, firstLogError: pair[0].repeatError,
          second: pair[1].estimate, secondLogError: pair[1].repeatError
        ).probabilityExceedsError > 0.95
      }
      let share = 100 * Double(alarms) / Double(pairs.count)
      print("| \(Int(noise)) uV | \(pairs.count) | \(String(format: "%.1f %%", share)) |")
    }
  }

  /// A denervation series: the slope of ln estimate over ln truth.
  private func printSeries(_ estimator: CMAPScanEstimator) throws {
    let counts = [160, 80, 40, 20, 10, 5]
    print("\nDenervation series 160 to 5, noise 5 uV\n\n| sizes | slope | median estimates |")
    print("|---|---|---|")
    for family in Self.general + Self.foreign {
      let cells = counts.map {
        Cell(counts: $0...$0, noise: 5, drift: false, family: family)
      }
      let cases = try measure(cells, estimator: estimator, seed: seed &+ 2)
      let x = cases.map { log($0.truth) }
      let y = cases.map { log($0.estimate) }
      let meanX = x.reduce(0, +) / Double(x.count)
      let meanY = y.reduce(0, +) / Double(y.count)
      let xx = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
      let xy = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
      let medians = counts.map { count in
        let sorted = cases.filter { $0.truth == Double(count) }.map(\.estimate).sorted()
        return String(format: "%.1f", sorted[sorted.count / 2])
      }
      print(
        "| \(family.rawValue) | \(String(format: "%.3f", xy / xx)) | "
          + medians.joined(separator: ", ") + " |")
    }
  }

  private func printBands(_ cases: [AccuracyCase]) {
    func table(_ title: String, _ keep: (AccuracyCase) -> Bool) {
      print("\n\(title)\n\n" + AccuracySummary.header)
      for band in Self.bands {
        let part = cases.filter { keep($0) && band.contains(Int($0.truth)) }
        print(AccuracySummary(part).row("\(band.lowerBound) to \(band.upperBound)"))
      }
    }
    let general = Set(Self.general)
    table("Independent sizes, noise up to 10 uV") { general.contains($0.family) && $0.noise <= 10 }
    table("Independent sizes, noise up to 10 uV, with drift") {
      general.contains($0.family) && $0.noise <= 10 && $0.drift
    }
    table("Independent sizes, noise 50 uV") { general.contains($0.family) && $0.noise > 10 }
    for family in Self.general + Self.foreign {
      table("\(family.rawValue), noise up to 10 uV") { $0.family == family && $0.noise <= 10 }
    }
  }

  private func measure(
    _ cells: [Cell], estimator: CMAPScanEstimator, seed: UInt64
  ) throws -> [AccuracyCase] {
    let (pools, comparators) = (pools, comparators)
    let parts = Parallelism(threadCount: threads).map(cells.count) { index in
      Result {
        try (0..<pools).flatMap { number -> [AccuracyCase] in
          let cell = cells[index]
          var random = SeededGenerator(seed: seed, stream: UInt64(index * 10_000 + number))
          let (low, high) = (Double(cell.counts.lowerBound), Double(cell.counts.upperBound))
          let count = Int(exp(random.uniform(log(low), log(high))).rounded())
          let pool = EvaluationPool.draw(count: count, family: cell.family, &random)
          return try (0..<2).map { _ in
            let scan = EvaluationPool.scan(
              pool, noiseMicrovolts: cell.noise, drift: cell.drift, &random)
            let result = try estimator.estimate(scan)
            return AccuracyCase(
              truth: Double(count), estimate: result.unitCount, low: result.interval90[0],
              high: result.interval90[1], logError: result.logStandardError,
              repeatError: result.repeatLogStandardError,
              others: comparators ? Comparator.estimates(scan) : [:],
              n50Truth: pool.contributionN50, n50: result.n50,
              n50Low: result.n50Interval90[0], n50High: result.n50Interval90[1],
              pool: index * 10_000 + number, noise: cell.noise, drift: cell.drift,
              family: cell.family)
          }
        }
      }
    }
    return try parts.flatMap { try $0.get() }
  }
}
