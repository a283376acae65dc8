import RealModule
import Signal

/// The source of one unit in a stretch of a recording: the output of its separation filter, scaled
/// so that the mean peak at the discharges the filter was made from is 1.
///
/// Times are in samples of the recording, from its start; values stand at a lower rate.
public struct UnitSource: Sendable, Equatable {
  /// The values, at `rate`.
  public let values: [Float]
  /// Rate of the values in Hz.
  public let rate: Double
  /// Samples of the recording for each value.
  public let ratio: Double
  /// Sample of the recording at which the first value stands.
  public let start: Double

  /// Shortest distance of two peaks in seconds.
  public static let peakDistance = 0.005

  /// A source from its values.
  public init(values: [Float], rate: Double, ratio: Double, start: Double) {
    precondition(rate > 0 && ratio > 0, "rates are positive")
    self.values = values
    self.rate = rate
    self.ratio = ratio
    self.start = start
  }

  /// The range of the recording that the values cover, in samples.
  public var range: Range<Double> { start..<(start + Double(values.count) * ratio) }

  /// A peak of the source.
  public struct Peak: Sendable, Equatable, Codable {
    /// Place in samples of the recording, with fractions.
    public var time: Double
    /// Height, 1 being that of the mean discharge.
    public var height: Double

    /// A peak from its place and height.
    public init(time: Double, height: Double) {
      self.time = time
      self.height = height
    }
  }

  /// The place of a time among the values, rounded; nil outside.
  func index(of time: Double) -> Int? {
    let index = Int(((time - start) / ratio).rounded())
    return values.indices.contains(index) ? index : nil
  }

  /// The largest value within a millisecond of a time; nil outside the stretch.
  public func height(at time: Double) -> Double? {
    guard let index = index(of: time) else { return nil }
    let reach = max(1, Int(0.001 * rate))
    let low = max(0, index - reach)
    let high = min(values.count - 1, index + reach)
    return values[low...high].max().map(Double.init)
  }

  /// Peaks at least 5 ms apart, the higher one kept, within times and from a height on, ascending.
  public func peaks(in times: Range<Double>, above height: Double) -> [Peak] {
    let distance = max(1, Int((Self.peakDistance * rate).rounded()))
    // Peaks just outside shadow those inside, so they are looked for a little further out.
    let first = max(0, Int(((times.lowerBound - start) / ratio).rounded(.down)) - 2 * distance)
    let last = min(
      values.count, Int(((times.upperBound - start) / ratio).rounded(.up)) + 2 * distance)
    guard first + 2 < last else { return [] }
    let part = Array(values[first..<last])
    let places = SpikeClustering.dominantPeaks(part.span, distance: distance)
    let refined = SpikeClustering.refined(places, in: part.span)
    return zip(places, refined).compactMap { place, exact in
      let time = start + (Double(first) + exact) * ratio
      let value = Double(part[place])
      return times.contains(time) && value >= height ? Peak(time: time, height: value) : nil
    }
  }

  /// Figures of merit of a train on this source within a range of samples of the recording.
  ///
  /// `prediction` is the law that predicts the agreement with the true train.
  public func quality(
    of times: [Double], in range: Range<Double>,
    prediction: AgreementPrediction = AgreementPrediction()
  ) -> SourceQuality {
    let own = times.filter { range.contains($0) && self.range.contains($0) }
    let distance = UnitSource.peakDistance * rate * ratio
    let heights = own.compactMap { height(at: $0) }
    let others = peaks(in: range, above: 0).filter { peak in
      !UnitSource.isNear(peak.time, own, within: distance)
    }.map(\.height)
    let train = SpikeTrain(times: own, samplingRate: rate * ratio)
    let silhouette = UnitSource.silhouette(heights, others)
    let variation = train.isiCoV
    return SourceQuality(
      dischargeCount: own.count, silhouette: silhouette,
      pulseToNoise: pulseToNoise(own, in: range), isiCoV: variation, meanRate: train.meanRate,
      predictedAgreement: silhouette.flatMap { value in
        variation.map { prediction.agreement(silhouette: value, variation: $0) }
      })
  }

  private func pulseToNoise(_ times: [Double], in range: Range<Double>) -> Double? {
    let first = max(0, Int(((range.lowerBound - start) / ratio).rounded(.up)))
    let last = min(values.count, Int(((range.upperBound - start) / ratio).rounded(.up)))
    let places = times.compactMap { index(of: $0) }.filter { $0 >= first && $0 < last }
    if places.isEmpty || last - first <= places.count { return nil }
    let part = Array(values[first..<last])
    let value = SpikeClustering.pulseToNoise(part.span, discharges: places.map { $0 - first })
    return value.isFinite ? value : nil
  }

  /// Silhouette value of two classes of peak heights; nil where one is empty.
  ///
  /// Source: Negro et al. 2016, J. Neural Eng. 13, eq. 11, on squared heights.
  static func silhouette(_ discharges: [Double], _ others: [Double]) -> Double? {
    if discharges.isEmpty || others.isEmpty { return nil }
    let high = discharges.map { $0 * $0 }
    // As in the decomposition the highest are limited, so that one artefact is no class.
    let top = high.sorted().suffix(5)
    let limit = top.reduce(0, +) / Double(top.count)
    let limited = high.map { min($0, limit) }
    let low = others.map { $0 * $0 }
    let highMean = limited.reduce(0, +) / Double(limited.count)
    let lowMean = low.reduce(0, +) / Double(low.count)
    var within = 0.0
    var between = 0.0
    for value in limited {
      within += (value - highMean) * (value - highMean)
      between += (value - lowMean) * (value - lowMean)
    }
    let largest = max(within, between)
    return largest > 0 ? (between - within) / largest : nil
  }

  /// Whether an ascending train has a discharge within a distance of a time.
  static func isNear(_ time: Double, _ ascending: [Double], within distance: Double) -> Bool {
    var low = 0
    var high = ascending.count
    while low < high {
      let middle = (low + high) / 2
      if ascending[middle] < time - distance { low = middle + 1 } else { high = middle }
    }
    return low < ascending.count && ascending[low] <= time + distance
  }
}

/// How good a train is on its source.
public struct SourceQuality: Sendable, Equatable, Codable {
  /// Discharges.
  public var dischargeCount: Int
  /// Silhouette value, 0...1; nil without two classes of peaks.
  public var silhouette: Double?
  /// Pulse-to-noise ratio in dB.
  public var pulseToNoise: Double?
  /// Coefficient of variation of the intervals, as a fraction.
  public var isiCoV: Double?
  /// Mean discharge rate while active in Hz.
  public var meanRate: Double?
  /// Rate of agreement with the true train that silhouette and intervals predict.
  public var predictedAgreement: Double?

  private enum CodingKeys: String, CodingKey {
    case dischargeCount, silhouette
    case pulseToNoise = "pulseToNoiseDecibels"
    case isiCoV
    case meanRate = "meanRateHertz"
    case predictedAgreement
  }
}
