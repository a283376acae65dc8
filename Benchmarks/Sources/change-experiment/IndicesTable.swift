import Foundation
import MotorUnits
import Signal

/// Markdown tables of the change experiment.
struct IndicesTable {
  let changes: [SessionChange]
  let figures: [SessionFigures]
  let seed: UInt64

  private var conditions: [ExperimentCondition] {
    ExperimentCondition.allCases.filter { condition in
      changes.contains { $0.condition == condition }
    }
  }

  private func logs(_ index: ChangeIndex, _ condition: ExperimentCondition) -> [Double] {
    changes.filter { $0.condition == condition }.compactMap { $0.ratios[index].map { log($0) } }
      .filter(\.isFinite)
  }

  /// Geometric mean ratio to the reference, with the SD of the logarithm and the number of pairs.
  func printRatios() {
    print("\n| index | " + conditions.map(\.rawValue).joined(separator: " | ") + " |")
    print("|---|" + conditions.map { _ in "---|" }.joined())
    for index in ChangeIndex.allCases {
      let cells = conditions.map { condition -> String in
        let values = logs(index, condition)
        guard values.count > 1 else { return "-" }
        return String(
          format: "%.2f (%.2f, %d)", exp(Sample.mean(values)), Sample.deviation(values),
          values.count)
      }
      print("| \(index.rawValue) | " + cells.joined(separator: " | ") + " |")
    }
  }

  /// AUC of losses against repeats; detection by person and by group of 20.
  func printDetection() {
    let losses = conditions.filter { $0.rawValue.hasPrefix("loss") }
    let names = losses.map(\.rawValue)
    print(
      "\n| index | " + names.map { "AUC \($0)" }.joined(separator: " | ")
        + " | by person at 5 %, loss-30 | groups of 20: loss-30 | groups of 20: repeat |")
    print("|---|" + (names + ["", "", ""]).map { _ in "---|" }.joined())
    for index in ChangeIndex.allCases {
      let repeats = logs(index, .sameDay)
      var cells = losses.map {
        Sample.auc(lower: logs(index, $0), higher: repeats).text(2)
      }
      cells.append(Sample.detected(logs(index, .loss30), normal: repeats).text(2))
      cells.append(groupDetection(index, .loss30).text(2))
      cells.append(groupDetection(index, .sameDay).text(2))
      print("| \(index.rawValue) | " + cells.joined(separator: " | ") + " |")
    }
  }

  /// Share of resampled groups of 20 people whose mean change falls significantly below zero.
  ///
  /// One-sided t test at 5 % of the logarithm of the ratio. Survival is below 1 even in a repeat and
  /// is taken against each person's own repeat, so that its false alarms cannot be counted.
  private func groupDetection(_ index: ChangeIndex, _ condition: ExperimentCondition) -> Double? {
    var values = logs(index, condition)
    if index == .survival || index == .survivalAndPower {
      if condition == .sameDay { return nil }
      values = pairedLogs(index, condition)
    }
    guard values.count >= 4 else { return nil }
    var random = SeededGenerator(seed: seed, stream: 11)
    var hits = 0
    let groups = 2_000
    for _ in 0..<groups {
      let group = (0..<20).map { _ in values[random.index(below: values.count)] }
      let error = Sample.deviation(group) / 20.0.squareRoot()
      // 1.729 is the 95 % point of Student's t with 19 degrees of freedom.
      if Sample.mean(group) < -1.729 * error { hits += 1 }
    }
    return Double(hits) / Double(groups)
  }

  /// Logarithms of the index over that of the same person's repeat.
  private func pairedLogs(_ index: ChangeIndex, _ condition: ExperimentCondition) -> [Double] {
    changes.filter { $0.condition == condition }.compactMap { change in
      let sameDay = changes.first {
        $0.condition == .sameDay && $0.muscle == change.muscle && $0.simulator == change.simulator
      }
      guard let value = change.ratios[index], let usual = sameDay?.ratios[index] else { return nil }
      return log(value / usual)
    }
  }

