import ArgumentParser
import ArrayFigures
import Decomposition
import Foundation
import Signal

/// Refits the law of predicted agreement and judges it on seeds that the fit has not seen.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Refit the predicted agreement and judge it on unseen seeds.",
    discussion: "Acceptance is loosened so that candidates are there which it would reject.")

  @Option(help: "Seeds to fit on, as FIRST..LAST.")
  var seeds: SeedRange
  @Option(help: "Seeds to judge on, as FIRST..LAST.")
  var unseen: SeedRange
  @Option(help: "tripole, travelling or both.")
  var simulator = ArrayCase.Simulator.both
  @Option(help: "standard, or thorough for the law after joint decisions.", transform: namedEffort)
  var effort = ArrayConfiguration.Effort.standard
  @Option(help: "Seconds of recordings on a surface grid of 8 x 8; else the seed draws the kind.")
  var duration: Double?
  @Option(help: "Threads.")
  var threads = 1
  @Option(help: "A JSON file that keeps the found units; read instead where it exists.")
  var keep: String?
  @Option(name: .customLong("with"), help: "Further files of units that were kept so.")
  var further: [String] = []

  private struct Kept: Codable {
    var training: [ArrayOutcome.Found]
    var unseen: [ArrayOutcome.Found]
  }

  func run() throws {
    var kept = try candidates()
    for file in further {
      let other = try JSONDecoder().decode(
        Kept.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
      kept.training += other.training
      kept.unseen += other.unseen
    }
    print("\(kept.training.count) units to fit on, \(kept.unseen.count) unseen")
    report("in use", kept.unseen.map { ($0.predicted, $0) })
    let joint: [[AgreementFit.Predictor]] = [
      [.clearness, .variation, .halves], [.clearness, .variation, .halves, .boundedDischarges],
      [.clearness, .variation, .halves, .pulseToNoise], [.clearness, .variation, .halves, .round],
      [.clearness, .variation],
    ]
    let alone: [[AgreementFit.Predictor]] = [
      [.clearness, .heightVariation], [.clearness, .variation],
      [.clearness, .heightVariation, .pulseToNoise],
      [.clearness, .heightVariation, .discharges],
      [.clearness, .heightVariation, .pulseToNoise, .discharges],
      [.clearness, .heightVariation, .pulseToNoise, .discharges, .round],
      AgreementFit.Predictor.allCases,
    ]
    for predictors in effort == .thorough ? joint : alone {
      let fit = AgreementFit(kept.training, predictors: predictors)
      print()
      print(
        zip(["constant"] + predictors.map(\.rawValue), fit.weights)
          .map { "\($0) " + String(format: "%.4f", $1) }.joined(separator: ", "))
      report("fitted", kept.training.map { (fit.predicted($0), $0) })
      report("unseen", kept.unseen.map { (fit.predicted($0), $0) })
    }
  }

  private func candidates() throws -> Kept {
    if let keep, let data = FileManager.default.contents(atPath: keep) {
      return try JSONDecoder().decode(Kept.self, from: data)
    }
    let kept = Kept(training: try founds(seeds.range), unseen: try founds(unseen.range))
    if let keep { try JSONEncoder().encode(kept).write(to: URL(fileURLWithPath: keep)) }
    return kept
  }

  private func founds(_ range: ClosedRange<UInt64>) throws -> [ArrayOutcome.Found] {
    var settings = ArrayConfiguration()
    settings.effort = effort
    if effort == .thorough {
      // Only what is decided at the end: what stays between rounds changes the rest.
      settings.agreementLimit = 0.3
      settings.jointCrossFitLimit = 0.7
    } else {
      settings.agreementLimit = 0.1
      settings.searchAgreementLimit = 0.1
      settings.silhouetteLimit = 0.8
    }
    return try range.flatMap { seed in
      let outcome = try ArrayOutcome(
        ArrayCase(seed: seed, simulator: simulator, duration: duration), configuration: settings,
        parallelism: Parallelism(threadCount: threads))
      print(ArrayTable.row(outcome))
      fflush(nil)
      return outcome.founds
    }
  }

  /// Scores, and what acceptance at several limits would keep.
  private func report(_ name: String, _ pairs: [(predicted: Double, found: ArrayOutcome.Found)]) {
    let score = AgreementFit.score(pairs.map { ($0.predicted, $0.found.agreement) })
    print(
      "  \(name): "
        + String(
          format: "log score %.4f, mean absolute error %.4f", score.logarithmic, score.absolute))
    for limit in [0.4, 0.5, 0.6, 0.7, 0.8] {
      let kept = pairs.filter { $0.predicted >= limit }.map(\.found)
      print(
        String(
          format: "    limit %.1f: %d kept, %d at RoA >= 0.9, %d false (%.2f %%)", limit,
          kept.count, kept.count { $0.agreement >= 0.9 && !$0.isDuplicate },
          kept.count(where: \.isFalse),
          100 * Double(kept.count(where: \.isFalse)) / Double(max(1, kept.count))))
    }
  }
}
