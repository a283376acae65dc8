import Foundation

/// How repeated responses to supramaximal stimuli tell the error of their CMAP.
///
/// The CMAP is the largest response. Its standard error is that of the mean of the responses near it.
public struct RepeatedCMAP: Codable, Sendable, Equatable {
  /// Amplitude over the largest response from which a response counts.
  public var nearLargest = 0.95
  /// Fewest such responses that tell the error.
  public var fewestResponses = 3
  /// Relative standard error where fewer responses tell it.
  public var assumedError = 0.03
  /// Least relative standard error in unit numbers that divide the CMAP.
  public var leastError = 0.01

  /// The default settings.
  public init() {}

  /// Reads stored settings; what is not there takes its default.
  ///
  /// - Throws: `DecodingError` where a value has another type.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(&nearLargest, .nearLargest)
    try read(&fewestResponses, .fewestResponses)
    try read(&assumedError, .assumedError)
    try read(&leastError, .leastError)
  }

  /// The standard error of the largest response, in its unit, and the responses that tell it.
  ///
  /// - Parameters:
  ///   - largest: amplitude of the largest response.
  ///   - amplitudes: of all responses, in the same unit.
  public func standardError(
    of largest: Double, among amplitudes: [Double]
  ) -> (error: Double, responses: Int) {
    let near = amplitudes.filter { $0 >= nearLargest * largest }
    guard near.count >= max(2, fewestResponses) else {
      return (assumedError * largest, near.count)
    }
    let mean = near.reduce(0, +) / Double(near.count)
    let variance =
      near.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(near.count - 1)
    return ((variance / Double(near.count)).squareRoot(), near.count)
  }
}
