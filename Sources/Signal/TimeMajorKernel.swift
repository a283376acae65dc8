extension TimeMajorSignal {
  /// The mean over instants of the `length` samples up to and including each, in the order
  /// `[tap][channel]` with tap 0 the instant itself.
  ///
  /// This is the average of the extended (delay-embedded) observation over a spike train, computed
  /// without the extended matrix. Instants outside the signal are left out.
  public func meanOfPast(at instants: [Int], length: Int) -> [Float] {
    precondition(length > 0 && length <= padding + 1, "the signal is padded less than the window")
    var sum = [Float](repeating: 0, count: length * channelCount)
    var used = 0
    for instant in instants where instant >= 0 && instant < sampleCount {
      addRun(startingAt: instant - length + 1, scale: 1, into: &sum)
      used += 1
    }
    // Memory runs forwards in time, filters run backwards: turn the taps round.
    var result = [Float](repeating: 0, count: length * channelCount)
    let scale = used > 0 ? 1 / Float(used) : 0
    for tap in 0..<length {
      let from = (length - 1 - tap) * channelCount
      for channel in 0..<channelCount {
        result[tap * channelCount + channel] = sum[from + channel] * scale
      }
    }
    return result
  }

  /// Adds `scale` times a run of samples, first sample `start` (which may lie in the padding),
  /// to `target`, whose length gives that of the run.
  public func addRun(startingAt start: Int, scale: Float, into target: inout [Float]) {
    let offset = (start + padding) * channelCount
    precondition(offset >= 0 && offset + target.count <= values.count, "run outside the padding")
    values.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { sum in
        guard let from = source.baseAddress, let to = sum.baseAddress else { return }
        addScaled(from + offset, scale, to, sum.count)
      }
    }
  }

  /// Adds `scale` times `run` (`[sample][channel]`) to the signal from sample `start` on.
  ///
  /// Only samples in `within` are changed, so that parts of the signal can be written in
  /// parallel by different threads.
  mutating func add(_ run: Span<Float>, startingAt start: Int, scale: Float, within: Range<Int>) {
    let first = max(start, within.lowerBound)
    let last = min(start + run.count / channelCount, within.upperBound)
    if first >= last { return }
    let from = (first - start) * channelCount
    let offset = (first + padding) * channelCount
    let count = (last - first) * channelCount
    values.withUnsafeMutableBufferPointer { target in
      run.withUnsafeBufferPointer { source in
        guard let x = source.baseAddress, let y = target.baseAddress else { return }
        addScaled(x + from, scale, y + offset, count)
      }
    }
  }
}

/// y += scale x over contiguous memory, in lanes that the compiler keeps in vector registers.
@inline(__always)
func addScaled(
  _ x: UnsafePointer<Float>, _ scale: Float, _ y: UnsafeMutablePointer<Float>, _ count: Int
) {
  let lanes = 16
  var index = 0
  let factor = SIMD16<Float>(repeating: scale)
  while index + lanes <= count {
    let a = UnsafeRawPointer(x + index).loadUnaligned(as: SIMD16<Float>.self)
    let b = UnsafeRawPointer(y + index).loadUnaligned(as: SIMD16<Float>.self)
    UnsafeMutableRawPointer(y + index).storeBytes(of: b + a * factor, as: SIMD16<Float>.self)
    index += lanes
  }
  while index < count {
    y[index] += scale * x[index]
    index += 1
  }
}
