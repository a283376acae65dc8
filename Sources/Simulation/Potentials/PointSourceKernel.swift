/// Adds the potential of one moving point current, `strength / sqrt((track - electrode)^2 + d^2)`.
///
/// Pointers keep this inner loop, run a hundred million times per recording, free of checks so that
/// it vectorises.
func addPointSource(
  track: [Float], electrode: Float, squaredDistance: Float, strength: Float,
  to values: inout [Float], at start: Int
) {
  precondition(
    start >= 0 && start + track.count <= values.count, "the potential does not fit the channels")
  let count = track.count
  track.withUnsafeBufferPointer { source in
    values.withUnsafeMutableBufferPointer { target in
      guard let input = source.baseAddress, let base = target.baseAddress else { return }
      let output = base + start
      for index in 0..<count {
        let distance = input[index] - electrode
        output[index] += strength / (distance * distance + squaredDistance).squareRoot()
      }
    }
  }
}
