import RealModule

/// Random variates drawn from any generator, so that a caller's seed decides the result.
extension RandomNumberGenerator {
  /// A uniform number in [0, 1) with 53 random bits.
  mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Two independent standard normal numbers (polar method of Marsaglia and Bray 1964).
  mutating func nextNormalPair() -> (Double, Double) {
    while true {
      let u = 2 * nextUniform() - 1
      let v = 2 * nextUniform() - 1
      let square = u * u + v * v
      if square > 0 && square < 1 {
        let factor = (-2 * Double.log(square) / square).squareRoot()
        return (u * factor, v * factor)
      }
    }
  }

  /// One standard normal number.
  mutating func nextNormal() -> Double { nextNormalPair().0 }
}
