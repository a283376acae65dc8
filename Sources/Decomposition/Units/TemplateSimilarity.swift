import Signal

/// How alike two potentials are in shape over the electrodes, whatever their sizes.
///
/// The cosine of the two templates as vectors over the electrodes that both have and all samples,
/// at the best common shift: 1 for equal shapes, 0 for unrelated ones.
public struct TemplateSimilarity: Sendable, Equatable {
  /// Cosine at the best shift, -1...1; 0 where the templates share no electrode.
  public let cosine: Double
  /// Samples by which the second potential follows the first.
  public let shift: Int
  /// Amplitude of the second relative to the first over the common electrodes.
  public let amplitudeRatio: Double

  /// Compares two templates of one rate at shifts of up to half of their length: a filter may lock
  /// onto any part of a potential.
  public init(_ first: MUAPTemplate, _ second: MUAPTemplate) {
    let length = zip(first.channels, second.channels).map { max($0.count, $1.count) }.max() ?? 0
    self.init(first, second, longestShift: length / 2)
  }

  /// Compares two templates of one rate; `longestShift` in samples either way.
  public init(_ first: MUAPTemplate, _ second: MUAPTemplate, longestShift: Int) {
    let common = zip(first.channels, second.channels).filter { !$0.isEmpty && !$1.isEmpty }
    let offset = second.origin - first.origin
    func product(_ a: [Float], _ b: [Float], _ shift: Int) -> Double {
      let low = max(0, -shift)
      let high = min(a.count, b.count - shift)
      if low >= high { return 0 }
      return Double(
        VectorKernel.dot(
          a.span.extracting(low..<high), b.span.extracting((low + shift)..<(high + shift))))
    }
    func energy(_ channels: [[Float]]) -> Double {
      channels.reduce(0) { $0 + product($1, $1, 0) }
    }
    let size = energy(common.map(\.0))
    let otherSize = energy(common.map(\.1))
    guard size > 0, otherSize > 0 else {
      cosine = 0
      shift = 0
      amplitudeRatio = 0
      return
    }
    var best = -Double.infinity
    var bestShift = 0
    for shift in -longestShift...longestShift {
      let sum = common.reduce(0) { $0 + product($1.0, $1.1, shift + offset) }
      if sum > best {
        best = sum
        bestShift = shift
      }
    }
    cosine = best / (size * otherSize).squareRoot()
    shift = bestShift
    amplitudeRatio = (otherSize / size).squareRoot()
  }
}
