import ArgumentParser
import FollowUp
import Foundation
import Progression

/// Arguments of controls of earlier trials.
struct HistoryArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help:
      "Control arms of earlier trials, comma-separated, each SLOPE/SE in percent a month, such as -4.2/0.5,-4.9/0.7: a robust prior of the controls' slope. Needs --controls and an SD between trials."
  )
  var historical: String?

  @Option(
    name: .customLong("historical-of"),
    help: "What they tell: slope (after the first dose or placebo) or change (of slope then).")
  var quantity: HistoricalPlan.Quantity = .slope

  @Option(
    name: .customLong("between-trial-sd"),
    help: "SD of the true slopes between trials, percentage points a month, taken as known.")
  var betweenTrialSD: Double?

  @Option(
    name: .customLong("between-trial-prior"),
    help: "The same not known: scale of its half-normal prior.")
  var betweenTrialPrior: Double?

  @Option(
    name: .customLong("robust-weight"),
    help: "Weight of the vague component that lets the trial's own controls overrule the others.")
  var robustWeight = 0.2

  func validate() throws {
    guard historical != nil else {
      guard betweenTrialSD == nil, betweenTrialPrior == nil, robustWeight == 0.2,
        quantity == .slope
      else {
        throw ValidationError(
          "--historical-of, --between-trial-sd, --between-trial-prior and --robust-weight need "
            + "--historical")
      }
      return
    }
    guard (betweenTrialSD == nil) != (betweenTrialPrior == nil) else {
      throw ValidationError(
        "--historical needs --between-trial-sd or --between-trial-prior: how much trials differ")
    }
    guard
      [betweenTrialSD, betweenTrialPrior].compactMap({ $0 }).allSatisfy({ (0...50).contains($0) })
    else {
      throw ValidationError("--between-trial-sd, --between-trial-prior: expected 0 to 50")
    }
    guard (0..<1).contains(robustWeight) else {
      throw ValidationError("--robust-weight \(robustWeight): expected 0 to less than 1")
    }
    _ = try percents()
  }

  /// Slopes with their errors in percent a month.
  private func percents() throws -> [(mean: Double, error: Double)] {
    try (historical ?? "").split(separator: ",", omittingEmptySubsequences: false).map { text in
      let parts = text.split(separator: "/").map {
        Double($0.trimmingCharacters(in: .whitespaces))
      }
      guard parts.count == 2, let mean = parts[0], let error = parts[1], mean > -90, mean < 100,
        error > 0, error < 50
      else {
        throw ValidationError(
          "--historical \(text): expected SLOPE/SE in percent a month, such as -4.2/0.5")
      }
      return (mean, error)
    }
  }

  /// Controls of earlier trials; nil where none are named.
  func controls() throws -> HistoricalControls? {
    guard historical != nil else { return nil }
    return HistoricalControls(
      slopesPercent: try percents(), quantity: quantity,
      betweenTrials: betweenTrialSD.map { .known($0) }
        ?? .halfNormal(scale: betweenTrialPrior ?? 0),
      robustWeight: robustWeight)
  }
}

extension HistoricalPlan.Quantity: ExpressibleByArgument {}
