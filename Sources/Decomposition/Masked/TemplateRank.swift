import Signal

/// Keeps what potentials have in common over channels: a sum of few products of a waveform in time
/// and a distribution over channels.
///
/// A potential fitted to few discharges holds noise in all of its samples x channels; that of a
/// fibre, seen by many electrodes, has few degrees of freedom. The best approximation follows from
/// the singular values (Eckart and Young 1936).
enum TemplateRank {
  /// The best approximation of a template `[sample][channel]` by `rank` products.
  static func limited(_ template: [Float], channelCount: Int, rank: Int) -> [Float] {
    let samples = template.count / max(1, channelCount)
    if rank >= min(samples, channelCount) { return template }
    // Of the smaller side: its Gram matrix has the singular vectors.
    let overSamples = samples <= channelCount
    let order = overSamples ? samples : channelCount
    var gram = [Float](repeating: 0, count: order * order)
    DenseMatrix.multiply(
      template, transposeA: !overSamples, template, transposeB: overSamples, into: &gram,
      rows: order, columns: order, inner: overSamples ? channelCount : samples)
    guard let (_, vectors) = DenseMatrix.symmetricEigenvectors(gram, order: order) else {
      return template
    }
    // Ascending: the strongest are the last rows.
    let basis = Array(vectors[((order - rank) * order)...])
    var inner = [Float](repeating: 0, count: rank * (overSamples ? channelCount : samples))
    var result = template
    if overSamples {
      DenseMatrix.multiply(
        basis, template, into: &inner, rows: rank, columns: channelCount, inner: samples)
      DenseMatrix.multiply(
        basis, transposeA: true, inner, into: &result, rows: samples, columns: channelCount,
        inner: rank)
    } else {
      DenseMatrix.multiply(
        template, basis, transposeB: true, into: &inner, rows: samples, columns: rank,
        inner: channelCount)
      DenseMatrix.multiply(
        inner, basis, into: &result, rows: samples, columns: channelCount, inner: rank)
    }
    return result
  }
}
