import Foundation

/// How a motor unit potential is marked and measured.
public struct PotentialMeasureConfiguration: Codable, Sendable, Equatable {
  /// The largest slope outside the marks of onset and end, in microvolts for each millisecond.
  ///
  /// The criterion of 10 uV/ms on averaged potentials is that of Stalberg, Andreassen, Falck, Lang,
  /// Rosenfalck and Trojaborg 1986, Muscle Nerve 9:313.
  public var slopeMicrovoltsPerMillisecond = 10.0
  /// The smallest deflection from the baseline at a mark, in microvolts.
  public var baselineMicrovolts = 20.0
  /// No criterion of a mark is finer than this many times its error.
  public var errorFactor = 3.0
  /// A quiet stretch that ends the search for a mark, in seconds.
  public var quietSeconds = 0.001_5
  /// The least amplitude of a phase, in microvolts.
  public var phaseMicrovolts = 20.0
  /// The least voltage change between two turns, in microvolts.
  public var turnMicrovolts = 50.0

  /// The default criteria.
  public init() {}
}

/// Clinical measures of one averaged motor unit potential.
public struct PotentialMeasures: Codable, Sendable, Equatable {
  /// Peak-to-peak amplitude in microvolts.
  public var amplitudeMicrovolts: Double
  /// Onset to end in milliseconds.
  public var durationMilliseconds: Double
  /// Onset mark in samples of the template.
  public var onset: Int
  /// End mark in samples of the template.
  public var end: Int
  /// Rectified area between the marks in microvolts times milliseconds.
  public var areaMicrovoltMilliseconds: Double
  /// Area over amplitude in milliseconds (Nandedkar, Barkhaus and Sanders 1988).
  public var areaToAmplitudeMilliseconds: Double
  /// 2 log10(amplitude in mV) + area over amplitude in ms (Sonoo and Stalberg 1993).
  public var sizeIndex: Double
  /// Baseline crossings between the marks plus one; only deflections of the least phase amplitude.
  public var phases: Int
  /// Direction changes with the least turn amplitude on either side.
  public var turns: Int
  /// From the positive peak to the next main negative one, in milliseconds.
  ///
  /// Negativity points up in the clinical display and is the positive sign of the samples here; the
  /// rise is from the least sample before the largest to the largest.
  public var riseTimeMilliseconds: Double
  /// From the first to the last peak of the least turn amplitude, in milliseconds.
  public var spikeDurationMilliseconds: Double

  /// Measures one channel of a potential in microvolts; nil where nothing rises above baseline.
  ///
  /// Marks: from the largest deflection outwards, a mark is the last sample before a quiet stretch
  /// in which both the deflection and the slope over 1 ms stay below their criteria, or below
  /// `errorFactor` times their error where that is more: the larger of `averagingError` and of what the
  /// quieter outer tenth shows. Where the slope alone made the mark, it is moved inwards to the
  /// criterion of the deflection, at most by the half millisecond that a slope reaches over. The baseline
  /// is the median of the outer tenth on either side.
  public init?(
    potential: [Float], samplingRate: Double, averagingError: AveragingError? = nil,
    configuration: PotentialMeasureConfiguration = PotentialMeasureConfiguration()
  ) {
    precondition(samplingRate > 0, "a sampling rate is positive")
    if potential.count < 16 || potential.contains(where: { !$0.isFinite }) { return nil }
    let outer = max(4, potential.count / 10)
    let edges = (potential.prefix(outer) + potential.suffix(outer)).sorted()
    let baseline = Double(edges[edges.count / 2])
    let values = potential.map { Double($0) - baseline }
    guard let peak = values.indices.max(by: { abs(values[$0]) < abs(values[$1]) }),
      abs(values[peak]) > configuration.baselineMicrovolts
    else { return nil }
    let millisecond = samplingRate / 1_000
    let marks = PotentialMarks(
      values, peak: peak, outer: outer, samplesPerMillisecond: millisecond,
      error: averagingError, configuration: configuration)
    let inside = Array(values[marks.onset...marks.end])
    let high = inside.max() ?? 0
    let low = inside.min() ?? 0
    onset = marks.onset
    end = marks.end
    amplitudeMicrovolts = high - low
    durationMilliseconds = Double(marks.end - marks.onset) / millisecond
    areaMicrovoltMilliseconds = inside.reduce(0) { $0 + abs($1) } / millisecond
    areaToAmplitudeMilliseconds = areaMicrovoltMilliseconds / max(1e-9, amplitudeMicrovolts)
    sizeIndex =
      2 * log10(max(1e-9, amplitudeMicrovolts / 1_000)) + areaToAmplitudeMilliseconds
    phases = Self.phases(inside, least: configuration.phaseMicrovolts)
    let turning = turningPoints(inside, least: configuration.turnMicrovolts)
    turns = turning.count
    spikeDurationMilliseconds =
      turning.count < 2
      ? 0 : Double(turning[turning.count - 1] - turning[0]) / millisecond
    let top = inside.indices.max { inside[$0] < inside[$1] } ?? 0
    let bottom = inside[...top].indices.min { inside[$0] < inside[$1] } ?? 0
    riseTimeMilliseconds = Double(top - bottom) / millisecond
  }

