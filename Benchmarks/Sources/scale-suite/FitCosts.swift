import ArgumentParser
import Batch
import Decomposition
import Foundation
import Tables

/// Fits the cost model's weights to a table of measured costs, or judges the built-in ones by it.
struct FitCosts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Fit the cost model to measured costs, judge it by others.",
    discussion: """
      Without --judge the table is fitted and the weights are printed, as they stand in the source \
      of CostModel; with it the built-in weights are judged by recordings they have not seen. \
      --ceiling tells the share within a factor of 1.5 that the best prediction from headers alone \
      can reach: of the recordings that share a header (measure --contents) the most that one \
      prediction for all of them can hold.
      """)

  @Argument(help: "Table that scale-suite measure printed.")
  var table: String
  @Flag(help: "Judge the built-in weights.")
  var judge = false
  @Flag(help: "Tell what the best prediction from headers could reach.")
  var ceiling = false

  private struct Row {
    let isNeedle: Bool
    let channels: Double
    let rate: Double
    let seconds: Double
    let cost: Double
    let megabytes: Double
  }

  func run() throws {
    let rows = try read()
    guard !ceiling else {
      reportCeiling(rows)
      return
    }
    guard !judge else {
      report(rows)
      return
    }
    for isNeedle in [false, true] {
      let own = rows.filter { $0.isNeedle == isNeedle }
      guard own.count >= 8 else {
        print("\(isNeedle ? "needle" : "array"): \(own.count) recordings, 8 are needed for a fit")
        continue
      }
      let features = own.map { row in
        CostModel.features(
          channels: row.channels, samplingRate: row.rate, seconds: row.seconds, isNeedle: isNeedle)
      }
      let time = Self.weights(features, own.map { log($0.cost) })
      let memory = NormalEquations.solve(
        own.map { row in
          let samples = CostModel.heldSamples(
            channels: row.channels, samplingRate: row.rate, seconds: row.seconds,
            isNeedle: isNeedle)
          // Relative errors count: each row is divided by what was measured.
          return [1 / row.megabytes, samples / row.megabytes]
        }, own.map { _ in 1 })
      print("\(isNeedle ? "needle" : "array") weights: \(text(time))")
      print("\(isNeedle ? "needle" : "array") memory: \(text(memory))")
    }
  }

  /// The weights of the features; what is longer than one segment costs in proportion, however few of
  /// the fitted recordings are.
  private static func weights(_ features: [[Double]], _ logarithms: [Double]) -> [Double] {
    let free = NormalEquations.solve(
      features.map { [$0[0], $0[1], $0[2] - $0[4], $0[3]] },
      zip(features, logarithms).map { $1 - $0[4] })
    return free + [1 - free[2]]
  }

  private func text(_ values: [Double]) -> String {
    "[" + values.map { String(format: "%.4g", $0) }.joined(separator: ", ") + "]"
  }

  private func read() throws -> [Row] {
    guard let data = FileManager.default.contents(atPath: table) else {
      throw ValidationError("\(table): cannot be read")
    }
    let table = try DelimitedTable(data: data, source: self.table)
    return try table.rows.map { row in
      let cells = Dictionary(zip(table.header, row.cells), uniquingKeysWith: { first, _ in first })
      func number(_ name: String) throws -> Double {
        guard let value = cells[name].flatMap(Double.init), value > 0 else {
          throw ValidationError("\(self.table), line \(row.line): no number in column \(name)")
        }
        return value
      }
      let isNeedle = cells["method"] == "needle"
      let rate = try number("rate_hz")
      return Row(
        isNeedle: isNeedle, channels: try number("channels"),
        // Arrays are searched at a lower rate, as predictions are made.
        rate: isNeedle
          ? rate : ArrayConfiguration().rateConversion(samplingRate: rate).rate(from: rate),
        seconds: try number("duration_s"),
        cost: try number("processor_s"), megabytes: try number("peak_mb"))
    }
  }

  /// For each header the prediction that most of its recordings are within a factor of 1.5 of: chosen
  /// with the costs known, so no rule can do better.
  private func reportCeiling(_ rows: [Row]) {
    let groups = Dictionary(grouping: rows) {
      "\($0.isNeedle) \($0.channels) \($0.rate) \($0.seconds)"
    }.values.filter { $0.count >= 3 }
    print("kind\theaders\trecordings\twithin_1.5_at_best\tsd_of_log\twithin_1.5_if_normal")
    for (name, own) in [
      ("array", groups.filter { !$0[0].isNeedle }), ("needle", groups.filter { $0[0].isNeedle }),
      ("all", Array(groups)),
    ] where !own.isEmpty {
      let held = own.reduce(0) { sum, group in
        // The lowest cost that is held lies at the lower edge of the best prediction.
        sum
          + (group.map { low in
            group.count { $0.cost >= low.cost && $0.cost <= low.cost * 1.5 * 1.5 }
          }.max() ?? 0)
      }
      let count = own.reduce(0) { $0 + $1.count }
      let squares = own.reduce(0.0) { sum, group in
        let logs = group.map { log($0.cost) }
        let mean = logs.reduce(0, +) / Double(logs.count)
        return sum + logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      }
      let spread = (squares / Double(count - own.count)).squareRoot()
      print(
        [
          name, "\(own.count)", "\(count)",
          String(format: "%.0f %%", 100 * Double(held) / Double(count)),
          String(format: "%.2f", spread),
          String(format: "%.0f %%", 100 * erf(log(1.5) / (spread * 2.0.squareRoot()))),
        ].joined(separator: "\t"))
    }
  }

  private func report(_ rows: [Row]) {
    let model = CostModel()
    print("kind\trecordings\twithin_1.5\tmedian_ratio\tratio_5%\tratio_95%\tmemory_above_1.5")
    for (name, own) in [
      ("array", rows.filter { !$0.isNeedle }), ("needle", rows.filter(\.isNeedle)), ("all", rows),
    ] where !own.isEmpty {
      let costs = own.map { row in
        model.cost(
          channels: Int(row.channels), samplingRate: row.rate, seconds: row.seconds,
          isNeedle: row.isNeedle)
      }
      let ratios = zip(own, costs).map { $0.cost / $1.seconds }
      let within = ratios.count { (1 / 1.5...1.5).contains($0) }
      let above = zip(own, costs).count { $0.megabytes > 1.5 * $1.megabytes }
      let sorted = ratios.sorted()
      func quantile(_ share: Double) -> String {
        String(format: "%.2f", sorted[Int((Double(sorted.count - 1) * share).rounded())])
      }
      print(
        [
          name, "\(own.count)",
          String(format: "%.0f %%", 100 * Double(within) / Double(own.count)), quantile(0.5),
          quantile(0.05), quantile(0.95), "\(above)",
        ].joined(separator: "\t"))
    }
  }
}

/// Least squares of few columns by normal equations, which is accurate enough for four of them.
enum NormalEquations {
  /// The weights of the columns of `rows` that come nearest to `values`.
  static func solve(_ rows: [[Double]], _ values: [Double]) -> [Double] {
    let order = rows.first?.count ?? 0
    var matrix = (0..<order).map { i in
      (0..<order).map { j in rows.reduce(0) { $0 + $1[i] * $1[j] } }
        + [zip(rows, values).reduce(0) { $0 + $1.0[i] * $1.1 }]
    }
    // A column without spread, as the segments of needles, gets the weight 0.
    for column in 0..<order { matrix[column][column] += 1e-9 }
    for column in 0..<order {
      let pivot =
        (column..<order).max { abs(matrix[$0][column]) < abs(matrix[$1][column]) } ?? column
      matrix.swapAt(column, pivot)
      for row in 0..<order where row != column {
        let factor = matrix[row][column] / matrix[column][column]
        for place in column...order { matrix[row][place] -= factor * matrix[column][place] }
      }
    }
    return (0..<order).map { matrix[$0][order] / matrix[$0][$0] }
  }
}
