import Decomposition
import Foundation

/// The clinical measures of one unit of a needle recording.
///
/// No normal limits are given: published ones depend on muscle, age, electrode and method, and
/// belong to the method they were collected with.
public struct NeedleUnitMeasures: Codable, Sendable, Equatable {
  /// Number of the unit.
  public var unit: Int
  /// The channel on which the potential is largest and was measured.
  public var channel: Int
  /// Measures of the averaged potential; nil where it does not rise above baseline.
  public var potential: PotentialMeasures?
  /// Shape variability; nil with fewer than 10 discharges that can be used.
  public var variability: ShapeVariability?
  /// Mean discharge rate in Hz while active, missed discharges allowed for.
  public var meanRate: Double
  /// Coefficient of variation of the inter-spike intervals.
  public var isiCoV: Double
  /// Rate over the first five intervals in Hz: the onset rate; nil with fewer.
  public var onsetRate: Double?
  /// First discharge in seconds.
  public var recruitment: Double
  /// Last discharge in seconds.
  public var derecruitment: Double
  /// Number of other units that were active at this unit's first discharge.
  public var unitsActiveAtRecruitment: Int
  /// Whether the unit is tentative; its measures then are too.
  public var isTentative: Bool
}

/// Measures every unit of a result on the channel where its potential is largest.
///
/// `channels` are those that were decomposed, in microvolts.
public func needleUnitMeasures(
  _ result: NeedleResult, channels: [[Float]],
  configuration: PotentialMeasureConfiguration = PotentialMeasureConfiguration()
) -> [NeedleUnitMeasures] {
  result.units.indices.map { index in
    measures(index, result: result, channels: channels, configuration: configuration)
  }
}

private func measures(
  _ index: Int, result: NeedleResult, channels: [[Float]],
  configuration: PotentialMeasureConfiguration
) -> NeedleUnitMeasures {
  let unit = result.units[index]
  func span(_ values: [Float]) -> Float { (values.max() ?? 0) - (values.min() ?? 0) }
  let spans = unit.template.channels.map(span)
  let channel = spans.indices.max { spans[$0] < spans[$1] } ?? 0
  let isolated = IsolatedPotentials(
    of: index, in: result.units, channel: channel, samples: channels[channel],
    samplingRate: result.samplingRate)
  let potential = PotentialMeasures(
    potential: unit.template.channels[channel], samplingRate: unit.template.samplingRate,
    averagingError: AveragingError(
      potentials: isolated.rows, samplingRate: result.samplingRate),
    configuration: configuration)
  let reach = Int(0.002_5 * result.samplingRate)
  let outer = Int(0.003 * result.samplingRate)
  let length = 2 * isolated.origin + 1
  let variability = ShapeVariability(
    potentials: isolated.rows,
    core: max(0, isolated.origin - reach)..<isolated.origin + reach + 1,
    baselines: [0..<outer, length - outer..<length])
  let seconds = unit.train.seconds
  let first = seconds.first ?? 0
  let last = seconds.last ?? 0
  let active = result.units.enumerated().filter { other in
    let times = other.element.train.seconds
    return other.offset != index && (times.first ?? .infinity) < first && (times.last ?? 0) > first
  }
  return NeedleUnitMeasures(
    unit: unit.id, channel: channel, potential: potential, variability: variability,
    meanRate: 1 / max(1e-6, unit.meanInterval), isiCoV: unit.isiCoV,
    onsetRate: seconds.count > 5 ? 5 / max(1e-6, seconds[5] - seconds[0]) : nil,
    recruitment: first, derecruitment: last, unitsActiveAtRecruitment: active.count,
    isTentative: unit.isTentative)
}