  private static func phases(_ values: [Double], least: Double) -> Int {
    var count = 0
    var sign = 0
    for value in values where abs(value) >= least {
      let now = value > 0 ? 1 : -1
      if now != sign {
        count += 1
        sign = now
      }
    }
    return count
  }
}

/// Where a potential begins and ends.
struct PotentialMarks {
  let onset: Int
  let end: Int

  init(
    _ values: [Double], peak: Int, outer: Int, samplesPerMillisecond: Double,
    error: AveragingError?, configuration: PotentialMeasureConfiguration
  ) {
    // Over 1 ms: over less, the noise of the average alone is steeper than the criterion.
    let reach = max(1, Int(0.5 * samplesPerMillisecond))
    func slope(_ index: Int) -> Double {
      let low = max(0, index - reach)
      let high = min(values.count - 1, index + reach)
      return (values[high] - values[low]) / Double(high - low) * samplesPerMillisecond
    }
    // Averaging noise must not hide the ends.
    func noise(_ value: (Int) -> Double) -> Double {
      [0..<outer, values.count - outer..<values.count].map { edge in
        (edge.reduce(0) { $0 + value($1) * value($1) } / Double(edge.count)).squareRoot()
      }.min() ?? 0
    }
    let factor = configuration.errorFactor
    let deflection = max(
      configuration.baselineMicrovolts, factor * noise { values[$0] },
      factor * (error?.deflectionMicrovolts ?? 0))
    let steepness = max(
      configuration.slopeMicrovoltsPerMillisecond, factor * noise(slope),
      factor * (error?.slopeMicrovoltsPerMillisecond ?? 0))
    let quiet = max(2, Int(configuration.quietSeconds * 1_000 * samplesPerMillisecond))
    func isQuiet(_ index: Int) -> Bool {
      abs(values[index]) < deflection && abs(slope(index)) < steepness
    }
    func mark(_ direction: Int) -> Int {
      var last = peak
      var calm = 0
      var index = peak
      while index + direction >= 0 && index + direction < values.count && calm < quiet {
        index += direction
        if isQuiet(index) {
          calm += 1
        } else {
          calm = 0
          last = index
        }
      }
      // The stretch of a slope reaches half a millisecond further than what made it steep.
      let limit = last - direction * reach
      while last != limit && last != peak && abs(values[last]) < deflection { last -= direction }
      return min(values.count - 1, max(0, last + direction))
    }
    onset = mark(-1)
    end = mark(1)
  }
}

/// The samples at which a signal turns, with at least `least` between successive ones.
func turningPoints(_ values: [Double], least: Double) -> [Int] {
  guard let first = values.first else { return [] }
  var points: [Int] = []
  var low = (index: 0, value: first)
  var high = low
  var rising: Bool?
  for (index, value) in values.enumerated() {
    if value > high.value { high = (index, value) }
    if value < low.value { low = (index, value) }
    if rising != false, high.value - value >= least {
      if rising == true || high.index > 0 { points.append(high.index) }
      rising = false
      low = (index, value)
    } else if rising != true, value - low.value >= least {
      if rising == false || low.index > 0 { points.append(low.index) }
      rising = true
      high = (index, value)
    }
  }
  return points
}
