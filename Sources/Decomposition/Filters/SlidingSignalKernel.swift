import Signal

/// The last samples of a time-major signal, addressed by their place in the whole signal.
struct SlidingSignal: Sendable {
  let channelCount: Int
  private let capacity: Int
  private var values: [Float]
  /// Place of the first sample kept.
  private(set) var start = 0
  /// Place after the last sample.
  private(set) var end = 0

  /// Keeps at least `history` samples before each block of at most `block` samples.
  init(channelCount: Int, history: Int, block: Int) {
    self.channelCount = channelCount
    capacity = history + block
    values = [Float](repeating: 0, count: capacity * channelCount)
    // The time before the first sample counts as silence.
    start = -history
  }

  /// Appends a block, `[sample][channel]`; the oldest samples make room.
  mutating func append(_ block: [Float]) {
    let m = channelCount
    let samples = block.count / m
    let surplus = end - start + samples - capacity
    values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      if surplus > 0 {
        base.update(from: base + surplus * m, count: (end - start - surplus) * m)
        start += surplus
      }
      block.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress else { return }
        (base + (end - start) * m).update(from: from, count: samples * m)
      }
    }
    end += samples
  }

  /// Adds `scale` times a run of samples whose first stands at `place`, as far as it is kept.
  mutating func add(_ run: [Float], from: Int, length: Int, scale: Float, at place: Int) {
    let m = channelCount
    let low = max(0, start - place)
    let high = min(length, end - place)
    if low >= high { return }
    VectorKernel.addScaled(
      run, from: (from + low) * m, scale, into: &values, at: (place + low - start) * m,
      count: (high - low) * m)
  }

  /// Adds `scale` times the run of samples that starts at `place` to `target`.
  func add(from place: Int, length: Int, scale: Float, into target: inout [Float]) {
    let m = channelCount
    let low = max(0, start - place)
    let high = min(length, end - place)
    if low >= high { return }
    VectorKernel.addScaled(
      values, from: (place + low - start) * m, scale, into: &target, at: low * m,
      count: (high - low) * m)
  }

  /// Outputs of a bank of filters `[filter][tap][channel]` at a range of places, `[filter][place]`.
  func filter(_ places: Range<Int>, bank: [Float], taps: Int, into outputs: inout [Float]) {
    precondition(places.lowerBound - taps + 1 >= start && places.upperBound <= end, "not kept")
    FilterBankKernel.filter(
      values, channels: channelCount, from: places.lowerBound - start, count: places.count,
      bank: bank, taps: taps, into: &outputs)
  }

  /// Adds the lagged products of a range of places with those before them to `keep` times the
  /// correlations `[lag][c][d]`.
  func correlate(_ places: Range<Int>, taps: Int, keep: Float, into lags: inout [Float]) {
    precondition(places.lowerBound - taps + 1 >= start && places.upperBound <= end, "not kept")
    FilterBankKernel.correlate(
      values, channels: channelCount, from: places.lowerBound - start, count: places.count,
      taps: taps, keep: keep, into: &lags)
  }
}

/// Peaks of one source as it arrives: the largest value within a distance on either side.
struct PeakFollower: Sendable {
  /// A peak and its height.
  struct Peak: Sendable {
    /// Place of the largest sample.
    var place: Int
    /// Place of the top of a parabola through it and its neighbours.
    var refined: Double
    /// Squared height.
    var height: Float
  }

  /// Smallest distance of two peaks in samples.
  let distance: Int
  /// The next place to look at.
  private(set) var next = 0

  init(distance: Int) { self.distance = distance }

  /// Peaks that are certain once the source is known up to (not including) `end`.
  ///
  /// `source` holds the places from `start` on.
  mutating func peaks(in source: Span<Float>, start: Int, end: Int) -> [Peak] {
    var found: [Peak] = []
    var place = max(next, start + distance + 1)
    let last = end - distance - 1
    while place <= last {
      let index = place - start
      let value = source[index]
      if value <= 0 || source[index - 1] >= value || source[index + 1] > value {
        place += 1
        continue
      }
      var isLargest = true
      var offset = 2
      while offset <= distance {
        if source[index - offset] >= value || source[index + offset] > value {
          isLargest = false
          break
        }
        offset += 1
      }
      if isLargest {
        let before = Double(source[index - 1])
        let after = Double(source[index + 1])
        let curvature = before - 2 * Double(value) + after
        let shift =
          abs(curvature) < 1e-12 ? 0 : min(0.5, max(-0.5, 0.5 * (before - after) / curvature))
        found.append(Peak(place: place, refined: Double(place) + shift, height: value * value))
        place += distance
      } else {
        place += 1
      }
    }
    next = max(next, place)
    return found
  }
}

/// The last values of several sources, each contiguous.
struct SlidingSources: Sendable {
  let count: Int
  let capacity: Int
  private(set) var values: [Float]
  private(set) var start: Int
  private(set) var end = 0

  init(count: Int, history: Int, ahead: Int) {
    self.count = count
    capacity = history + ahead
    values = [Float](repeating: 0, count: count * capacity)
    start = -history
  }

  /// Makes places up to `newEnd` known, dropping the oldest; values added ahead stay.
  mutating func advance(to newEnd: Int, keepingAhead ahead: Int) {
    let surplus = newEnd + ahead - start - capacity
    if surplus > 0 {
      values.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        for source in 0..<count {
          let row = base + source * capacity
          row.update(from: row + surplus, count: capacity - surplus)
          (row + capacity - surplus).update(repeating: 0, count: surplus)
        }
      }
      start += surplus
    }
    end = newEnd
  }

  /// Adds rows of `columns` values, one for each source, from place `place` on.
  mutating func add(_ rows: [Float], columns: Int, at place: Int) {
    for source in 0..<count {
      VectorKernel.addScaled(
        rows, from: source * columns, 1, into: &values, at: source * capacity + place - start,
        count: columns)
    }
  }

  /// Adds a run to one source.
  mutating func add(_ run: [Float], from: Int, length: Int, to source: Int, at place: Int) {
    let low = max(0, start - place)
    let high = min(length, start + capacity - place)
    if low >= high { return }
    VectorKernel.addScaled(
      run, from: from + low, 1, into: &values, at: source * capacity + place + low - start,
      count: high - low)
  }

  /// The kept places of one source up to `end`.
  func withSource<Result>(_ source: Int, _ body: (Span<Float>) -> Result) -> Result {
    body(values.span.extracting((source * capacity)..<(source * capacity + end - start)))
  }
}
