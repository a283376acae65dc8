import ArgumentParser
import Foundation
import UnitNumber

struct AgreeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agree",
    abstract: "Compares estimates of real scans with the models fitted by another program.",
    discussion:
      "Reads index.tsv (file, subject, visit, muscle) in a folder of .MEM scans. The fitted models "
      + "are a comparator, not the truth.")

  @Argument(help: "Folder of the scans.")
  var folder: String
  @Option(help: "Weights file; the built-in weights by default.")
  var weights: String?

  private struct Row {
    var subject: String
    var visit: String
    var muscle: String
    var estimate: CMAPScanEstimate
    var fit: ComparatorFit
    var scan: CMAPScan
  }

  func run() throws {
    let estimator = try CMAPScanEstimator.load(weights)
    let base = URL(fileURLWithPath: folder)
    let index = try String(contentsOf: base.appendingPathComponent("index.tsv"), encoding: .utf8)
    var rows: [Row] = []
    print(
      "| scan | muscle | visit | N | 90 % | fit N | N50 | fit N50 | D50 | fit D50 | STEP % / fit |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for line in index.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count == 4 else { continue }
      let scan = try CMAPScan.open(base.appendingPathComponent(fields[0]))
      guard let fit = scan.comparator else { continue }
      let estimate = try estimator.estimate(scan)
      rows.append(
        Row(
          subject: fields[1], visit: fields[2], muscle: fields[3], estimate: estimate, fit: fit,
          scan: scan))
      func whole(_ value: Double?) -> String { value.map { String(format: "%.0f", $0) } ?? "" }
      let interval = estimate.interval90.map { whole($0) }.joined(separator: " to ")
      print(
        "| \(fields[1]) | \(fields[3]) | \(fields[2]) | \(whole(estimate.unitCount)) | \(interval) | "
          + "\(whole(fit.unitCount)) | \(String(format: "%.1f", estimate.n50)) | "
          + "\(String(format: "%.1f", fit.n50 ?? .nan)) | \(estimate.d50) | \(whole(fit.d50)) | "
          + "\(String(format: "%.1f / %.1f", estimate.curve.stepPercent, fit.stepPercent ?? .nan))"
          + " |")
    }
    summarise(rows)
    compareAlgorithms(rows)
    try compareOrder(rows, estimator)
    try ResidualComparison.printTable(rows.map(\.scan)) { index, seed in
      let row = rows[index]
      return FittedModelScan.scan(
        row.scan, fit: row.fit, estimate: row.estimate, shuffled: false, seed: seed
      ).scan
    }
  }

  /// Published algorithms, re-created, beside this one on the real scans.
  private func compareAlgorithms(_ rows: [Row]) {
    print("\n| algorithm | median N / fit N | retest CoV APB | ADM | TA |\n|---|---|---|---|---|")
    var algorithms: [(name: String, value: (Row) -> Double?)] = [
      ("this estimator, N", { $0.estimate.unitCount }),
      ("this estimator, N50 (over the fit's N50)", { $0.estimate.n50 }),
      ("program's fit", { $0.fit.unitCount }),
    ]
    algorithms += Comparator.allCases.map { item in
      (item.rawValue, { item.estimate($0.scan) })
    }
    for (index, algorithm) in algorithms.enumerated() {
      let ratios = rows.compactMap { row -> Double? in
        guard let value = algorithm.value(row),
          let fit = index == 1 ? row.fit.n50 : row.fit.unitCount
        else { return nil }
        return value / fit
      }
      let cells = ["APB", "ADM", "TA"].map { muscle in
        String(
          format: "%.1f %%", 100 * Self.retest(rows.filter { $0.muscle == muscle }, algorithm.value)
        )
      }
      print(
        "| \(algorithm.name) | \(String(format: "%.2f", Self.median(ratios))) | "
          + cells.joined(separator: " | ") + " |")
    }
  }

  /// Real scans beside scans simulated from their fitted models, in order and shuffled.
  private func compareOrder(_ rows: [Row], _ estimator: CMAPScanEstimator) throws {
    func order(_ scan: CMAPScan) throws -> Double {
      let features = ScanFeatures(try PreparedScan(scan)).values.map { Float($0) }
      let output = estimator.weights.ensemble.evaluate(features)
      return output.means[ScanNetwork.Output.sizeOrder.rawValue]
    }
    print("\n| scans | N / truth | N50 / truth | covered | size order found | true |")
    print("|---|---|---|---|---|---|")
    let found = Self.median(try rows.map { try order($0.scan) })
    print("| real | | | | \(String(format: "%.2f", found)) | unknown |")
    for (label, shuffled) in [("fitted models", false), ("sizes shuffled", true)] {
      var (ratios, halves, orders, truths) = ([Double](), [Double](), [Double](), [Double]())
      var covered = 0
      for (index, row) in rows.enumerated() {
        let (scan, pool) = FittedModelScan.scan(
          row.scan, fit: row.fit, estimate: row.estimate, shuffled: shuffled, seed: UInt64(index))
        let estimate = try estimator.estimate(scan)
        let count = Double(pool.count)
        ratios.append(estimate.unitCount / count)
        halves.append(estimate.n50 / pool.contributionN50)
        orders.append(try order(scan))
        truths.append(pool.sizeOrder ?? 0)
        if estimate.interval90[0] <= count && count <= estimate.interval90[1] { covered += 1 }
      }
      func two(_ values: [Double]) -> String { String(format: "%.2f", Self.median(values)) }
      print(
        "| \(label) | \(two(ratios)) | \(two(halves)) | \(covered) of \(rows.count) | "
          + "\(two(orders)) | \(two(truths)) |")
    }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  private func summarise(_ rows: [Row]) {
    func percent(_ value: Double) -> String { String(format: "%.1f %%", 100 * value) }
    let n = rows.compactMap { row in row.fit.unitCount.map { row.estimate.unitCount / $0 } }
    let n50 = rows.compactMap { row in row.fit.n50.map { row.estimate.n50 / $0 } }
    let inside = rows.count { row in
      guard let count = row.fit.unitCount else { return false }
      return row.estimate.interval90[0] <= count && count <= row.estimate.interval90[1]
    }
    print(
      "\nN: median ratio to the fit \(String(format: "%.2f", Self.median(n))), median absolute ")
    print("difference \(percent(Self.median(n.map { abs($0 - 1) })))")
    print(
      "N50: median ratio \(String(format: "%.2f", Self.median(n50))), median absolute difference ")
    print(percent(Self.median(n50.map { abs($0 - 1) })))
    print("fitted N inside the interval: \(inside) of \(rows.count)")
    print("\n| retest CoV | N | N50 | fit N | fit N50 | CMAP |\n|---|---|---|---|---|---|")
    for muscle in ["APB", "ADM", "TA"] {
      let part = rows.filter { $0.muscle == muscle }
      let cells: [(Row) -> Double?] = [
        { $0.estimate.unitCount }, { $0.estimate.n50 }, { $0.fit.unitCount }, { $0.fit.n50 },
        { $0.estimate.cmapMillivolts },
      ]
      print(
        "| \(muscle) | "
          + cells.map { percent(Self.retest(part, $0)) }.joined(separator: " | ") + " |")
    }
    printErrors(rows)
  }

  /// How far visits differ beside what the estimates say of their own errors.
  private func printErrors(_ rows: [Row]) {
    func rootMeanSquare(_ values: [Double]) -> String {
      let square = values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))
      return String(format: "%.1f %%", 100 * square.squareRoot())
    }
    func between(_ value: (Row) -> Double) -> [Double] {
      Dictionary(grouping: rows) { "\($0.subject) \($0.muscle)" }.values.compactMap { visits in
        guard visits.count == 2 else { return nil }
        return log(value(visits[0]) / value(visits[1])) / 2.0.squareRoot()
      }
    }
    print("\n| root mean square of ln | between visits | repeat error | standard error |")
    print("|---|---|---|---|")
    print(
      "| N | \(rootMeanSquare(between { $0.estimate.unitCount })) | "
        + "\(rootMeanSquare(rows.map(\.estimate.repeatLogStandardError))) | "
        + "\(rootMeanSquare(rows.map(\.estimate.logStandardError))) |")
    print(
      "| N50 | \(rootMeanSquare(between { $0.estimate.n50 })) | "
        + "\(rootMeanSquare(rows.map(\.estimate.n50RepeatLogStandardError))) | "
        + "\(rootMeanSquare(rows.map(\.estimate.n50LogStandardError))) |")
    print("| CMAP | \(rootMeanSquare(between { $0.estimate.cmapMillivolts })) | | |")
  }

  /// Mean over the subjects of the coefficient of variation between two visits.
  private static func retest(_ rows: [Row], _ value: (Row) -> Double?) -> Double {
    let pairs = Dictionary(grouping: rows, by: \.subject).values.compactMap { visits -> Double? in
      let values = visits.compactMap(value)
      guard values.count == 2 else { return nil }
      let mean = (values[0] + values[1]) / 2
      return abs(values[0] - values[1]) / 2.0.squareRoot() / mean
    }
    return pairs.reduce(0, +) / Double(max(pairs.count, 1))
  }
}
