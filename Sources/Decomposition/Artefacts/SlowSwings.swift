import Signal

/// Finds slow swings of electrodes and cables that reach into the band of the muscle, and takes
/// them out where they are.
///
/// Below about 25 Hz muscle activity has little power next to what it has above 50 Hz (Clancy et
/// al. 2002, J. Electromyogr. Kinesiol. 12); a stretch with more is movement. There the slow part
/// of the channel is subtracted, faded in and out; the rest of the recording stays as it is.
struct SlowSwings: Sendable {
  let samplingRate: Double
  let lowEdge: Double
  let settings: ArrayConfiguration.Swings
  let parallelism: Parallelism

  /// Takes swings out of channels x samples and tells where they were.
  func mend(_ channels: inout [[Float]]) -> [SignalArtefact] {
    // Only what an analysis of low frequencies sees.
    if lowEdge >= settings.edge || samplingRate < 8 * settings.edge { return [] }
    let found = parallelism.map(channels.count) { [channels] in mended(channels[$0]) }
    var byRange: [Range<Int>: [Int]] = [:]
    for (channel, result) in found.enumerated() {
      guard let result else { continue }
      channels[channel] = result.samples
      for range in result.ranges { byRange[range, default: []].append(channel) }
    }
    let single = byRange.map { range, channels in
      SignalArtefact(
        kind: .movement, start: range.lowerBound, end: range.upperBound,
        channels: channels.sorted(),
        sampleCount: range.count * channels.count)
    }
    return SignalArtefact.merged(single)
  }

  private func mended(_ samples: [Float]) -> (samples: [Float], ranges: [Range<Int>])? {
    let count = samples.count
    // Means over blocks hold all that is slow; the rest is what they leave.
    let block = max(1, Int((samplingRate / (8 * settings.edge)).rounded()))
    let rate = samplingRate / Double(block)
    let blocks = count / block
    let perStretch = max(2, Int(settings.stretch * rate))
    if blocks < 8 * perStretch { return nil }
    let means = (0..<blocks).map { index -> Float in
      samples[(index * block)..<((index + 1) * block)].reduce(0, +) / Float(block)
    }
    let slow = ZeroPhaseFilter(
      samplingRate: rate, lowEdge: settings.lowest, highEdge: settings.highest
    )
    .apply([means], parallelism: .single)[0]
    let rest = ZeroPhaseFilter(samplingRate: rate, lowEdge: settings.restEdge, highEdge: rate)
      .apply([means], parallelism: .single)[0]
    let stretches = blocks / perStretch
    func powers(_ values: [Float]) -> [Double] {
      (0..<stretches).map { index in
        let part = values[(index * perStretch)..<((index + 1) * perStretch)]
        return Double(part.reduce(0) { $0 + $1 * $1 })
      }
    }
    let slowPowers = powers(slow)
    let restPowers = powers(rest)
    let median = restPowers.sorted()[stretches / 2]
    var isMoving = (0..<stretches).map {
      slowPowers[$0] > settings.ratio * max(restPowers[$0], median)
    }
    if !isMoving.contains(true) { return nil }
    // A stretch on either side, where a swing begins and ends.
    let core = isMoving
    for index in core.indices where core[index] {
      isMoving[max(0, index - 1)] = true
      isMoving[min(stretches - 1, index + 1)] = true
    }
    var ranges: [Range<Int>] = []
    let length = perStretch * block
    for index in isMoving.indices where isMoving[index] {
      let end = index == stretches - 1 ? count : (index + 1) * length
      if let last = ranges.last, last.upperBound == index * length {
        ranges[ranges.count - 1] = last.lowerBound..<end
      } else {
        ranges.append((index * length)..<end)
      }
    }
    // What is slower still is left to the band-pass: fading it would make swings of it.
    let low = ZeroPhaseFilter(
      samplingRate: samplingRate, lowEdge: 0.1 * lowEdge, highEdge: settings.edge
    )
    .apply([samples], parallelism: .single)[0]
    var result = samples
    let fade = max(1, length / 2)
    for range in ranges {
      for index in range {
        let inside = min(
          range.lowerBound == 0 ? fade : index - range.lowerBound,
          range.upperBound == count ? fade : range.upperBound - 1 - index)
        let share = min(1, Float(inside) / Float(fade))
        result[index] -= share * share * (3 - 2 * share) * low[index]
      }
    }
    return (result, ranges)
  }
}
