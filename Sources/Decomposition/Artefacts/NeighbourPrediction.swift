import Signal

/// What other channels say of each channel: potentials spread over several electrodes, so samples
/// that one channel lacks are mostly told by those of its neighbours.
///
/// A channel is predicted from the channels it correlates with most, at a few lags, by least
/// squares over samples that all of them have; what the prediction leaves is an autoregressive
/// process, which is filled in over the gaps (`AutoregressiveModel`). Both together are the most
/// probable samples, those of neighbours and those before and after being given.
struct NeighbourPrediction: Sendable {
  /// Neighbours of each channel, the most correlated first.
  private var nearest: [[Int]]
  private let settings: ArrayConfiguration.Filling
  private let artefacts: ArrayConfiguration.Artefacts

  /// Looks for the neighbours among the channels named, from samples that are all there.
  init(
    _ channels: [[Float]], usable: [Int], isMissing: [[Bool]],
    configuration: ArrayConfiguration = ArrayConfiguration()
  ) {
    settings = configuration.filling
    artefacts = configuration.artefacts
    let count = channels.first?.count ?? 0
    let size = usable.count
    let step = max(1, count / 20_000)
    var values: [Float] = []
    var kept = 0
    for index in stride(from: step / 2, to: count, by: step)
    where !usable.contains(where: { !isMissing[$0].isEmpty && isMissing[$0][index] }) {
      for channel in usable { values.append(channels[channel][index]) }
      kept += 1
    }
    nearest = [[Int]](repeating: [], count: channels.count)
    if kept < 4 * settings.neighbours || size < 2 { return }
    var gram = [Float](repeating: 0, count: size * size)
    DenseMatrix.multiply(
      values, transposeA: true, values, into: &gram, rows: size, columns: size, inner: kept)
    for (row, channel) in usable.enumerated() {
      let strengths = (0..<size).map { column -> Float in
        let power = gram[column * size + column]
        let product = gram[row * size + column]
        return column == row || !(power > 0) ? -1 : product * product / power
      }
      nearest[channel] = strengths.indices.filter { strengths[$0] > 0 }.sorted {
        strengths[$0] != strengths[$1] ? strengths[$0] > strengths[$1] : $0 < $1
      }.prefix(settings.neighbours).map { usable[$0] }
    }
  }

  /// Fills the samples of a channel at ascending places from those of its neighbours and its own;
  /// false, and nothing changed, where too little is there to learn from.
  ///
  /// `isMissing` tells of each channel which samples are not its own, empty for a whole one.
  func fill(
    _ channel: Int, at places: [Int], in channels: inout [[Float]], isMissing: [[Bool]]
  ) -> Bool {
    guard let rest = rest(of: channel, in: channels, isMissing: isMissing),
      let model = AutoregressiveModel(rest, settings: artefacts)
    else { return false }
    var filled = rest
    model.mend(&filled, at: places)
    for place in places { channels[channel][place] += filled[place] - rest[place] }
    return true
  }

  /// What its neighbours do not say of a channel; nil where too little is there to learn from.
  func rest(of channel: Int, in channels: [[Float]], isMissing: [[Bool]]) -> [Float]? {
    let others = nearest[channel]
    let count = channels[channel].count
    let width = 2 * settings.reach + 1
    if others.isEmpty || count < 8 * artefacts.order { return nil }
    guard
      let weights = weights(
        of: channel, others: others, order: others.count * width, in: channels,
        isMissing: isMissing)
    else { return nil }
    var rest = channels[channel]
    for (place, other) in others.enumerated() {
      for lag in -settings.reach...settings.reach {
        let weight = weights[place * width + lag + settings.reach]
        let low = max(0, -lag)
        let high = min(count, count - lag)
        VectorKernel.addScaled(
          channels[other], from: low + lag, -weight, into: &rest, at: low, count: high - low)
      }
    }
    return rest
  }

  private func weights(
    of channel: Int, others: [Int], order: Int, in channels: [[Float]], isMissing: [[Bool]]
  ) -> [Float]? {
    let count = channels[channel].count
    let all = [channel] + others
    let step = max(1, count / settings.fitted)
    var rows: [Float] = []
    var targets: [Float] = []
    for index in stride(from: settings.reach, to: count - settings.reach, by: step) {
      let isWhole = !all.contains { other in
        let mask = isMissing[other]
        if mask.isEmpty { return false }
        if other == channel { return mask[index] }
        return (index - settings.reach...index + settings.reach).contains { mask[$0] }
      }
      if !isWhole { continue }
      targets.append(channels[channel][index])
      for other in others {
        rows += channels[other][(index - settings.reach)...(index + settings.reach)]
      }
    }
    if targets.count < settings.samplesPerWeight * order { return nil }
    var gram = [Float](repeating: 0, count: order * order)
    DenseMatrix.multiply(
      rows, transposeA: true, rows, into: &gram, rows: order, columns: order, inner: targets.count)
    var weights = [Float](repeating: 0, count: order)
    DenseMatrix.multiply(
      rows, transposeA: true, targets, into: &weights, rows: order, columns: 1,
      inner: targets.count)
    let trace = (0..<order).reduce(Float(0)) { $0 + gram[$1 * order + $1] }
    if !(trace > 0) { return nil }
    for index in 0..<order { gram[index * order + index] += settings.ridge * trace / Float(order) }
    if !DenseMatrix.choleskyFactor(&gram, order: order) { return nil }
    DenseMatrix.solveTriangular(gram, order: order, transposed: false, &weights, columns: 1)
    DenseMatrix.solveTriangular(gram, order: order, transposed: true, &weights, columns: 1)
    return weights.allSatisfy(\.isFinite) ? weights : nil
  }
}
