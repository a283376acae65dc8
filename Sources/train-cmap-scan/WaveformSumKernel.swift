/// Adds waveforms of 32 samples; the inner loop of the scan simulation.
enum WaveformSum {
  /// Samples of a waveform.
  static let length = 32

  /// sum += gain x the waveform that begins at `index` x 32 of `waveforms`.
  @inline(__always)
  static func add(
    _ waveforms: [Float], at index: Int, gain: Float, into sum: inout [Float]
  ) {
    precondition(
      index >= 0 && (index + 1) * length <= waveforms.count && sum.count == length,
      "a waveform has 32 samples")
    waveforms.withUnsafeBufferPointer { source in
      sum.withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        let start = from + index * length
        for sample in 0..<length { to[sample] += gain * start[sample] }
      }
    }
  }
}
