import Foundation
import Signal

/// Finds the best models of 1, 2, 3 … units: units are split and added upwards, merged and left out
/// downwards, and the best few of each number kept.
struct LevelSearch {
  private let likelihood: LevelLikelihood
  private let ascent: LevelAscent
  private var data: LevelData { likelihood.data }
  /// The best models by number of units, the best first.
  private(set) var kept: [Int: [FittedLevels]] = [:]
  private let settings: FewUnitsConfiguration
  /// Evaluations of the density so far, and as many as there may be.
  private var evaluations = 0
  private let mostEvaluations: Int

  init(_ data: LevelData, _ settings: FewUnitsConfiguration) {
    self.settings = settings
    likelihood = LevelLikelihood(data: data, settings: settings)
    ascent = LevelAscent(likelihood: likelihood)
    mostEvaluations = settings.mostPointEvaluations / max(data.response.count, 1)
  }

  private var isLate: Bool { evaluations > mostEvaluations }

  /// Runs the search; ln evidence by number of units.
  ///
  /// - Parameter progress: share of the evaluations that may be made; what it throws ends the search.
  mutating func run(
    progress: (Double) throws -> Void = { _ in }
  ) rethrows -> [Int: Double] {
    try upwards(from: 1, progress)
    for _ in 0..<3 {
      let before = best
      try downwards(progress)
      try upwards(from: max(2, likely - 2), progress)
      if isLate || best < before + 0.5 { break }
    }
    return kept.compactMapValues { $0.first?.logEvidence }
  }

  /// Sizes drawn from the posterior, as many draws of each number as its probability asks for.
  func drawnSizes(
    _ probabilities: [Double], draws: Int, using random: inout SeededGenerator
  ) -> [[Double]] {
    probabilities.enumerated().flatMap { index, probability -> [[Double]] in
      let count = Int((probability * Double(draws)).rounded())
      guard count > 0, let model = kept[index + 1]?.first?.model else { return [] }
      return ascent.drawnSizes(model, count: count, using: &random)
    }
  }

  private var best: Double { kept.values.compactMap { $0.first?.logEvidence }.max() ?? -.infinity }

  private var likely: Int {
    kept.max { $0.value[0].logEvidence < $1.value[0].logEvidence }?.key ?? 1
  }

  private mutating func upwards(
    from first: Int, _ progress: (Double) throws -> Void
  ) rethrows {
    var misses = 0
    for count in first...settings.mostUnits {
      var starts = kept[count] == nil ? [Start(model: even(count), newSize: .infinity)] : []
      for smaller in kept[count - 1] ?? [] { starts += larger(smaller.model) }
      try refine(starts, count, progress)
      if isLate { return }
      let here = kept[count]?.first?.logEvidence ?? -.infinity
      misses = here < best - settings.hopeless ? misses + 1 : 0
      if misses >= 2 { return }
    }
  }

  private mutating func downwards(_ progress: (Double) throws -> Void) rethrows {
    for count in (1..<(kept.keys.max() ?? 1)).reversed() {
      guard let from = kept[count + 1]?.first, from.logEvidence > best - 30 else { continue }
      var starts: [Start] = []
      for unit in 0...count {
        for merged in [true, false] {
          starts.append(
            Start(model: from.model.without(unit, merged: merged), newSize: .infinity))
        }
      }
      try refine(starts, count, progress)
      if isLate { return }
    }
  }

  /// Equal units at equal distances along the smoothed curve.
  private func even(_ count: Int) -> LevelModel {
    let order = data.logStimulus.indices.sorted { data.logStimulus[$0] < data.logStimulus[$1] }
    let sorted = order.map { data.response[$0] }
    let thresholds = (0..<count).map { unit -> Double in
      let level = data.cmap * (Double(unit) + 0.5) / Double(count)
      // The place that leaves as many points above the level before it as below it after it.
      var (error, least, place) = (sorted.count { $0 <= level }, Int.max, 0)
      for index in sorted.indices {
        if error < least { (least, place) = (error, index) }
        error += sorted[index] > level ? 1 : -1
      }
      return data.logStimulus[order[place]]
    }
    return LevelModel(
      sizes: [Double](repeating: data.cmap / Double(count), count: count), thresholds: thresholds,
      spreads: [Double](repeating: 0.016, count: count), data)
  }

