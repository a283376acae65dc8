import RealModule
import Signal

/// Interpolates potentials from the electrodes of one array to other places.
///
/// Kriging with a Gaussian covariance (Wackernagel 2003, Multivariate Geostatistics): potentials on
/// the skin are smooth over about the depth of their sources. `reliability` is the share of a
/// place's variance that the electrodes determine; it falls to 0 outside the array.
struct GridInterpolation {
  /// Row-major weights: places x electrodes.
  let weights: [Float]
  /// For each place the share of variance that the electrodes determine, 0...1.
  let reliability: [Float]

  /// The covariance of electrodes, factored once for every set of places.
  struct Source {
    let positions: [[Double]]
    let length: Double
    let factor: [Float]

    /// - Parameter length: standard deviation of the covariance in millimetres.
    init(positions: [[Double]], length: Double, ridge: Double) {
      self.positions = positions
      self.length = length
      let count = positions.count
      var matrix = [Float](repeating: 0, count: count * count)
      for i in 0..<count {
        for j in 0..<count {
          matrix[i * count + j] = Float(
            GridInterpolation.covariance(positions[i], positions[j], length: length)
              + (i == j ? ridge : 0))
        }
      }
      let isPositive = DenseMatrix.choleskyFactor(&matrix, order: count)
      precondition(isPositive, "the ridge keeps the covariance positive definite")
      factor = matrix
    }
  }

  init(from source: Source, to places: [[Double]]) {
    let count = source.positions.count
    // Columns are places: L^-1 k gives the determined variance, L^-T L^-1 k the weights.
    var columns = [Float](repeating: 0, count: count * places.count)
    for (e, electrode) in source.positions.enumerated() {
      for (p, place) in places.enumerated() {
        columns[e * places.count + p] = Float(
          Self.covariance(electrode, place, length: source.length))
      }
    }
    DenseMatrix.solveTriangular(
      source.factor, order: count, transposed: false, &columns, columns: places.count)
    var determined = [Float](repeating: 0, count: places.count)
    for e in 0..<count {
      for p in places.indices {
        determined[p] += columns[e * places.count + p] * columns[e * places.count + p]
      }
    }
    DenseMatrix.solveTriangular(
      source.factor, order: count, transposed: true, &columns, columns: places.count)
    var weights = [Float](repeating: 0, count: count * places.count)
    for e in 0..<count {
      for p in places.indices { weights[p * count + e] = columns[e * places.count + p] }
    }
    self.weights = weights
    reliability = determined.map { min(1, max(0, $0)) }
  }

  private static func covariance(_ a: [Double], _ b: [Double], length: Double) -> Double {
    let x = a[0] - b[0]
    let y = a[1] - b[1]
    return Double.exp(-(x * x + y * y) / (2 * length * length))
  }
}
