import Foundation

/// A record duration that eight characters can state and that holds whole samples of all channels.
struct EDFTiming {
  /// The duration as it stands in the header.
  let durationText: String
  /// Seconds.
  let duration: Double
  let samplesPerRecord: [Int]
  let recordCount: Int
  /// Samples to be filled up at the highest rate.
  let paddedSamples: Int

  /// Chooses the duration; nil where no duration fits all rates within one part per million.
  ///
  /// Durations near one second that divide the recording without rest go before others, then the
  /// exactness of the rates, then a short rest.
  init?(channels: [Channel]) {
    guard let fastest = channels.max(by: { $0.samplingRate < $1.samplingRate }) else { return nil }
    let rate = fastest.samplingRate
    let limit = max(1, min(Int(min(rate * 10, 1e7)), fastest.sampleCount))
    var best: (score: Double, text: String, counts: [Int])?
    for count in 1...limit {
      // Long records waste nothing but must stay below what readers buffer; short ones are slow.
      guard let text = EDFTiming.text(Double(count) / rate), let seconds = Double(text),
        seconds > 0
      else { continue }
      var counts: [Int] = []
      var error = 0.0
      for channel in channels {
        let samples = (channel.samplingRate * seconds).rounded()
        guard let whole = Int(bounded: samples, in: 0...99_999_999) else { break }
        counts.append(whole)
        error = max(error, abs(samples / seconds / channel.samplingRate - 1))
        if samples < 1 || error > 1e-6 { break }
      }
      guard counts.count == channels.count, error <= 1e-6, counts.allSatisfy({ $0 >= 1 }) else {
        continue
      }
      let rest =
        zip(channels, counts).map { channel, perRecord in
          (perRecord - channel.sampleCount % perRecord) % perRecord
        }.max() ?? 0
      let isExact = error < 1e-12
      let score =
        (isExact ? 0 : 1000) + error * 1e7 + (rest == 0 ? 0 : 100 + Double(rest) / rate)
        + abs(log2(seconds))
      if score < best?.score ?? .infinity { best = (score, text, counts) }
    }
    guard let best, let seconds = Double(best.text) else { return nil }
    durationText = best.text
    duration = seconds
    samplesPerRecord = best.counts
    let records = zip(channels, best.counts).map { ($0.sampleCount + $1 - 1) / $1 }.max() ?? 1
    recordCount = records
    let fastestPlace = channels.firstIndex(of: fastest) ?? 0
    paddedSamples = records * best.counts[fastestPlace] - fastest.sampleCount
  }

  /// A duration in at most eight characters without loss of the digits that matter, nil if it is
  /// too small.
  private static func text(_ seconds: Double) -> String? {
    for decimals in 0...7 {
      let text = String(format: "%.\(decimals)f", seconds)
      guard text.count <= 8 else { return previous(seconds, decimals - 1) }
      if let value = Double(text), value == seconds { return text }
    }
    return previous(seconds, 6)
  }

  private static func previous(_ seconds: Double, _ decimals: Int) -> String? {
    guard decimals >= 0 else { return nil }
    let text = String(format: "%.\(decimals)f", seconds)
    return (Double(text) ?? 0) > 0 && text.count <= 8 ? text : nil
  }
}
