import Foundation

/// Stimuli that were stored in coarse steps, spread again in their order of delivery.
///
/// A stimulator falls in small steps; a file with one decimal shows runs of equal values. Within its
/// rounding cell each stimulus gets the place that a local straight line over the order gives it.
enum RoundedStimuli {
  /// The step of the stored values and the restored stimuli; nil where they are fine enough.
  static func restore(
    _ points: ScanPoints, settings: ScanConfiguration.Cleaning
  ) -> (step: Double, tied: Int, stimulus: [Double])? {
    let middle = points.middle
    guard middle.count >= 40 else { return nil }
    let run = Array(points.stimulus[middle])
    let differences = zip(run.dropFirst(), run).map { $0 - $1 }
    let falling = differences.count { $0 < 0 }
    // Only a scan that falls as a whole has an order to go by.
    guard
      Double(differences.count(where: { $0 > 0 })) < settings.fallingShare * Double(falling)
    else { return nil }
    let tied = differences.count { $0 == 0 }
    guard let step = spacing(run) else { return nil }
    let mean = (run[0] - run[run.count - 1]) / Double(run.count - 1)
    // Rounding disturbs where it is not small beside the step from stimulus to stimulus.
    let coarsest = -(differences.min() ?? 0)
    guard mean > 0, step > settings.coarseStep * mean,
      Double(tied) >= settings.tiedShare * Double(run.count)
        || coarsest > settings.coarsestStep * step
    else {
      return nil
    }
    let half = max(4, Int((3 * step / mean).rounded(.up)))
    var restored = run
    for index in run.indices {
      let low = max(0, index - half)
      let high = min(run.count - 1, index + half)
      let value = line(run, low...high, at: index)
      restored[index] = min(max(value, run[index] - step / 2), run[index] + step / 2)
    }
    for index in restored.indices.dropFirst() where restored[index] > restored[index - 1] {
      if run[index] <= run[index - 1] { restored[index] = restored[index - 1] }
    }
    var stimulus = points.stimulus
    for (place, value) in zip(middle, restored) { stimulus[place] = value }
    return (step, tied, stimulus)
  }

  /// The largest step of which all values are multiples; nil where the values are finer than 1 %
  /// of their range.
  private static func spacing(_ values: [Double]) -> Double? {
    let distinct = Set(values).sorted()
    guard distinct.count >= 5 else { return nil }
    let gaps = zip(distinct.dropFirst(), distinct).map { $0 - $1 }
    guard let least = gaps.min(), least > 0 else { return nil }
    // All gaps are multiples of the least one, or the least one is not a step.
    let isStep = gaps.allSatisfy { abs($0 / least - ($0 / least).rounded()) < 0.02 }
    return isStep ? least : nil
  }

  private static func line(_ values: [Double], _ range: ClosedRange<Int>, at index: Int) -> Double {
    let count = Double(range.count)
    let middle = Double(range.lowerBound + range.upperBound) / 2
    let mean = values[range].reduce(0, +) / count
    var (xy, xx) = (0.0, 0.0)
    for place in range {
      let x = Double(place) - middle
      xy += x * values[place]
      xx += x * x
    }
    return mean + xy / xx * (Double(index) - middle)
  }
}
