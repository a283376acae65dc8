import Signal

/// Power of the analysed band over time: of the signal, and of what is left of it.
public struct PowerTrace: Sendable, Equatable, Codable {
  /// Length of a bin in seconds.
  public let binDuration: Double
  /// Mean square of the signal over the used channels in each bin, in squared microvolts.
  public let signal: [Double]
  /// Mean square of the residual after subtraction of all units in each bin, likewise.
  public let residual: [Double]

  /// A trace from its bins.
  public init(binDuration: Double, signal: [Double], residual: [Double]) {
    precondition(binDuration > 0 && signal.count == residual.count, "bins differ in number")
    self.binDuration = binDuration
    self.signal = signal
    self.residual = residual
  }

  /// Residual power over signal power of the whole recording, 0...1.
  public var residualShare: Double {
    let total = signal.reduce(0, +)
    return total > 0 ? residual.reduce(0, +) / total : 0
  }
}

extension RateConversion {
  /// Samples of a bin of the power trace, about a quarter of a second at a rate after conversion,
  /// so that it lasts a whole number of samples before it too.
  func binLength(rate: Double) -> Int { max(1, Int((0.25 * rate / Double(up)).rounded())) * up }
}
