import Foundation

/// The sum over sets of units at every point: the hot loop of the likelihood over levels.
struct LevelKernel {
  private let model: LevelModel
  private let data: LevelData
  private let count: Int
  private let extraVariance: Double
  private let outlier: Double
  private var real: [Double] = []
  private var imaginary: [Double] = []
  private var squares: [Double] = []
  private var inverseThresholds: [Double] = []
  private var spreads: [Double] = []

  init(_ model: LevelModel, _ data: LevelData, outlierShare: Double, extraNoise: Double) {
    self.model = model
    self.data = data
    count = model.unitCount
    extraVariance = extraNoise * extraNoise
    // Responses above the CMAP are possible, so the range is a fifth wider.
    outlier = outlierShare / (1.2 * data.cmap)
    for unit in 0..<count {
      let size = model.size(unit)
      let phase = model.values[unit * LevelModel.perUnit + 3]
      real.append(size * cos(phase))
      imaginary.append(size * sin(phase))
      squares.append(size * size)
      inverseThresholds.append(exp(-model.threshold(unit)))
      spreads.append(model.spread(unit))
    }
  }

  /// A set of units that may have answered: its probability and the sums over it.
  private struct UnitSet {
    var probability: Double
    var real: Double
    var imaginary: Double
    var squares: Double
    /// Bit k: the k-th open unit is in it.
    var members: UInt32
  }

  /// Adds the points' ln likelihood, scores and information.
  func add(to density: inout LevelDensity) {
    let size = model.values.count
    let shared = model.sharedStart
    let noise = exp(2 * model.values[shared])
    let gainNoise = exp(2 * model.values[shared + 1])
    let variation = exp(2 * model.values[shared + 2])
    let trend = model.values[shared + 3]
    let offset = model.values[shared + 4]
    var sets: [UnitSet] = []
    var open: [(unit: Int, score: Double, probability: Double)] = []
    var isOn = [Bool](repeating: false, count: count)
    var score = [Double](repeating: 0, count: size)
    var touched: [Int] = []
    // Sums over the sets that hold each open unit: responsibility, d/dx, d/dy, d/dsquares.
    var held = [SIMD4<Double>](repeating: .zero, count: 32)

    for point in data.response.indices {
      sets.removeAll(keepingCapacity: true)
      var certain = UnitSet(probability: 1, real: 0, imaginary: 0, squares: 0, members: 0)
      open.removeAll(keepingCapacity: true)
      let stimulus = data.stimulus[point]
      let gain = 1 + trend * data.progress[point]
      for unit in 0..<count {
        let z = (stimulus * inverseThresholds[unit] - 1) / spreads[unit]
        isOn[unit] = z > LevelLikelihood.certainScore
        if isOn[unit] {
          certain.real += real[unit]
          certain.imaginary += imaginary[unit]
          certain.squares += squares[unit]
        } else if z > -LevelLikelihood.certainScore {
          open.append((unit, z, NormalScore.share(z)))
        }
      }
      sets.append(certain)
      for (place, entry) in open.enumerated() {
        let (p, unit) = (entry.probability, entry.unit)
        let least = sets.count > 256 ? 1e-4 : LevelLikelihood.leastProbability
        for index in sets.indices {
          var set = sets[index]
          let with = set.probability * p
          let without = set.probability - with
          sets[index].probability = without
          guard with > least else { continue }
          set.probability = with
          set.real += real[unit]
          set.imaginary += imaginary[unit]
          set.squares += squares[unit]
          set.members |= 1 << UInt32(place)
          if without > least { sets.append(set) } else { sets[index] = set }
        }
      }
      // Densities, then responsibilities and the derivatives by level and variance.
      let y = data.response[point] - offset
      var total = outlier
      for index in 0..<open.count { held[index] = .zero }
      var all = SIMD4<Double>.zero
      var byNoise = 0.0
      var byGain = 0.0
      var byVariation = 0.0
      var byTrend = 0.0
      var byOffset = 0.0
      for set in sets {
        let length = (set.real * set.real + set.imaginary * set.imaginary).squareRoot()
        let level = gain * length
        let variance =
          noise + extraVariance + gainNoise * level * level + variation * set.squares
        let residual = y - level
        let exponent = 0.5 * residual * residual / variance
        if exponent > 60 { continue }
        let weight =
          set.probability * exp(-exponent) / (2 * Double.pi * variance).squareRoot()
        total += weight
        let alpha = residual / variance
        let beta = 0.5 * (alpha * alpha - 1 / variance)
        let byLevel = weight * (alpha + 2 * gainNoise * beta * level)
        let toReal = length > 0 ? gain * byLevel / length : 0
        let sums = SIMD4(
          weight, toReal * set.real, toReal * set.imaginary, weight * beta)
        all += sums
        byNoise += weight * beta
        byGain += weight * beta * level * level
        byVariation += weight * beta * set.squares
        byTrend += byLevel * length
        byOffset += weight * alpha
        var members = set.members
        while members != 0 {
          held[members.trailingZeroBitCount] += sums
          members &= members - 1
        }
      }
      density.value += log(total)
      let scale = 1 / total

      touched.removeAll(keepingCapacity: true)
      func note(_ parameter: Int, _ value: Double) {
        score[parameter] = value
        touched.append(parameter)
      }
      func unitScores(_ unit: Int, _ sums: SIMD4<Double>) {
        let start = unit * LevelModel.perUnit
        note(
          start,
          scale
            * (real[unit] * sums[1] + imaginary[unit] * sums[2] + 2 * variation * squares[unit]
              * sums[3]))
        note(start + 3, scale * (real[unit] * sums[2] - imaginary[unit] * sums[1]))
      }
      for unit in 0..<count where isOn[unit] { unitScores(unit, all) }
      for (place, entry) in open.enumerated() {
        unitScores(entry.unit, held[place])
        let p = entry.probability
        let byProbability = held[place][0] / p - (all[0] - held[place][0]) / (1 - p)
        let byScore =
          scale * byProbability * 0.3989422804 * exp(-0.5 * entry.score * entry.score)
        let start = entry.unit * LevelModel.perUnit
        note(start + 1, -byScore * (entry.score + 1 / spreads[entry.unit]))
        note(start + 2, -byScore * entry.score)
      }
      note(shared, scale * 2 * noise * byNoise)
      note(shared + 1, scale * 2 * gainNoise * byGain)
      note(shared + 2, scale * 2 * variation * byVariation)
      note(shared + 3, scale * data.progress[point] * byTrend)
      note(shared + 4, scale * byOffset)
      for row in touched { density.gradient[row] += score[row] }
      Self.addOuterProduct(&density.information, score, touched)
      for row in touched { score[row] = 0 }
    }
  }

  /// Adds the lower triangle of the outer product of a vector that is zero but in `places`.
  private static func addOuterProduct(
    _ matrix: inout [Double], _ vector: [Double], _ places: [Int]
  ) {
    let size = vector.count
    matrix.withUnsafeMutableBufferPointer { matrix in
      vector.withUnsafeBufferPointer { vector in
        guard let to = matrix.baseAddress, let from = vector.baseAddress else { return }
        for row in places {
          let factor = from[row]
          let line = to + row * size
          for column in 0...row { line[column] += factor * from[column] }
        }
      }
    }
  }
}
