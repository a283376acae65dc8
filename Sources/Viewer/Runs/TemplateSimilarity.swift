import Decomposition

/// How alike the potentials of two units are over all electrodes, at the best lag.
struct TemplateSimilarity: Sendable {
  /// Largest normalised correlation, -1...1.
  let correlation: Double
  /// The other template, moved to that lag.
  let shifted: MUAPTemplate

  /// Compares at lags of at most a quarter of the templates' length.
  init(_ own: MUAPTemplate, _ other: MUAPTemplate) {
    let length = own.channels.map(\.count).max() ?? 0
    var best = -Double.infinity
    var lag = 0
    let pairs = zip(own.channels, other.channels).filter { !$0.isEmpty && $0.count == $1.count }
    var norms = (0.0, 0.0)
    for (first, second) in pairs {
      norms.0 += first.reduce(0) { $0 + Double($1) * Double($1) }
      norms.1 += second.reduce(0) { $0 + Double($1) * Double($1) }
    }
    let norm = (norms.0 * norms.1).squareRoot()
    for candidate in -(length / 4)...(length / 4) {
      var sum = 0.0
      for (first, second) in pairs {
        let start = max(0, candidate)
        let end = min(first.count, second.count + candidate)
        if start >= end { continue }
        var part: Float = 0
        for index in start..<end { part += first[index] * second[index - candidate] }
        sum += Double(part)
      }
      if sum > best { (best, lag) = (sum, candidate) }
    }
    correlation = norm > 0 && best.isFinite ? best / norm : 0
    var moved = other
    moved.channels = other.channels.map { channel in
      channel.indices.map { index in
        channel.indices.contains(index - lag) ? channel[index - lag] : 0
      }
    }
    shifted = moved
  }
}
