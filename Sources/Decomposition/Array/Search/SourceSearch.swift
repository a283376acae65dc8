import Signal

/// One round's search for new sources in a signal.
///
/// A batch of candidates, each started at an instant of high activity, is iterated together with
/// the fixed point for the contrast s^3, its slope g = s^2 bounded so that no single instant rules
/// (Hyvärinen 1999, Negro et al. 2016), and without
/// deflation, then each is refined to the mean of the whitened observation over its own discharges
/// until the variability of its intervals stops falling.
struct SourceSearch: Sendable {
  let configuration: ArrayConfiguration
  let signal: TimeMajorSignal
  let spectra: OverlapSaveSpectra
  let covariance: ExtendedCovariance
  let rate: Double
  let parallelism: Parallelism
  /// Height of a source beyond which the contrast is flat.
  var contrastLimit = Float.infinity
  /// Discharge times of the units that are known already; candidates that become one of them are
  /// given up early.
  var known: [[Double]] = []

  /// A source that passed refinement.
  struct Candidate: Sendable {
    var samples: [Int]
    var times: [Double]
    var silhouette: Double
    var variation: Double

    /// A train with its figures of merit.
    init(samples: [Int], times: [Double], silhouette: Double, variation: Double) {
      self.samples = samples
      self.times = times
      self.silhouette = silhouette
      self.variation = variation
    }

    /// What a source separates; nil where its peaks do not make two classes.
    init?(in source: Span<Float>, refractory: Int, rate: Double) {
      guard let cluster = SpikeClustering.discharges(in: source, refractory: refractory) else {
        return nil
      }
      samples = cluster.samples
      times = SpikeClustering.refined(cluster.samples, in: source)
      silhouette = cluster.silhouette
      variation = SpikeTrain(times: times, samplingRate: rate).isiCoV ?? 9
    }
  }

  private var taps: Int { covariance.tapCount }
  private var order: Int { covariance.order }
  private var refractory: Int {
    max(1, Int((configuration.refractoryTime * rate).rounded(.down)))
  }

  /// Runs the batch; candidates come in the order of their starting points.
  func candidates(generator: inout SeededGenerator) -> [Candidate] {
    let starts = startingInstants(generator: &generator)
    if starts.isEmpty { return [] }
    var weights = startingWeights(starts)
    for iteration in 0..<configuration.iterations {
      weights = fixedPointStep(weights, count: starts.count, subsets: subsets(of: iteration))
    }
    return refine(weights, count: starts.count)
  }

  /// The parts of the signal that an iteration reads: another even sample of it each time.
  private func subsets(of iteration: Int) -> Range<Int> {
    let all = spectra.subsetCount
    let share = configuration.searchDuration * rate / Double(signal.sampleCount)
    let wanted = min(all, max(1, Int((share * Double(all)).rounded(.up))))
    let first = iteration * wanted % (all - wanted + 1)
    return first..<(first + wanted)
  }

  /// Instants of high activity: a random choice from the highest of its local maxima.
  ///
  /// Activity is the energy of the whitened observation, estimated by its projections on random
  /// directions (Johnson and Lindenstrauss 1984).
  private func startingInstants(generator: inout SeededGenerator) -> [Int] {
    let projections = configuration.search.projections
    var directions = (0..<(order * projections)).map { _ in Float(generator.normal()) }
    covariance.unwhiten(&directions, columns: projections)
    let outputs = spectra.filter(
      bank: transposed(directions, rows: order, columns: projections), filterCount: projections,
      parallelism: parallelism)
    let count = signal.sampleCount
    var activity = [Float](repeating: 0, count: count)
    for projection in 0..<projections {
      for index in 0..<count {
        let value = outputs[projection * count + index]
        activity[index] += value * value
      }
    }
    let distance = max(1, Int(configuration.search.startDistance * rate))
    let maxima = SpikeClustering.dominantPeaks(activity.span, distance: distance).filter {
      $0 > taps && $0 < count - taps
    }
    if maxima.isEmpty { return [] }
    let ordered = maxima.sorted {
      activity[$0] != activity[$1] ? activity[$0] > activity[$1] : $0 < $1
    }
    let pool = max(
      configuration.batchSize * configuration.search.startsPerCandidate,
      Int(configuration.search.startShare * Double(ordered.count)))
    var choice = Array(ordered.prefix(pool))
    let wanted = min(configuration.batchSize, choice.count)
    for index in 0..<wanted {
      choice.swapAt(index, index + generator.index(below: choice.count - index))
    }
    return Array(choice.prefix(wanted))
  }

  /// The whitened observation at each instant as unit vectors, `[order][column]`.
  private func startingWeights(_ instants: [Int]) -> [Float] {
    let columns = instants.count
    var weights = [Float](repeating: 0, count: order * columns)
    for (column, instant) in instants.enumerated() {
      let observation = signal.meanOfPast(at: [instant], length: taps)
      for row in 0..<order { weights[row * columns + column] = observation[row] }
    }
    covariance.whiten(&weights, columns: columns)
    normalizeColumns(&weights, columns: columns)
    return weights
  }

