import Foundation

/// A gain that changes at once within a scan: electrodes that move, a cable that is touched.
///
/// The step of a unit is blurred: around its threshold the unit answers by chance over some 10 to 30
/// stimuli. A change of the gain is complete from one stimulus to the next, and a rise while the
/// stimulus falls is no unit's at all. Both explanations are fitted to the responses around each
/// place, beside one unit that alternates there; the evidence is the ratio of their likelihoods.
struct GainStep: Sendable, Equatable {
  /// Place of the first response after the step, in order of delivery.
  var place: Int
  /// Gain after over gain before.
  var gain: Double
  /// Standard error of ln(gain).
  var error: Double

  /// The step of a scan whose parts are known; nil where none is sure.
  ///
  /// `spread` is the relative spread of the thresholds.
  static func find(
    _ points: ScanPoints, spread: Double, settings: ScanConfiguration.Cleaning
  ) -> GainStep? {
    let (baseline, cmap, count) = (points.baseline, points.cmap, points.count)
    let falling = zip(points.stimulus.dropFirst(), points.stimulus).count { $0 <= $1 }
    guard cmap > 0, spread > 0, Double(falling) > 0.9 * Double(count - 1) else { return nil }
    let response = points.response.map { ($0 - baseline) / cmap }
    let position = points.stimulus.map { log($0) }
    let noise = max(points.bottomNoise / cmap, 1e-6)
    let full = settings.stepHalfWidth
    var best: (step: GainStep, score: Double)?
    for half in [7 * full / 10, full] {
      let last = count - max(half, points.postCount)
      guard half < last else { continue }
      for place in half..<last {
        let window = Array(response[place - half..<place + half])
        guard let found = Trial(window, noise: noise, settings: settings) else { continue }
        let middle = (position[place - 1] + position[place]) / 2
        let distance = (place - half..<place + half).map { (position[$0] - middle) / spread }
        guard let score = found.score(distance, settings: settings),
          score > best?.score ?? 0
        else { continue }
        best = (GainStep(place: place, gain: found.gain, error: found.error), score)
      }
    }
    return best?.step
  }

  /// One place and width, with the fit of a step there.
  private struct Trial {
    let window: [Double]
    let noise: Double
    let jump: Double
    let size: Double
    let gain: Double
    let error: Double
    let fitted: Double
    /// ln of the likelihood ratio to no step at all.
    let evidence: Double

    /// Nil where a look at the means already tells that there is no step of that size.
    init?(_ window: [Double], noise: Double, settings: ScanConfiguration.Cleaning) {
      let half = window.count / 2
      let left = window[..<half].reduce(0, +) / Double(half)
      let right = window[half...].reduce(0, +) / Double(half)
      let jump = right - left
      let edge = window[half] - window[half - 1]
      let level = max(left, right)
      guard level > settings.stepLevel, abs(edge) > 0.02, edge * jump > 0,
        abs(jump) > 0.6 * settings.leastStep * level
      else { return nil }
      let rest = window.enumerated().map { $0.element - left - ($0.offset < half ? 0 : jump) }
        .sorted()
      let size = max(
        OrderStatistics.quantile(sorted: rest, 0.85) - OrderStatistics.quantile(sorted: rest, 0.15),
        2 * noise)
      // Units vary from response to response: neighbours of a plateau by some 0.4 %.
      let least = max(noise, 0.004 * level)
      let step = AlternationFit(
        window, happened: window.indices.map { $0 < half ? 0 : 1 }, jump: jump, size: size,
        noise: least)
      guard step.before > 0.02, step.after > 0.02 else { return nil }
      let change = log(step.after / step.before)
      guard abs(change) > settings.leastStep, abs(change) < settings.largestStep else { return nil }
      let none = AlternationFit(
        window, happened: window.map { _ in 0 }, jump: 0, size: max(size, abs(jump)), noise: least)
      self.window = window
      self.noise = least
      self.jump = jump
      self.size = size
      gain = exp(change)
      error = step.jumpError / min(step.before, step.after)
      fitted = step.logLikelihood
      evidence = step.logLikelihood - none.logLikelihood
      guard evidence > min(settings.stepEvidence, settings.riseEvidence) else { return nil }
    }

    /// How sure the step is; nil where a unit may be the reason.
    ///
    /// `distance` is that of the stimuli from the place of the step in spreads.
    func score(_ distance: [Double], settings: ScanConfiguration.Cleaning) -> Double? {
      var best = -Double.infinity
      for shift in stride(from: -2.5, through: 2.5, by: 5.0 / 6) {
        let happened = distance.map { 0.5 * erfc(($0 - shift) / 2.0.squareRoot()) }
        let unit = AlternationFit(
          window, happened: happened, jump: min(jump, -0.02), size: size, noise: noise)
        best = max(best, unit.logLikelihood)
      }
      let over = fitted - best
      let isSure =
        gain > 1
        ? evidence > settings.riseEvidence && over > settings.riseEvidence
        : evidence > settings.stepEvidence && over > settings.stepUnitEvidence
          || evidence > settings.clearStepEvidence && over > settings.clearStepUnitEvidence
      return isSure ? min(evidence, 3 * over) : nil
    }
  }
}
