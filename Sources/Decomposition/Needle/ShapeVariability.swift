import Signal

/// How a unit's potential varies from firing to firing: a few components of random size.
///
/// The fibres of a unit jitter against each other (Stalberg and Sonoo 1994), so that what a large
/// potential leaves in the residual is not noise but lies in a small space; the covariance around each
/// firing is that of the noise plus the outer products of the components.
struct ShapeVariability: Sendable {
  /// Components x (channels x length), each as long as its standard deviation.
  let components: [[Float]]

  /// Known components.
  init(components: [[Float]]) { self.components = components }

  /// Components looked for in one unit.
  private static let count = 2
  /// Share of the largest deflection below which the potential varies proportionally less.
  private static let envelopeShare: Float = 0.15
  /// Nats that a component has to explain in a firing to be kept.
  private static let leastVariance: Float = 2

  /// The principal components of the residual around a unit's firings.
  init(_ model: NeedleModel, unit: Int, residual: [[Float]]) {
    let times = model.units[unit].firings
    var (rows, values) = model.windows(residual, at: times, reach: model.half)
    if rows < 20 {
      components = []
      return
    }
    let envelope = Self.envelope(model, unit: unit)
    let width = envelope.count
    var norms = [Float](repeating: 0, count: rows)
    for row in 0..<rows {
      for index in 0..<width {
        values[row * width + index] *= envelope[index]
        norms[row] += values[row * width + index] * values[row * width + index]
      }
    }
    // Firings under other potentials that are not known tell nothing of this one.
    let usual = 2 * median(norms)
    for row in 0..<rows where norms[row] > usual {
      let scale = (usual / norms[row]).squareRoot()
      for index in row * width..<(row + 1) * width { values[index] *= scale }
    }
    let noise = Float(model.signal.oversampling)
    components = principalAxes(values, rows: rows, count: Self.count).compactMap { axis, variance in
      let own = variance - noise
      if own < Self.leastVariance * model.signal.nat { return nil }
      return axis.map { $0 * own.squareRoot() }
    }
  }

  /// Where the potential is large enough to vary visibly, 0...1.
  private static func envelope(_ model: NeedleModel, unit: Int) -> [Float] {
    let template = model.units[unit].template
    let length = model.length
    let reach = Int(0.000_3 * model.signal.rate)
    let largest = template.reduce(0) { max($0, abs($1)) }
    return template.indices.map { index in
      let start = index / length * length
      var peak: Float = 0
      for other in max(start, index - reach)...min(start + length - 1, index + reach) {
        peak = max(peak, abs(template[other]))
      }
      return min(1, peak / max(1e-9, envelopeShare * largest))
    }
  }
}

/// The first principal axes of rows about zero with their variances, by power iteration.
func principalAxes(
  _ values: [Float], rows: Int, count: Int
) -> [(axis: [Float], variance: Float)] {
  let width = values.count / max(1, rows)
  var products = [Float](repeating: 0, count: rows * rows)
  DenseMatrix.multiply(
    values, values, transposeB: true, into: &products, rows: rows, columns: rows, inner: width)
  var result: [(axis: [Float], variance: Float)] = []
  for order in 0..<min(count, rows) {
    // A fixed start without any symmetry keeps the result reproducible.
    var scores = (0..<rows).map { Float(($0 * ($0 + 7 * order + 3)) % 101) - 50 }
    var square: Float = 0
    for _ in 0..<20 {
      let length = max(1e-20, scores.reduce(0) { $0 + $1 * $1 }.squareRoot())
      let unit = scores.map { $0 / length }
      DenseMatrix.multiply(
        products, unit, transposeB: true, into: &scores, rows: rows, columns: 1, inner: rows)
      square = scores.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if square <= 0 { break }
    }
    if square <= 0 { break }
    let unit = scores.map { $0 / square }
    var axis = [Float](repeating: 0, count: width)
    DenseMatrix.multiply(
      unit, values, transposeB: false, into: &axis, rows: 1, columns: width, inner: rows)
    let scale = 1 / square.squareRoot()
    result.append((axis.map { $0 * scale }, square / Float(rows)))
    for row in 0..<rows {
      for column in 0..<rows { products[row * rows + column] -= square * unit[row] * unit[column] }
    }
  }
  return result
}
