import RealModule

/// A small, fast, seedable random number generator with independent streams.
///
/// xoshiro256** seeded through SplitMix64. The same seed and stream give the same numbers on every
/// machine and for every number of threads: give each parallel task a `stream` of its own rather
/// than sharing one generator. Source: Blackman and Vigna 2021, ACM Trans. Math. Softw. 47(4).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spareNormal: Double?

  /// Makes a generator from a seed and the number of an independent stream.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var mixer = SplitMix64(state: seed)
    // The stream number is mixed before use so that neighbouring streams share no low bits.
    var streamMixer = SplitMix64(state: stream &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1)
    state = (
      mixer.next() ^ streamMixer.next(), mixer.next() ^ streamMixer.next(),
      mixer.next() ^ streamMixer.next(), mixer.next() ^ streamMixer.next()
    )
    if state == (0, 0, 0, 0) { state.0 = 1 }
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotateLeft(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotateLeft(state.3, by: 45)
    return result
  }

  /// A uniform number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform number in [lower, upper).
  public mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * uniform()
  }

  /// A uniform integer in 0..<count.
  public mutating func index(below count: Int) -> Int {
    precondition(count > 0, "a random index needs at least one choice")
    return Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// A standard normal number (polar method of Marsaglia and Bray 1964).
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let square = u * u + v * v
      if square > 0 && square < 1 {
        let factor = (-2 * Double.log(square) / square).squareRoot()
        spareNormal = v * factor
        return u * factor
      }
    }
  }

  /// A standard exponential number (mean 1).
  public mutating func exponential() -> Double {
    -Double.log(1 - uniform())
  }

  private func rotateLeft(_ value: UInt64, by count: UInt64) -> UInt64 {
    (value << count) | (value >> (64 - count))
  }
}

private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
