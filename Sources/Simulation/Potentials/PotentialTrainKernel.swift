/// Adds the full convolution of a stretch of values with a filter to an output from its start on.
func convolve(
  _ values: [Float], from start: Int, count: Int, with filter: [Float], into output: inout [Float]
) {
  precondition(
    start >= 0 && start + count <= values.count && count + filter.count - 1 <= output.count,
    "the convolution does not fit its output")
  values.withUnsafeBufferPointer { input in
    output.withUnsafeMutableBufferPointer { target in
      guard let source = input.baseAddress, let result = target.baseAddress else { return }
      for (offset, tap) in filter.enumerated() where tap != 0 {
        for index in 0..<count { result[offset + index] += tap * source[start + index] }
      }
    }
  }
}

/// Adds four weighted stretches of `values` to a stretch of a signal.
func addInterpolated(
  _ values: [Float], starts: [Int], weights: [Float], range: Range<Int>,
  to signal: inout [Float], at first: Int
) {
  precondition(starts.count == 4 && weights.count == 4, "a cubic step has four taps")
  precondition(
    starts.allSatisfy { $0 + range.lowerBound >= 0 && $0 + range.upperBound <= values.count }
      && first + range.lowerBound >= 0 && first + range.upperBound <= signal.count,
    "the potential does not fit the signal")
  let (w0, w1, w2, w3) = (weights[0], weights[1], weights[2], weights[3])
  let (s0, s1, s2, s3) = (starts[0], starts[1], starts[2], starts[3])
  values.withUnsafeBufferPointer { input in
    signal.withUnsafeMutableBufferPointer { target in
      guard let source = input.baseAddress, let result = target.baseAddress else { return }
      for index in range {
        let near = w0 * source[s0 + index] + w1 * source[s1 + index]
        result[first + index] += near + w2 * source[s2 + index] + w3 * source[s3 + index]
      }
    }
  }
}
