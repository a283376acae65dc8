import Foundation
import Progression

/// CPU time of one M3 fit with and without Kenward-Roger, with the results to hold against others.
public struct FitTiming: Sendable {
  /// CPU seconds of design, sums and optimum; the best of several runs.
  public let fitSeconds: Double
  /// CPU seconds of the Kenward-Roger covariance and the degrees of freedom of every effect.
  public let kenwardRogerSeconds: Double
  /// REML criterion at the optimum.
  public let criterion: Double
  /// The change of slope.
  public let slopeChange: Double
  /// Its Kenward-Roger standard error.
  public let standardError: Double
  /// Its Kenward-Roger degrees of freedom.
  public let degreesOfFreedom: Double

  /// Times a fit of a table from memory.
  public init(_ table: LongitudinalTable, repeats: Int = 15) throws {
    precondition(repeats > 0, "at least one run")
    let model = MixedModel()
    var fitTime = Double.infinity
    var correctionTime = Double.infinity
    var fit = try model.fit(table)
    var effects = try fit.kenwardRoger().effects
    for _ in 0..<repeats {
      let start = FitTiming.processorTime()
      fit = try model.fit(table)
      let middle = FitTiming.processorTime()
      effects = try fit.kenwardRoger().effects
      fitTime = min(fitTime, middle - start)
      correctionTime = min(correctionTime, FitTiming.processorTime() - middle)
    }
    let estimate = effects[2].estimate
    fitSeconds = fitTime
    kenwardRogerSeconds = correctionTime
    criterion = fit.criterion
    slopeChange = estimate.value
    standardError = estimate.standardError
    degreesOfFreedom = estimate.degreesOfFreedom
  }

  private static func processorTime() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + 1e-9 * Double(now.tv_nsec)
  }
}
