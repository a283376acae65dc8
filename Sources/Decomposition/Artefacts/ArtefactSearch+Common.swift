import Signal

/// What is on all channels at once.
extension ArtefactSearch {
  /// Pulses that are alike on all channels stand out most in combinations of the channels in which
  /// activity cancels.
  func mendCommon(
    _ channels: inout [[Float]], combination: [Float], usable: [Int],
    whitening: ChannelWhitening?
  ) -> [SignalArtefact] {
    let count = channels[usable[0]].count
    var combined = [Float](repeating: 0, count: count)
    for (weight, channel) in zip(combination, usable) {
      VectorKernel.addScaled(
        channels[channel], from: 0, weight, into: &combined, at: 0, count: count)
    }
    guard let model = AutoregressiveModel(combined, settings: settings) else { return [] }
    var artefacts: [SignalArtefact] = []
    var stretches: [[Int]] = []
    for find in finds(in: combined, model: model) {
      let (differences, activity) = besideActivity(
        find.places, in: channels, usable: usable, whitening: whitening)
      let parts = CommonParts(differences, whitening: whitening)
      guard parts.alikeness >= settings.commonShare, let activity,
        parts.energy > settings.overActivity * activity
      else { continue }
      stretches.append(find.places)
      artefacts.append(
        SignalArtefact(
          kind: .commonPulse, start: find.places[0], end: (find.places.last ?? 0) + 1,
          channels: usable, sampleCount: find.places.count * usable.count))
    }
    if Double(artefacts.count) > settings.highestRate * Double(count) / samplingRate { return [] }
    takeOutCommon(&channels, at: stretches, usable: usable, whitening: whitening)
    return artefacts
  }

  /// Two combinations of the channels: their mean, and what holds least of the activity.
  ///
  /// The second keeps all of what is alike on all channels and as little as it can of what stands
  /// off in them as they are (minimum variance; Capon 1969, Proceedings of the IEEE 57).
  func combinations(_ channels: [[Float]], usable: [Int]) -> [[Float]] {
    let size = usable.count
    let even = [Float](repeating: 1 / Float(size), count: size)
    let count = channels[usable[0]].count
    let step = max(1, count / 20_000)
    let kept = Array(stride(from: 0, to: count, by: step))
    let columns = parallelism.map(size) { place -> [Float] in
      let deviations = models[usable[place]]?.deviations(of: channels[usable[place]]) ?? []
      return kept.map { deviations.isEmpty ? 0 : deviations[$0] }
    }
    let values = columns.flatMap { $0 }
    var gram = [Float](repeating: 0, count: size * size)
    DenseMatrix.multiply(
      values, values, transposeB: true, into: &gram, rows: size, columns: size, inner: kept.count)
    let trace = (0..<size).reduce(Float(0)) { $0 + gram[$1 * size + $1] }
    if !(trace > 0) { return [even] }
    for index in 0..<size { gram[index * size + index] += 0.01 * trace / Float(size) }
    if !DenseMatrix.choleskyFactor(&gram, order: size) { return [even] }
    var weights = [Float](repeating: 1, count: size)
    DenseMatrix.solveTriangular(gram, order: size, transposed: false, &weights, columns: 1)
    DenseMatrix.solveTriangular(gram, order: size, transposed: true, &weights, columns: 1)
    let gain = weights.reduce(0, +)
    return gain > 0 ? [even, weights.map { $0 / gain }] : [even]
  }

  /// What stands off at some places, `[channel][sample]`, and the energy of the strongest part of what
  /// stands off at as many places beside them, where there is activity alone: the second smallest of
  /// four, as other artefacts may stand there; nil at the ends of short recordings.
  private func besideActivity(
    _ places: [Int], in channels: [[Float]], usable: [Int], whitening: ChannelWhitening?
  ) -> (differences: [[Double]], activity: Double?) {
    let count = channels[usable[0]].count
    guard let first = places.first, let last = places.last else { return ([], nil) }
    let distance = last - first + 1 + 2 * settings.order
    let starts = [0, -2, -1, 1, 2].map { first + $0 * distance }.filter {
      $0 == first || $0 >= 0 && $0 + last - first < count
    }
    let standing: [[[Double]]]
    if last - first + 1 == places.count, starts.min() ?? 0 >= settings.order {
      standing = self.standing(
        from: starts, count: places.count, in: channels, channels: usable)
    } else {
      standing = starts.map { start in
        differences(at: places.map { $0 + start - first }, in: channels, channels: usable)
      }
    }
    let energies = standing.dropFirst().map { CommonParts($0, whitening: whitening).energy }
      .sorted()
    return (standing[0], energies.isEmpty ? nil : energies[(energies.count - 1) / 3])
  }

  /// Takes what all channels have in common out of each of some stretches of places; where it
  /// cannot be told from activity, everything, and what the surroundings say is put in.
  func takeOutCommon(
    _ channels: inout [[Float]], at stretches: [[Int]], usable: [Int], whitening: ChannelWhitening?
  ) {
    for places in stretches where !places.isEmpty {
      let (differences, activity) = besideActivity(
        places, in: channels, usable: usable, whitening: whitening)
      var parts = CommonParts(differences, whitening: whitening)
      let isTold = activity.map { parts.takeOut(above: $0, settings: settings) } ?? false
      let rest = parts.rest
      for (row, channel) in usable.enumerated() {
        for (column, place) in places.enumerated() {
          let left = isTold ? rest[row][column] : 0
          channels[channel][place] -= Float(differences[row][column] - left)
        }
      }
    }
  }

  /// What stands off the surroundings of windows of one length, `[window][channel][sample]`.
  ///
  /// The factor of a length serves all of its windows.
  private func standing(
    from starts: [Int], count: Int, in channels: [[Float]], channels chosen: [Int]
  ) -> [[[Double]]] {
    let places = Array(settings.order..<(settings.order + count))
    let byChannel = parallelism.map(chosen.count) { index -> [[Double]] in
      let samples = channels[chosen[index]]
      guard let model = models[chosen[index]] else {
        return starts.map { _ in [Double](repeating: 0, count: count) }
      }
      let factor = model.factor(of: places)
      return starts.map { start in
        let low = start - settings.order
        let high = min(samples.count, start + count + settings.order)
        let window = samples[low..<high].map { Double($0 - model.mean) }
        var mended = window
        model.mend(&mended, at: places, factor: factor)
        return places.map { window[$0] - mended[$0] }
      }
    }
    return starts.indices.map { start in byChannel.map { $0[start] } }
  }
}
