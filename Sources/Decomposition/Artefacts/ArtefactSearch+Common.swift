import Signal

/// What is on all channels at once.
extension ArtefactSearch {
  /// Pulses that are alike on all channels stand out most in combinations of the channels in which
  /// activity cancels.
  func mendCommon(
    _ channels: inout [[Float]], combination: [Float], usable: [Int]
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
      let parts = CommonParts(differences(at: find.places, in: channels, channels: usable))
      guard parts.alikeness >= settings.commonShare,
        let activity = activity(beside: find.places, in: channels, usable: usable),
        parts.energy > settings.overActivity * activity
      else { continue }
      stretches.append(find.places)
      artefacts.append(
        SignalArtefact(
          kind: .commonPulse, start: find.places[0], end: (find.places.last ?? 0) + 1,
          channels: usable, sampleCount: find.places.count * usable.count))
    }
    if Double(artefacts.count) > settings.highestRate * Double(count) / samplingRate { return [] }
    takeOutCommon(&channels, at: stretches, usable: usable)
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

  /// Energy of the strongest part of what stands off at as many places beside some, where there is
  /// activity alone: the median of up to four; nil at the ends of short recordings.
  private func activity(
    beside places: [Int], in channels: [[Float]], usable: [Int]
  ) -> Double? {
    guard let first = places.first, let last = places.last else { return nil }
    let distance = last - first + 1 + 2 * settings.order
    let energies = [-2, -1, 1, 2].compactMap { step -> Double? in
      let low = first + step * distance
      guard low >= 0, last + step * distance < channels[usable[0]].count else { return nil }
      return CommonParts(
        differences(at: places.map { $0 + step * distance }, in: channels, channels: usable)
      ).energy
    }.sorted()
    return energies.isEmpty ? nil : energies[energies.count / 2]
  }

  /// Takes what all channels have in common out of each of some stretches of places; where it
  /// cannot be told from activity, everything, and what the surroundings say is put in.
  func takeOutCommon(_ channels: inout [[Float]], at stretches: [[Int]], usable: [Int]) {
    for places in stretches where !places.isEmpty {
      let differences = differences(at: places, in: channels, channels: usable)
      var parts = CommonParts(differences)
      let activity = activity(beside: places, in: channels, usable: usable)
      let isTold = activity.map { parts.takeOut(above: $0, settings: settings) } ?? false
      for (row, channel) in usable.enumerated() {
        for (column, place) in places.enumerated() {
          let left = isTold ? parts.rest[row][column] : 0
          channels[channel][place] -= Float(differences[row][column] - left)
        }
      }
    }
  }
}
