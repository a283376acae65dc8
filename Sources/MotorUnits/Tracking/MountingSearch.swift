/// Finds how the second array lies relative to the first from the units both recordings share.
///
/// A coarse grid of shifts, then steps of falling size in shift and rotation; what is maximised is
/// the summed similarity of mutual best pairs, so that units found in one visit only do not count.
struct MountingSearch {
  /// Largest shift in either direction in millimetres.
  var largestShift: Double
  /// Largest rotation in degrees.
  var largestRotation: Double
  /// Similarity above which a pair counts.
  var leastSimilarity: Double
  /// Step in millimetres at which the search ends.
  var finestStep: Double

  /// The best mounting; unmoved without geometry.
  ///
  /// `progress` is told the share of the search that is done; what it throws ends it.
  func best(
    _ engine: SimilarityEngine, progress: (Double) throws -> Void = { _ in }
  ) rethrows -> GridMounting {
    var best = GridMounting()
    guard engine.hasGeometry, largestShift > 0 else { return best }
    var highest = score(engine.similarity(best, isComplete: false))
    var considered = 0
    // The coarse grid, and about seven steps of six places each.
    func consider(_ mounting: GridMounting) throws {
      try progress(min(1, Double(considered) / 66))
      considered += 1
      guard abs(mounting.shiftAlong) <= largestShift, abs(mounting.shiftAcross) <= largestShift,
        abs(mounting.rotationDegrees) <= largestRotation
      else { return }
      let value = score(engine.similarity(mounting, isComplete: false))
      if value > highest {
        highest = value
        best = mounting
      }
    }
    let coarse = largestShift / 2
    for along in -2...2 {
      for across in -2...2 where along != 0 || across != 0 {
        try consider(
          GridMounting(
            shiftAlong: Double(along) * coarse, shiftAcross: Double(across) * coarse))
      }
    }
    var step = coarse / 2
    var turn = largestRotation / 2
    while step > finestStep {
      let before = highest
      let centre = best
      for sign in [-1.0, 1.0] {
        var along = centre
        along.shiftAlong += sign * step
        try consider(along)
        var across = centre
        across.shiftAcross += sign * step
        try consider(across)
        var turned = centre
        turned.rotationDegrees += sign * turn
        try consider(turned)
      }
      if highest <= before {
        step /= 2
        turn /= 2
      }
    }
    return best
  }

  /// Summed excess similarity of mutual best pairs, times the share of the array that is covered.
  func score(_ similarity: BankSimilarity) -> Double {
    var total = 0.0
    for i in 0..<similarity.rows {
      var best = 0
      for j in 0..<similarity.columns where similarity.value(i, j) > similarity.value(i, best) {
        best = j
      }
      guard similarity.columns > 0 else { continue }
      let value = similarity.value(i, best)
      let isMutual = (0..<similarity.rows).allSatisfy { similarity.value($0, best) <= value }
      // Squared: near-certain pairs steer the search, doubtful ones hardly.
      if isMutual && value > leastSimilarity {
        total += (value - leastSimilarity) * (value - leastSimilarity)
      }
    }
    return total * similarity.coveredElectrodes.squareRoot()
  }
}
