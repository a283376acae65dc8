import Signal

/// A signal in few dimensions, white, sample by sample, and the fixed point over it.
///
/// Shapes: values `[sample][component]`; weights `[candidate][component]` of unit length.
struct ComponentSignal: Sendable {
  /// Samples of one chunk; odd and even chunks are the two halves that iterations read in turn.
  static let chunkLength = 1_024
  /// Candidates whose sources are held at once.
  static let batch = 16

  /// The number of components.
  let count: Int
  /// The number of samples.
  let sampleCount: Int
  /// Chunks of samples.
  private let chunks: [[Float]]
  /// The energy of each sample.
  let energy: [Float]

  /// The outputs of the components' filters.
  init(_ components: PrincipalComponents, of spectra: OverlapSaveSpectra, parallelism: Parallelism)
  {
    let dimensions = components.count
    let samples = spectra.layout.sampleCount
    let outputs = spectra.filter(
      bank: components.filters, filterCount: dimensions, parallelism: parallelism)
    let length = Self.chunkLength
    chunks = parallelism.map((samples + length - 1) / length) { chunk in
      let range = (chunk * length)..<min(samples, (chunk + 1) * length)
      var values = [Float](repeating: 0, count: range.count * dimensions)
      for component in 0..<dimensions {
        var place = component
        for sample in range {
          values[place] = outputs[component * samples + sample]
          place += dimensions
        }
      }
      return values
    }
    var energy = [Float](repeating: 0, count: samples)
    for component in 0..<dimensions {
      for sample in 0..<samples {
        let value = outputs[component * samples + sample]
        energy[sample] += value * value
      }
    }
    self.energy = energy
    count = dimensions
    sampleCount = samples
  }

  /// The components of one sample.
  func values(at sample: Int) -> ArraySlice<Float> {
    let first = sample % Self.chunkLength * count
    return chunks[sample / Self.chunkLength][first..<(first + count)]
  }

  /// Weights of unit length from the samples at some instants.
  func weights(at instants: [Int]) -> [Float] {
    var weights = instants.flatMap { values(at: $0) }
    normalize(&weights)
    return weights
  }

  /// One step of the fixed point for the half-wave contrast with slope g = clip(s, 0, limit)^2,
  /// over the even (turn 0, 2, …) or odd chunks, instants that are left out counting as nothing.
  func step(
    _ weights: [Float], turn: Int, limit: Float, leftOut: [Bool], parallelism: Parallelism
  ) -> [Float] {
    let candidates = weights.count / max(1, count)
    let dimensions = count
    let own = chunks.indices.filter { chunks.count < 2 || $0 % 2 == turn % 2 }
    let parts = parallelism.map(own.count) { place -> (sums: [Float], slopes: [Float], used: Int) in
      let chunk = own[place]
      var values = chunks[chunk]
      let length = values.count / dimensions
      var used = length
      for index in 0..<length where leftOut[chunk * Self.chunkLength + index] {
        for component in 0..<dimensions { values[index * dimensions + component] = 0 }
        used -= 1
      }
      var sources = [Float](repeating: 0, count: candidates * length)
      DenseMatrix.multiply(
        weights, values, transposeB: true, into: &sources, rows: candidates, columns: length,
        inner: dimensions)
      var slopes = [Float](repeating: 0, count: candidates)
      var source = sources.mutableSpan
      for candidate in 0..<candidates {
        var sum: Float = 0
        for index in (candidate * length)..<((candidate + 1) * length) {
          let value = source[index]
          let half = max(0, min(limit, value))
          sum += value < limit ? half : 0
          source[index] = half * half
        }
        slopes[candidate] = 2 * sum
      }
      var sums = [Float](repeating: 0, count: candidates * dimensions)
      DenseMatrix.multiply(
        sources, values, into: &sums, rows: candidates, columns: dimensions, inner: length)
      return (sums, slopes, used)
    }
    var next = [Float](repeating: 0, count: weights.count)
    var slopes = [Float](repeating: 0, count: candidates)
    for part in parts {
      VectorKernel.addScaled(part.sums, from: 0, 1, into: &next, at: 0, count: next.count)
      for candidate in 0..<candidates { slopes[candidate] += part.slopes[candidate] }
    }
    for candidate in 0..<candidates {
      VectorKernel.addScaled(
        weights, from: candidate * dimensions, -slopes[candidate], into: &next,
        at: candidate * dimensions, count: dimensions)
    }
    normalize(&next)
    return next
  }

  /// What `body` makes of the source of each candidate.
  func sources<Result: Sendable>(
    _ weights: [Float], parallelism: Parallelism, _ body: @Sendable (Span<Float>) -> Result
  ) -> [Result] {
    let candidates = weights.count / max(1, count)
    let batches = (candidates + Self.batch - 1) / Self.batch
    return parallelism.map(batches) { place -> [Result] in
      let range = (place * Self.batch)..<min(candidates, (place + 1) * Self.batch)
      let bank = Array(weights[(range.lowerBound * count)..<(range.upperBound * count)])
      var sources = [Float](repeating: 0, count: range.count * sampleCount)
      for (chunk, values) in chunks.enumerated() {
        let length = values.count / count
        var part = [Float](repeating: 0, count: range.count * length)
        DenseMatrix.multiply(
          bank, values, transposeB: true, into: &part, rows: range.count, columns: length,
          inner: count)
        for candidate in 0..<range.count {
          VectorKernel.addScaled(
            part, from: candidate * length, 1, into: &sources,
            at: candidate * sampleCount + chunk * Self.chunkLength, count: length)
        }
      }
      return (0..<range.count).map {
        body(sources.span.extracting(($0 * sampleCount)..<(($0 + 1) * sampleCount)))
      }
    }.flatMap { $0 }
  }

  /// The mean over instants, those of more than the median energy taken down to it, at unit length:
  /// a discharge under which another unit lies then weighs no more than one that is alone.
  func mean(at instants: [Int]) -> [Float] {
    let ordered = instants.map { energy[$0] }.sorted()
    let median = ordered.isEmpty ? 1 : max(1e-12, ordered[ordered.count / 2])
    var sum = [Float](repeating: 0, count: count)
    for instant in instants {
      let weight = min(1, (median / max(1e-12, energy[instant])).squareRoot())
      let first = instant % Self.chunkLength * count
      VectorKernel.addScaled(
        chunks[instant / Self.chunkLength], from: first, weight, into: &sum, at: 0, count: count)
    }
    normalize(&sum)
    return sum
  }

  private func normalize(_ weights: inout [Float]) {
    for first in stride(from: 0, to: weights.count, by: max(1, count)) {
      var square: Float = 0
      for index in first..<(first + count) { square += weights[index] * weights[index] }
      let scale = square > 0 ? 1 / square.squareRoot() : 0
      for index in first..<(first + count) { weights[index] *= scale }
    }
  }
}
