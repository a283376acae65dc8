import RealModule
import Signal

/// Similarity of every unit of one recording with every unit of another under one mounting.
struct BankSimilarity {
  /// Units of the first and of the second recording.
  let rows: Int
  let columns: Int
  /// Largest normalised cross-correlation over lags, row-major.
  let raw: [Double]
  /// The same after removing the mean over the electrodes from every sample.
  let referenced: [Double]
  /// Natural logarithm of the amplitude of the second template over the first, row-major.
  let logGain: [Double]
  /// Electrodes of the first array that the second covers, weighted by reliability.
  let coveredElectrodes: Double

  func value(_ i: Int, _ j: Int) -> Double { raw[i * columns + j] }
  func referencedValue(_ i: Int, _ j: Int) -> Double { referenced[i * columns + j] }
}

/// Computes similarities of two banks for any mounting; what does not change is kept.
struct SimilarityEngine {
  private let first: TemplateBank
  private let second: TemplateBank
  private let length: Int
  private let lags: Int
  private let firstPlaces: [[Double]]?
  private let secondSource: GridInterpolation.Source?
  private let centre: [Double]
  private let leastReliability: Float
  /// The first bank smoothed by its own interpolation, as `[place][unit][sample]`.
  private let smoothed: [Float]

  /// - Parameter lags: largest lag in samples.
  init(
    _ first: TemplateBank, positions: [[Double]]?, _ second: TemplateBank,
    secondPositions: [[Double]]?, covarianceLength: Double, ridge: Double, lags: Int,
    leastReliability: Double
  ) {
    self.leastReliability = Float(leastReliability)
    self.first = first
    self.second = second
    length = first.length
    self.lags = lags
    if let positions, let secondPositions {
      let places = first.channels.map { positions[$0] }
      let others = second.channels.map { secondPositions[$0] }
      let source = GridInterpolation.Source(
        positions: others, length: covarianceLength, ridge: ridge)
      let own = GridInterpolation.Source(
        positions: places, length: covarianceLength, ridge: ridge)
      firstPlaces = places
      secondSource = source
      centre = Self.centre(secondPositions)
      smoothed = Self.apply(
        GridInterpolation(from: own, to: places).weights, places: places.count, to: first)
    } else {
      firstPlaces = nil
      secondSource = nil
      centre = [0, 0]
      smoothed = first.values
    }
  }

  /// Whether the mounting can be searched: both geometries are known.
  var hasGeometry: Bool { firstPlaces != nil }

  /// Centre of an array in millimetres; the origin where its places are not known.
  static func centre(_ positions: [[Double]]?) -> [Double] {
    guard let positions else { return [0, 0] }
    let count = Double(max(1, positions.count))
    return [
      positions.reduce(0) { $0 + $1[0] } / count, positions.reduce(0) { $0 + $1[1] } / count,
    ]
  }

  private static func apply(_ weights: [Float], places: Int, to bank: TemplateBank) -> [Float] {
    let width = bank.unitCount * bank.length
    var result = [Float](repeating: 0, count: places * width)
    DenseMatrix.multiply(
      weights, bank.values, into: &result, rows: places, columns: width,
      inner: bank.channels.count)
    return result
  }

  /// The similarities under a mounting of the second array.
  ///
  /// - Parameter isComplete: whether the referenced similarities are computed too; a search for the
  ///   mounting does without them.
  func similarity(_ mounting: GridMounting, isComplete: Bool = true) -> BankSimilarity {
    let moved: [Float]
    let weights: [Float]
    if let firstPlaces, let secondSource {
      let interpolation = GridInterpolation(
        from: secondSource, to: mounting.inMovedFrame(firstPlaces, centre: centre))
      moved = Self.apply(interpolation.weights, places: firstPlaces.count, to: second)
      // An electrode whose value is mostly guessed says nothing.
      weights = interpolation.reliability.map { $0 < leastReliability ? 0 : $0 }
    } else {
      // Without geometry only electrodes that both recordings kept are compared, one by one.
      let common = Set(first.channels).intersection(second.channels)
      weights = first.channels.map { common.contains($0) ? 1 : 0 }
      let width = second.unitCount * length
      var values = [Float](repeating: 0, count: first.channels.count * width)
      for (place, channel) in first.channels.enumerated() {
        guard let other = second.channels.firstIndex(of: channel) else { continue }
        values.replaceSubrange(
          place * width..<(place + 1) * width,
          with: second.values[other * width..<(other + 1) * width])
      }
      moved = values
    }
    return compare(moved, weights, isComplete: isComplete)
  }

