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

extension TimeMajorSignal {
  /// Where copies of one waveform, given at several sub-sample phases, stand in a signal.
  public struct RunPlacement: Sendable {
    /// The waveform at each phase, `[phase][sample][channel]`.
    public let phases: [Float]
    /// Samples of the waveform.
    public let runLength: Int
    /// First sample of each copy, ascending.
    public let starts: [Int]
    /// The phase of each copy.
    public let phase: [Int]

    /// A placement; `starts` and `phase` have equal length.
    public init(phases: [Float], runLength: Int, starts: [Int], phase: [Int]) {
      precondition(starts.count == phase.count && runLength > 0, "placements differ in length")
      self.phases = phases
      self.runLength = runLength
      self.starts = starts
      self.phase = phase
    }
  }

  /// Subtracts every placed copy of every waveform.
  ///
  /// Time is cut in fixed chunks and each chunk is written by one thread, in the order of `runs`,
  /// so the sums do not depend on the number of threads.
  public mutating func subtract(runs: [RunPlacement], parallelism: Parallelism) {
    accumulate(runs: runs, scale: -1, parallelism: parallelism)
  }

  /// Adds every placed copy of every waveform; the counterpart of `subtract`.
  public mutating func add(runs: [RunPlacement], parallelism: Parallelism) {
    accumulate(runs: runs, scale: 1, parallelism: parallelism)
  }

  private mutating func accumulate(runs: [RunPlacement], scale: Float, parallelism: Parallelism) {
    let m = channelCount
    for run in runs {
      precondition(run.phases.count % (run.runLength * m) == 0, "waveform size differs")
    }
    let chunkLength = 4_096
    let chunks = (sampleCount + chunkLength - 1) / chunkLength
    let total = sampleCount
    let origin = padding
    values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let shared = SharedPointer(base)
      parallelism.forEach(chunks) { chunk in
        let within = (chunk * chunkLength)..<min(total, (chunk + 1) * chunkLength)
        for run in runs {
          run.phases.withUnsafeBufferPointer { waveform in
            guard let source = waveform.baseAddress else { return }
            var index = firstIndex(run.starts, notBelow: within.lowerBound - run.runLength + 1)
            while index < run.starts.count && run.starts[index] < within.upperBound {
              let start = run.starts[index]
              let first = max(start, within.lowerBound)
              let last = min(start + run.runLength, within.upperBound)
              if first < last {
                let from = (run.phase[index] * run.runLength + first - start) * m
                addScaled(
                  source + from, scale, shared.base + (first + origin) * m, (last - first) * m)
              }
              index += 1
            }
          }
        }
      }
    }
  }
}

/// The first index of an ascending array whose value is at least `bound`.
private func firstIndex(_ ascending: [Int], notBelow bound: Int) -> Int {
  var low = 0
  var high = ascending.count
  while low < high {
    let middle = (low + high) / 2
    if ascending[middle] < bound { low = middle + 1 } else { high = middle }
  }
  return low
}
