import RealModule
import Signal

/// A channel that was left out of the decomposition, and why.
public struct RejectedChannel: Sendable, Equatable, Codable {
  /// Index of the channel among those given.
  public let index: Int
  /// What was found, in words.
  public let reason: String

  /// A rejected channel and the reason.
  public init(index: Int, reason: String) {
    self.index = index
    self.reason = reason
  }
}

/// Finds electrodes that carry no usable EMG: flat, clipped, not finite, artefacts, outliers.
///
/// Power in the analysed band is compared with that of all channels on a log scale by the median
/// and the median absolute deviation, so that a few dead or loose electrodes cannot hide each
/// other. A wide spread of power over a grid is natural; the limits are wide accordingly.
public struct ChannelScreening: Sendable, Equatable, Codable {
  /// Log-power distance from the median, in robust standard deviations, of an outlier.
  public var outlierDeviations = 6.0
  /// Smallest factor in power that counts as an outlier whatever the deviations say.
  public var outlierFactor = 20.0
  /// Share of samples at the extreme values from which a channel is clipped beyond use.
  public var clippedShare = 0.25
  /// Share of samples that are no numbers, or stand still, from which a channel is beyond use.
  public var lostShare = 0.2
  /// Ratio of the largest band-passed value to the channel's robust amplitude that is an artefact.
  public var artefactRatio = 100.0

  /// The recommended limits.
  public init() {}

  /// Reads stored limits; what is not there takes its default.
  ///
  /// - Throws: `DecodingError` where a value has another type.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(&outlierDeviations, .outlierDeviations)
    try read(&outlierFactor, .outlierFactor)
    try read(&clippedShare, .clippedShare)
    try read(&lostShare, .lostShare)
    try read(&artefactRatio, .artefactRatio)
  }

  /// The rejected channels, given raw and band-passed samples (channels x samples, microvolts).
  public func rejected(
    raw: [[Float]], filtered: [[Float]], mended: ArtefactMending.Result? = nil,
    parallelism: Parallelism = Parallelism()
  ) -> [RejectedChannel] {
    let findings = parallelism.map(raw.count) { index in
      finding(
        raw: mended?.channels[index] ?? raw[index], filtered: filtered[index],
        lost: mended?.lostShares[index] ?? 0)
    }
    var rejected: [Int: String] = [:]
    for (index, finding) in findings.enumerated() {
      if let reason = finding.reason { rejected[index] = reason }
    }
    // Where most channels are clipped there is nothing better to do than to use them.
    let clipped = raw.indices.filter { index in
      guard rejected[index] == nil else { return false }
      let share = mended?.clippedShares[index] ?? Self.shareAtExtremes(raw[index])
      return share > clippedShare
    }
    if 2 * clipped.count <= raw.count {
      for index in clipped {
        let share = mended?.clippedShares[index] ?? Self.shareAtExtremes(raw[index])
        let percent = (1_000 * share).rounded() / 10
        rejected[index] = "clipped: \(percent) % of the samples are at the limits"
      }
    }
    let logPower = findings.map { Double.log(max($0.power, 1e-30)) }
    let usable = logPower.indices.filter { rejected[$0] == nil }
    if usable.count >= 4 {
      let values = usable.map { logPower[$0] }.sorted()
      let median = values[values.count / 2]
      let deviations = values.map { abs($0 - median) }.sorted()
      let spread = max(1.4826 * deviations[deviations.count / 2], 1e-3)
      let limit = max(outlierDeviations * spread, Double.log(outlierFactor))
      for index in usable where abs(logPower[index] - median) > limit {
        let ratio = Double.exp(logPower[index] - median)
        let words = ratio > 1 ? "above" : "below"
        let decibels = (abs(10 * Double.log10(ratio)) * 10).rounded() / 10
        rejected[index] = "power \(decibels) dB \(words) the median channel"
      }
    }
    return rejected.keys.sorted().map { RejectedChannel(index: $0, reason: rejected[$0] ?? "") }
  }

  /// Share of samples that equal the largest or the smallest one.
  private static func shareAtExtremes(_ samples: [Float]) -> Double {
    guard let lowest = samples.min(), let highest = samples.max(), highest > lowest else {
      return 0
    }
    let extremes = samples.reduce(0) { $0 + ($1 == lowest || $1 == highest ? 1 : 0) }
    return Double(extremes) / Double(samples.count)
  }

  private func finding(
    raw: [Float], filtered: [Float], lost: Double
  ) -> (reason: String?, power: Double) {
    if lost > lostShare {
      let percent = (1_000 * lost).rounded() / 10
      return (
        lost == 1
          ? "flat: all samples are equal"
          : "lost: \(percent) % of the samples are no numbers or stand still", 0
      )
    }
    if let place = raw.firstIndex(where: { !$0.isFinite }) {
      return ("a value that is not a number at sample \(place)", 0)
    }
    guard let lowest = raw.min(), let highest = raw.max(), highest > lowest else {
      return ("flat: all samples are equal", 0)
    }
    var power = 0.0
    var largest: Float = 0
    for value in filtered {
      power += Double(value * value)
      largest = max(largest, abs(value))
    }
    power /= Double(max(1, filtered.count))
    if power < 1e-12 * Double(max(highest * highest, lowest * lowest)) || power == 0 {
      return ("flat: no power in the analysed band", 0)
    }
    let stride = max(1, filtered.count / 20_000)
    var sampled: [Float] = []
    sampled.reserveCapacity(filtered.count / stride + 1)
    for index in Swift.stride(from: 0, to: filtered.count, by: stride) {
      sampled.append(abs(filtered[index]))
    }
    // The 90th percentile rather than the median: a muscle at rest for most of the time is no fault.
    let typical = SpikeClustering.ascending(sampled)[sampled.count * 9 / 10]
    if typical > 0 && Double(largest / typical) > artefactRatio {
      return ("artefact: one value \(Int(largest / typical)) times the usual amplitude", power)
    }
    return (nil, power)
  }
}