  private func compare(
    _ moved: [Float], _ weights: [Float], isComplete: Bool
  ) -> BankSimilarity {
    let rows = first.unitCount
    let columns = second.unitCount
    let raw = correlations(smoothed, moved, weights, referenced: false)
    let referenced =
      isComplete ? correlations(smoothed, moved, weights, referenced: true).values : raw.values
    var gain = [Double](repeating: 0, count: rows * columns)
    for i in 0..<rows {
      for j in 0..<columns {
        gain[i * columns + j] = Double.log(
          max(raw.secondNorms[j], 1e-12) / max(raw.firstNorms[i], 1e-12))
      }
    }
    return BankSimilarity(
      rows: rows, columns: columns, raw: raw.values, referenced: referenced, logGain: gain,
      coveredElectrodes: weights.reduce(0.0) { $0 + Double($1) })
  }

  private func correlations(
    _ a: [Float], _ b: [Float], _ weights: [Float], referenced: Bool
  ) -> (values: [Double], firstNorms: [Double], secondNorms: [Double]) {
    let rows = first.unitCount
    let columns = second.unitCount
    let left = laidOut(a, units: rows, weights, referenced: referenced)
    let right = laidOut(b, units: columns, weights, referenced: referenced)
    let inner = weights.count * length
    let shifts = 2 * lags + 1
    var shifted = [Float](repeating: 0, count: columns * shifts * inner)
    for j in 0..<columns {
      for lag in -lags...lags {
        let target = (j * shifts + lag + lags) * inner
        for block in stride(from: 0, to: inner, by: length) {
          let low = max(0, -lag)
          let high = min(length, length - lag)
          for sample in low..<high {
            shifted[target + block + sample] = right[j * inner + block + sample + lag]
          }
        }
      }
    }
    var products = [Float](repeating: 0, count: rows * columns * shifts)
    DenseMatrix.multiply(
      left, shifted, transposeB: true, into: &products, rows: rows, columns: columns * shifts,
      inner: inner)
    let firstNorms = Self.norms(left, units: rows, inner: inner)
    let secondNorms = Self.norms(right, units: columns, inner: inner)
    var values = [Double](repeating: 0, count: rows * columns)
    for i in 0..<rows {
      for j in 0..<columns {
        let start = (i * columns + j) * shifts
        let norm = firstNorms[i] * secondNorms[j]
        values[i * columns + j] =
          norm > 0 ? min(1, Self.peak(products[start..<start + shifts]) / norm) : 0
      }
    }
    return (values, firstNorms, secondNorms)
  }

  /// `[unit][place][sample]`, each electrode weighted by the root of its reliability.
  private func laidOut(
    _ values: [Float], units: Int, _ weights: [Float], referenced: Bool
  ) -> [Float] {
    let inner = weights.count * length
    let total = weights.reduce(0, +)
    var result = [Float](repeating: 0, count: units * inner)
    var mean = [Float](repeating: 0, count: length)
    for unit in 0..<units {
      for sample in 0..<length { mean[sample] = 0 }
      if referenced && total > 0 {
        for (place, weight) in weights.enumerated() where weight > 0 {
          let start = (place * units + unit) * length
          for sample in 0..<length { mean[sample] += weight / total * values[start + sample] }
        }
      }
      for (place, weight) in weights.enumerated() where weight > 0 {
        let start = (place * units + unit) * length
        let root = weight.squareRoot()
        let target = unit * inner + place * length
        for sample in 0..<length {
          result[target + sample] = root * (values[start + sample] - mean[sample])
        }
      }
    }
    return result
  }

  private static func norms(_ values: [Float], units: Int, inner: Int) -> [Double] {
    (0..<units).map { unit in
      var sum: Float = 0
      for index in unit * inner..<(unit + 1) * inner {
        sum = Relaxed.multiplyAdd(values[index], values[index], sum)
      }
      return Double(sum).squareRoot()
    }
  }

  /// The peak over lags, refined by a parabola.
  private static func peak(_ values: ArraySlice<Float>) -> Double {
    guard var best = values.indices.first else { return 0 }
    for index in values.indices where values[index] > values[best] { best = index }
    let centre = Double(values[best])
    guard best > values.startIndex, best < values.endIndex - 1 else { return centre }
    let before = Double(values[best - 1])
    let after = Double(values[best + 1])
    let curvature = before - 2 * centre + after
    return curvature < 0 ? centre - (after - before) * (after - before) / (8 * curvature) : centre
  }
}