  /// A model to climb from, and the size (uV) of the unit that is new in it.
  private struct Start {
    var model: LevelModel
    var newSize: Double
  }

  /// Models of one unit more.
  private func larger(_ model: LevelModel) -> [Start] {
    var starts: [Start] = []
    for unit in 0..<model.unitCount {
      let (apart, size) = (0.8 * model.spread(unit), model.size(unit))
      starts.append(Start(model: model.split(unit, share: 0.6, apart: apart), newSize: 0.4 * size))
      starts.append(
        Start(model: model.split(unit, share: 0.25, apart: -apart), newSize: 0.25 * size))
      // A small unit in the shadow of a large one.
      let share = 4 * data.noise / size
      guard share < 0.15 else { continue }
      for side in [-1.0, 1] {
        let split = model.split(unit, share: share, apart: side * apart)
        starts.append(Start(model: split, newSize: 4 * data.noise))
      }
    }
    let small = max(3 * data.noise, 0.25 * data.cmap / Double(model.unitCount + 1))
    for place in [-0.9, -0.45, 0, 0.45, 0.9] {
      let threshold = data.range.middle + place * data.range.halfWidth
      starts.append(
        Start(
          model: model.adding(size: small, threshold: threshold, spread: settings.relativeSpread),
          newSize: small))
    }
    return starts
  }

  /// Climbs from all starts a little, from the best to the top, and keeps the best.
  private mutating func refine(
    _ starts: [Start], _ count: Int, _ progress: (Double) throws -> Void
  ) rethrows {
    guard !starts.isEmpty else { return }
    let unit = data.cmap / Double(count)
    var used = 0
    let (before, most) = (evaluations, mostEvaluations)
    func climbed(
      _ model: LevelModel, blur: Double, _ iterations: Int
    ) throws -> (LevelModel, Double) {
      try progress(min(1, Double(before + used) / Double(max(1, most))))
      let found = ascent.climb(model, extraNoise: blur, iterations: iterations)
      used += found.evaluations
      return (found.model, found.density.value)
    }
    // Levels blurred by more than a third of the new unit would hide it.
    func blur(_ start: Start, _ share: Double) -> Double {
      min(share * unit, 3 * share * start.newSize)
    }
    var tried = try starts.map { start in
      let found = try climbed(start.model, blur: blur(start, 0.1), 3)
      return (start: Start(model: found.0, newSize: start.newSize), value: found.1)
    }.sorted { $0.value > $1.value }
    tried = try tried.prefix(max(6, tried.count / 2)).map { entry in
      let found = try climbed(
        climbed(entry.start.model, blur: blur(entry.start, 0.04), 3).0, blur: 0, 5)
      return (start: Start(model: found.0, newSize: entry.start.newSize), value: found.1)
    }.sorted { $0.value > $1.value }
    var models = kept[count] ?? []
    for entry in tried.prefix(settings.keptModels) {
      try progress(min(1, Double(before + used) / Double(max(1, most))))
      let found = ascent.climb(entry.start.model, iterations: 30)
      used += found.evaluations
      models.append(ascent.fitted(found.model, found.density))
    }
    evaluations += used
    models.sort { $0.logEvidence > $1.logEvidence }
    var distinct: [FittedLevels] = []
    for model in models where distinct.allSatisfy({ abs($0.value - model.value) > 0.05 }) {
      distinct.append(model)
    }
    kept[count] = Array(distinct.prefix(settings.keptModels))
  }
}