  private func fixedPointStep(_ weights: [Float], count: Int, subsets: Range<Int>) -> [Float] {
    var filters = weights
    covariance.unwhiten(&filters, columns: count)
    let (correlation, sums) = spectra.squaredOutputCorrelation(
      bank: transposed(filters, rows: order, columns: count), filterCount: count,
      subsets: subsets, limit: contrastLimit, parallelism: parallelism)
    let scale = 1 / Float(spectra.sampleCount(inSubsets: subsets))
    var next = transposed(correlation, rows: count, columns: order)
    for index in next.indices { next[index] *= scale }
    covariance.whiten(&next, columns: count)
    for row in 0..<order {
      for column in 0..<count {
        next[row * count + column] -= 2 * sums[column] * scale * weights[row * count + column]
      }
    }
    normalizeColumns(&next, columns: count)
    return next
  }

  /// Replaces each filter by the mean observation over its own discharges until the intervals stop
  /// becoming more regular, and keeps what could be a unit.
  private func refine(_ weights: [Float], count: Int) -> [Candidate] {
    // Given-up candidates keep their best state: acceptance looks at all of them again.
    var weights = weights
    var best = [Candidate?](repeating: nil, count: count)
    var active = Array(0..<count)
    for iteration in 0..<configuration.search.refinements where !active.isEmpty {
      let columns = active.count
      var filters = weights
      covariance.unwhiten(&filters, columns: columns)
      let found = sources(of: transposed(filters, rows: order, columns: columns), count: columns)
      var still: [Int] = []
      for (column, candidate) in active.enumerated() {
        guard let now = found[column] else { continue }
        if let previous = best[candidate] {
          if now.variation < previous.variation {
            best[candidate] = now
          } else if iteration > 2 {
            continue
          }
        } else {
          best[candidate] = now
        }
        still.append(column)
      }
      if iteration < 2 || iteration == 4 {
        // A first source is still rough, so little is asked of it.
        still = distinct(
          still.compactMap { column in found[column].map { (column, $0) } },
          silhouetteLimit: iteration == 0
            ? configuration.search.firstSilhouette : configuration.search.laterSilhouette)
      }
      var next = [Float](repeating: 0, count: order * still.count)
      for (place, column) in still.enumerated() {
        guard let now = found[column] else { continue }
        let mean = signal.meanOfPast(at: now.samples, length: taps)
        for row in 0..<order { next[row * still.count + place] = mean[row] }
      }
      covariance.whiten(&next, columns: still.count)
      normalizeColumns(&next, columns: still.count)
      weights = next
      active = still.map { active[$0] }
    }
    return best.compactMap { $0 }
  }

  /// What each filter of a bank separates; a few at a time, since their outputs are long.
  private func sources(of bank: [Float], count: Int) -> [Candidate?] {
    let samples = signal.sampleCount
    let batch = 80
    var found: [Candidate?] = []
    for first in stride(from: 0, to: count, by: batch) {
      let filters = min(batch, count - first)
      let outputs = spectra.filter(
        bank: Array(bank[(first * order)..<((first + filters) * order)]), filterCount: filters,
        parallelism: parallelism)
      found += parallelism.map(filters) { filter in
        Candidate(
          in: outputs.span.extracting((filter * samples)..<((filter + 1) * samples)),
          refractory: refractory, rate: rate)
      }
    }
    return found
  }

  /// The columns worth refining further: those that are neither hopeless nor a known unit nor
  /// another candidate that stands out better.
  private func distinct(
    _ candidates: [(column: Int, candidate: Candidate)], silhouetteLimit: Double
  ) -> [Int] {
    let tolerance = TrainAgreement.usualTolerance(samplingRate: rate)
    let longestLag = configuration.refractoryTime * rate
    @Sendable func isSame(_ a: [Double], _ b: [Double]) -> Bool {
      TrainAgreement.isAtLeast(
        configuration.search.sameShare, a, b, tolerance: tolerance, longestLag: longestLag)
    }
    let fresh = parallelism.map(candidates.count) { index in
      let candidate = candidates[index].candidate
      return candidate.silhouette > silhouetteLimit
        && !known.contains { isSame($0, candidate.times) }
    }
    let order = candidates.indices.filter { fresh[$0] }.sorted {
      let (a, b) = (candidates[$0].candidate.silhouette, candidates[$1].candidate.silhouette)
      return a != b ? a > b : $0 < $1
    }
    var kept: [Int] = []
    for index in order {
      let times = candidates[index].candidate.times
      if !kept.contains(where: { isSame(candidates[$0].candidate.times, times) }) {
        kept.append(index)
      }
    }
    return kept.map { candidates[$0].column }.sorted()
  }

  private func normalizeColumns(_ matrix: inout [Float], columns: Int) {
    var squares = [Float](repeating: 0, count: columns)
    for row in 0..<(matrix.count / max(1, columns)) {
      for column in 0..<columns {
        squares[column] += matrix[row * columns + column] * matrix[row * columns + column]
      }
    }
    let scales = squares.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    for row in 0..<(matrix.count / max(1, columns)) {
      for column in 0..<columns { matrix[row * columns + column] *= scales[column] }
    }
  }
}

/// The transpose of a row-major matrix.
func transposed(_ matrix: [Float], rows: Int, columns: Int) -> [Float] {
  precondition(matrix.count == rows * columns, "matrix size differs")
  var result = [Float](repeating: 0, count: matrix.count)
  let source = matrix.span
  var target = result.mutableSpan
  for row in 0..<rows {
    for column in 0..<columns { target[column * rows + row] = source[row * columns + column] }
  }
  return result
}
