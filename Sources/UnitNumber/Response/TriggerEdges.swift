import Foundation

/// Finds the marks of stimuli in a trigger channel: pulses of either polarity, or codes.
///
/// The idle level is the value that the channel mostly has; marks are what departs from it, upwards
/// or downwards. A channel of few whole numbers holds codes, of which one is chosen; any other holds
/// pulses, whose threshold is half their usual height, so that one artefact hides no others.
public struct TriggerEdges: Sendable, Equatable {
  /// Time after a mark in which no other is taken, ms.
  public var refractoryMilliseconds: Double = 50
  /// The code to take, nil where the channel holds one code only.
  public var code: Int?

  /// Most different values of a channel that holds codes.
  private static let codeLimit = 64

  /// Finds marks of one code, or of the only one.
  public init(code: Int? = nil) { self.code = code }

  /// Positions of the marks in samples, interpolated.
  ///
  /// - Throws: `UnitNumberError` where the channel is flat, where it does not hold the code, or
  ///   where it holds several codes and none was named.
  public func edges(
    in channel: [Float], samplingRate: Double, name: String = "trigger"
  ) throws -> [Double] {
    guard let low = channel.min(), let high = channel.max(), high > low, high.isFinite,
      low.isFinite
    else {
      throw UnitNumberError(
        .unusableData, source: name, found: "a channel without edges",
        expected: "a trigger channel with stimulus marks")
    }
    if let codes = Self.codes(channel) {
      return try codeEdges(channel, codes, samplingRate: samplingRate, name: name)
    }
    if let code {
      throw UnitNumberError(
        .wrongSetting, source: name, found: "a channel of pulses, not of codes",
        expected: "a channel that holds code \(code)")
    }
    return pulseEdges(channel, low: low, high: high, samplingRate: samplingRate)
  }

  /// How often each value stands in a channel of few whole numbers; nil for any other channel.
  private static func codes(_ channel: [Float]) -> [Int: Int]? {
    var counts: [Int: Int] = [:]
    for value in channel {
      guard value == value.rounded(), abs(value) < 1e9 else { return nil }
      counts[Int(value), default: 0] += 1
      if counts.count > codeLimit { return nil }
    }
    return counts
  }

  private func codeEdges(
    _ channel: [Float], _ counts: [Int: Int], samplingRate: Double, name: String
  ) throws -> [Double] {
    let idle = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    var found: [(position: Double, code: Int)] = []
    var last = Int(channel[0])
    for (index, value) in channel.enumerated().dropFirst() {
      let now = Int(value)
      defer { last = now }
      if now != last, now != idle { found.append((Double(index) - 0.5, now)) }
    }
    let marks = Dictionary(found.map { ($0.code, 1) }, uniquingKeysWith: +)
    let listed = marks.sorted { $0.key < $1.key }.prefix(12)
      .map { "\($0.key) (\($0.value) times)" }.joined(separator: ", ")
    let wanted: Int
    if let code {
      guard marks[code] != nil else {
        throw UnitNumberError(
          .wrongSetting, source: name, found: "codes \(listed.isEmpty ? "none" : listed)",
          expected: "code \(code)")
      }
      wanted = code
    } else {
      guard marks.count <= 1, let only = marks.keys.first else {
        throw UnitNumberError(
          .unusableData, source: name, found: "several codes: \(listed)",
          expected: "one kind of stimulus",
          remedy: "name the code of the stimuli")
      }
      wanted = only
    }
    return apart(
      found.filter { $0.code == wanted }.map(\.position), samplingRate: samplingRate)
  }

  private func pulseEdges(
    _ channel: [Float], low: Float, high: Float, samplingRate: Double
  ) -> [Double] {
    let sorted = channel.sorted()
    let idle = sorted[sorted.count / 2]
    // The pulses go where the channel departs further from its idle level.
    let sign: Float = high - idle >= idle - low ? 1 : -1
    let span = sign > 0 ? high - idle : idle - low
    // Noise of the idle level: half of all samples lie closer to it than this.
    let deviations = channel.map { abs($0 - idle) }.sorted()
    let noise = deviations[deviations.count / 2]
    let floor = max(8 * noise, span / 50)
    var heights: [Float] = []
    var peak: Float = 0
    for value in channel {
      let height = sign * (value - idle)
      if height > floor {
        peak = max(peak, height)
      } else if peak > 0 {
        heights.append(peak)
        peak = 0
      }
    }
    if peak > 0 { heights.append(peak) }
    let usual = heights.sorted()
    let threshold = (usual.isEmpty ? span : usual[usual.count / 2]) / 2
    var positions: [Double] = []
    var last = sign * (channel[0] - idle)
    for (index, value) in channel.enumerated().dropFirst() {
      let now = sign * (value - idle)
      if last < threshold, now >= threshold {
        positions.append(Double(index - 1) + Double((threshold - last) / (now - last)))
      }
      last = now
    }
    return apart(positions, samplingRate: samplingRate)
  }

  /// The positions without those that follow another one too closely.
  private func apart(_ positions: [Double], samplingRate: Double) -> [Double] {
    let refractory = refractoryMilliseconds * samplingRate / 1000
    var kept: [Double] = []
    for position in positions {
      if let last = kept.last, position - last < refractory { continue }
      kept.append(position)
    }
    return kept
  }
}