  /// Pooled survival normalised by the repeats, beside the share of tracked units that live.
  func printSurvival() {
    print(
      "\n| condition | people | S_norm pooled [5–95 %] | truly alive | interval by person covers |")
    print("|---|---|---|---|---|")
    for condition in conditions where condition != .sameDay {
      var survivals: [MatchedUnitSurvival] = []
      var alive = 0
      var known = 0
      var covered = 0
      var judged = 0
      for change in changes where change.condition == condition {
        let sameDay = changes.first {
          $0.condition == .sameDay && $0.muscle == change.muscle
            && $0.simulator == change.simulator
        }
        guard let sameDay,
          let survival = MatchedUnitSurvival(change.matching, sameDay: sameDay.matching)
        else { continue }
        survivals.append(survival)
        alive += change.trulyAlive.alive
        known += change.trulyAlive.known
        if let bounds = survival.normalisedBounds, change.trulyAlive.known > 0 {
          let share = Double(change.trulyAlive.alive) / Double(change.trulyAlive.known)
          judged += 1
          if bounds[0] <= share && share <= bounds[1] { covered += 1 }
        }
      }
      guard let pooled = PooledUnitSurvival(survivals) else { continue }
      print(
        String(
          format: "| %@ | %d | %.2f [%.2f–%.2f] | %.2f | %d of %d |", condition.rawValue,
          pooled.people, pooled.normalised, pooled.bounds[0], pooled.bounds[1],
          Double(alive) / Double(max(1, known)), covered, judged))
    }
  }

  /// Absolute values against the truth: bias, scatter, coverage.
  func printCoverage() {
    print("\n| quantity | sessions | bias | SD ln | median error | covered |")
    print("|---|---|---|---|---|---|")
    let counts = figures.compactMap { figure -> (ratio: Double, covers: Bool)? in
      guard let estimate = figure.extrapolated, let value = estimate.median,
        let lower = estimate.lower, let upper = estimate.upper, figure.trueActive > 0
      else { return nil }
      return (
        value / figure.trueActive, lower <= figure.trueActive && figure.trueActive <= upper
      )
    }
    printRow("extrapolated count, 90 % interval", counts)
    printRow(
      "the same without a flag but the onset",
      figures.compactMap { figure -> (ratio: Double, covers: Bool)? in
        guard let estimate = figure.extrapolated, estimate.flags.allSatisfy({ $0 == .onset }),
          let value = estimate.median, let lower = estimate.lower, let upper = estimate.upper,
          figure.trueActive > 0
        else { return nil }
        return (
          value / figure.trueActive, lower <= figure.trueActive && figure.trueActive <= upper
        )
      })
    let numbers = figures.compactMap { figure -> (ratio: Double, covers: Bool)? in
      guard let number = figure.effectiveNumber, figure.trueEffectiveNumber > 0 else { return nil }
      let truth = figure.trueEffectiveNumber
      return (number.value / truth, number.lowerBound <= truth && truth <= number.upperBound)
    }
    printRow("effective number N2, its bounds", numbers)
  }

  private func printRow(_ name: String, _ values: [(ratio: Double, covers: Bool)]) {
    guard values.count > 1 else { return }
    let logs = values.map { log($0.ratio) }
    let errors = values.map { abs($0.ratio - 1) }.sorted()
    print(
      String(
        format: "| %@ | %d | %.2f | %.2f | %.0f %% | %.2f |", name, values.count,
        exp(logs.sorted()[logs.count / 2]), Sample.deviation(logs),
        100 * errors[errors.count / 2],
        Double(values.filter(\.covers).count) / Double(values.count)))
  }
}

/// Statistics of small samples.
enum Sample {
  static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }

  static func deviation(_ values: [Double]) -> Double {
    let centre = mean(values)
    let sum = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return (sum / Double(max(1, values.count - 1))).squareRoot()
  }

  /// Probability that a value of `lower` lies below one of `higher`, ties counted half.
  static func auc(lower: [Double], higher: [Double]) -> Double? {
    guard !lower.isEmpty, !higher.isEmpty else { return nil }
    var wins = 0.0
    for a in lower {
      for b in higher { wins += a < b ? 1 : (a == b ? 0.5 : 0) }
    }
    return wins / Double(lower.count * higher.count)
  }

  /// Share of values below the 5 % limit of normal ones (mean less 1.645 deviations).
  static func detected(_ values: [Double], normal: [Double]) -> Double? {
    guard values.count > 1, normal.count > 1 else { return nil }
    let limit = mean(normal) - 1.645 * deviation(normal)
    return Double(values.filter { $0 < limit }.count) / Double(values.count)
  }
}

extension Double? {
  /// The number with fixed decimals, or a dash.
  func text(_ decimals: Int) -> String {
    map { String(format: "%.\(decimals)f", $0) } ?? "-"
  }
}
