import Signal

/// The channels as combinations in which activity is of one size and uncorrelated, and back.
///
/// Potentials spread over the electrodes, so that activity fills a few directions of the channels far
/// more than the others. What an artefact adds is told best where activity is alike in all of them:
/// there the strongest singular vectors are the most probable directions of the artefact.
struct ChannelWhitening: Sendable {
  /// Lower factor of the covariance of the channels, `order` x `order`.
  private let factor: [Float]
  private let order: Int

  /// From the samples of channels at which they hold least energy together; nil where they are silent.
  ///
  /// - Parameter settings: the share of samples that is left out as artefacts may be there, and the ridge.
  init?(_ channels: [[Float]], settings: ArrayConfiguration.Artefacts) {
    order = channels.count
    let count = channels.first?.count ?? 0
    if order == 0 || count == 0 { return nil }
    let step = max(1, count / 20_000)
    let means = channels.map { channel -> Float in
      var sum: Float = 0
      for index in stride(from: 0, to: count, by: step) { sum += channel[index] }
      return sum / Float((count + step - 1) / step)
    }
    let places = Array(stride(from: 0, to: count, by: step))
    let energies = places.map { place -> Float in
      var sum: Float = 0
      for (channel, samples) in channels.enumerated() {
        let value = samples[place] - means[channel]
        sum += value * value
      }
      return sum
    }
    let ordered = SpikeClustering.ascending(energies)
    let limit = ordered[min(ordered.count - 1, Int(settings.quietShare * Double(ordered.count)))]
    let kept = places.indices.filter { energies[$0] <= limit }.map { places[$0] }
    var values: [Float] = []
    values.reserveCapacity(order * kept.count)
    for (channel, samples) in channels.enumerated() {
      for place in kept { values.append(samples[place] - means[channel]) }
    }
    var gram = [Float](repeating: 0, count: order * order)
    DenseMatrix.multiply(
      values, values, transposeB: true, into: &gram, rows: order, columns: order,
      inner: kept.count)
    var trace: Float = 0
    for index in 0..<order { trace += gram[index * order + index] }
    if !(trace > 0) || !trace.isFinite { return nil }
    let scale = 1 / Float(kept.count)
    for index in gram.indices { gram[index] *= scale }
    let ridge = settings.whiteningRidge * trace * scale / Float(order)
    for index in 0..<order { gram[index * order + index] += ridge }
    if !DenseMatrix.choleskyFactor(&gram, order: order) { return nil }
    for row in 0..<order {
      for column in (row + 1)..<max(row + 1, order) { gram[row * order + column] = 0 }
    }
    factor = gram
  }

  /// `[channel][sample]` as combinations.
  func whitened(_ rows: [[Double]]) -> [[Double]] {
    transformed(rows) { values, columns in
      DenseMatrix.solveTriangular(
        factor, order: order, transposed: false, &values, columns: columns)
    }
  }

  /// Combinations as `[channel][sample]`.
  func restored(_ rows: [[Double]]) -> [[Double]] {
    transformed(rows) { values, columns in
      var result = [Float](repeating: 0, count: values.count)
      DenseMatrix.multiply(
        factor, values, into: &result, rows: order, columns: columns, inner: order)
      values = result
    }
  }

  private func transformed(
    _ rows: [[Double]], _ transform: (inout [Float], Int) -> Void
  ) -> [[Double]] {
    precondition(rows.count == order, "as many rows as channels")
    let columns = rows[0].count
    if columns == 0 { return rows }
    var values = rows.flatMap { $0.map(Float.init) }
    transform(&values, columns)
    return (0..<order).map { row in
      values[(row * columns)..<((row + 1) * columns)].map(Double.init)
    }
  }
}
