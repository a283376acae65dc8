import ArgumentParser
import FollowUp
import Progression
import Registry

/// Arguments that say which values of a patient are fitted, and how.
struct TrendArguments: ParsableArguments {
  @Option(help: "Measure, such as munix; can be repeated (default: all that are stored).")
  var measure: [String] = []

  @Option(help: "One muscle only.")
  var muscle: String?

  @Option(help: "One side only.")
  var side: BodySide?

  @Option(
    help: "Therapy to compare, by kind, name or start (default: the first after the first visit).")
  var therapy: String?

  @Option(
    name: .customLong("onset-lag"), help: "Months from the first dose to the start of its effect.")
  var onsetLag = 0.0

  func validate() throws {
    guard onsetLag.isFinite, onsetLag >= 0 else {
      throw ValidationError("--onset-lag \(onsetLag): expected 0 or more months")
    }
  }

  /// The request these arguments make.
  var request: PatientTrends.Request {
    PatientTrends.Request(
      measures: measure, muscle: muscle, side: side, therapy: therapy,
      regression: SegmentedRegression(onsetLag: onsetLag))
  }
}
