import Foundation

extension CMAPScanEstimator {
  /// Widens the intervals where few of the units make half of the CMAP.
  ///
  /// N50 over the number tells how unequal the sizes are: about 0.19 for exponential sizes, and more
  /// for all others that the networks were trained on. Below that a few large units stand beside
  /// many small ones, of which one channel does not show how many there are: the number may be
  /// higher, and N50 lies between the large and the small ones. The point stays.
  func widenUnequalSizes(_ estimate: inout CMAPScanEstimate) {
    let settings = configuration.enlarged
    let share = estimate.n50 / estimate.unitCount
    guard estimate.unitCount >= settings.fewestUnequal, share > 0, share < settings.leastHalfShare
    else { return }
    let excess = log(settings.leastHalfShare / share)
    let numberError = min(settings.unequalError * excess, settings.mostUnequalError)
    let halfError = min(settings.unequalN50Error * excess, settings.mostUnequalN50Error)
    estimate.interval90[1] *= exp(numberError)
    estimate.n50Interval90[0] *= exp(-halfError)
    estimate.n50Interval90[1] *= exp(halfError)
    estimate.logStandardError = CMAPScanEstimate.standardError(
      logWidth: log(estimate.interval90[1] / estimate.interval90[0]))
    estimate.n50LogStandardError = CMAPScanEstimate.standardError(
      logWidth: log(estimate.n50Interval90[1] / estimate.n50Interval90[0]))
    guard numberError > settings.toldUnequalError,
      !estimate.flags.contains(where: { $0.kind == .enlargedUnits })
    else { return }
    let percent = Int((100 * share).rounded())
    estimate.flags.append(
      ScanFlag(
        .enlargedUnits,
        "\(percent) % of the units make half of the CMAP: if few large units stand beside many small "
          + "ones the number may be up to \(Int(estimate.interval90[1].rounded())), otherwise it is "
          + "\(Int(estimate.unitCount.rounded())); the interval holds both"))
  }
}
