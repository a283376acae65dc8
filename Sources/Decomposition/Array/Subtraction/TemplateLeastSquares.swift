import Signal

/// Joint least-squares potentials of all units: overlaps are shared out correctly.
///
/// Solves the normal equations, whose blocks are Toeplitz matrices of spike-train
/// cross-correlograms, by conjugate gradients preconditioned with each unit's own block
/// (Hestenes and Stiefel 1952), all channels at once. Spike-triggered averages are the special case
/// of units that never overlap.
struct TemplateLeastSquares: Sendable {
  /// Ridge on the diagonal, relative to the mean number of discharges.
  var ridge: Float = 0.01
  /// Relative residual of the normal equations at which the iteration ends.
  var tolerance: Float = 1e-3
  /// The most iterations.
  var iterationLimit = 40

  /// Fits the templates of a model to a signal; the model's templates are the starting values.
  func fit(
    _ model: inout ConvolutiveModel, to signal: TimeMajorSignal, parallelism: Parallelism
  ) {
    var correlations = [[Float]](repeating: [], count: model.trains.count)
    fit(&model, to: signal, correlations: &correlations, parallelism: parallelism)
  }

  /// The same where correlations may be known from an earlier fit.
  ///
  /// `correlations` are those of each train with the signal; empty ones are computed.
  func fit(
    _ model: inout ConvolutiveModel, to signal: TimeMajorSignal,
    correlations: inout [[Float]], parallelism: Parallelism
  ) {
    let units = model.trains.count
    if units == 0 { return }
    let length = model.length
    let m = model.channelCount
    let block = length * m
    let frozen = model
    let known = correlations
    let rightHand = parallelism.map(units) {
      known[$0].count == block ? known[$0] : frozen.correlation(of: $0, with: signal)
    }
    correlations = rightHand
    let system = ToeplitzSystem(model: frozen, ridge: ridge, parallelism: parallelism)
    var solution = model.templates.map {
      $0.count == block ? $0 : [Float](repeating: 0, count: block)
    }
    let warm = model.templates.contains { $0.count == block && $0.contains { $0 != 0 } }
    var residual = rightHand
    if warm {
      let product = system.multiply(solution, parallelism: parallelism)
      for unit in 0..<units {
        VectorKernel.addScaled(
          product[unit], from: 0, -1, into: &residual[unit], at: 0, count: block)
      }
    }
    var conditioned = system.precondition(residual, parallelism: parallelism)
    var direction = conditioned
    var rho = columnProducts(residual, conditioned, channels: m)
    let target = columnProducts(
      rightHand, system.precondition(rightHand, parallelism: parallelism), channels: m
    ).map { $0 * tolerance * tolerance }
    for _ in 0..<iterationLimit {
      if zip(rho, target).allSatisfy({ $0 <= $1 }) { break }
      let product = system.multiply(direction, parallelism: parallelism)
      let curvature = columnProducts(direction, product, channels: m)
      let step = (0..<m).map { curvature[$0] > 0 ? rho[$0] / curvature[$0] : 0 }
      for unit in 0..<units {
        VectorKernel.addColumnScaled(direction[unit], step, into: &solution[unit])
        VectorKernel.addColumnScaled(product[unit], step.map { -$0 }, into: &residual[unit])
      }
      conditioned = system.precondition(residual, parallelism: parallelism)
      let next = columnProducts(residual, conditioned, channels: m)
      let ratio = (0..<m).map { rho[$0] > 0 ? next[$0] / rho[$0] : 0 }
      for unit in 0..<units {
        var updated = conditioned[unit]
        VectorKernel.addColumnScaled(direction[unit], ratio, into: &updated)
        direction[unit] = updated
      }
      rho = next
    }
    model.templates = solution
  }

  private func columnProducts(_ a: [[Float]], _ b: [[Float]], channels: Int) -> [Float] {
    var total = [Float](repeating: 0, count: channels)
    for unit in a.indices { VectorKernel.addColumnProducts(a[unit], b[unit], into: &total) }
    return total
  }
}

/// The normal matrix of the joint fit, with its block-diagonal factor.
private struct ToeplitzSystem: Sendable {
  let length: Int
  let channels: Int
  let units: Int
  let diagonal: Float
  let blocks: BlockToeplitz
  let factors: [[Float]]

  init(model: ConvolutiveModel, ridge: Float, parallelism: Parallelism) {
    let count = model.trains.count
    units = count
    length = model.length
    channels = model.channelCount
    let rows = parallelism.map(count) { i in (i..<count).map { model.crossCorrelogram(i, $0) } }
    let span = model.length
    blocks = BlockToeplitz(generators: rows, length: span, parallelism: parallelism)
    let mean = rows.reduce(Float(0)) { $0 + $1[0][span - 1] } / Float(count)
    let loading = ridge * max(mean, 1e-6)
    diagonal = loading
    factors = parallelism.map(count) { unit in
      var block = Self.toeplitz(rows[unit][0], length: span, loading: loading)
      var extra = loading
      while !DenseMatrix.choleskyFactor(&block, order: span) {
        extra *= 10
        block = Self.toeplitz(rows[unit][0], length: span, loading: extra)
      }
      return block
    }
  }

  /// The length x length block with entry (l, l') = correlogram at l - l'.
  static func toeplitz(_ correlogram: [Float], length: Int, loading: Float) -> [Float] {
    let reversed = [Float](correlogram.reversed())
    var block = [Float](repeating: 0, count: length * length)
    for row in 0..<length {
      // Reversed, entry (length - 1 - d) is lag d, so a row is one run of memory.
      for column in 0..<length {
        block[row * length + column] = reversed[length - 1 - row + column]
      }
      block[row * length + row] += loading
    }
    return block
  }

  func multiply(_ vectors: [[Float]], parallelism: Parallelism) -> [[Float]] {
    var product = blocks.multiply(vectors, columns: channels, parallelism: parallelism)
    for unit in 0..<units {
      VectorKernel.addScaled(
        vectors[unit], from: 0, diagonal, into: &product[unit], at: 0, count: length * channels)
    }
    return product
  }

  func precondition(_ vectors: [[Float]], parallelism: Parallelism) -> [[Float]] {
    parallelism.map(units) { unit in
      var vector = vectors[unit]
      DenseMatrix.solveTriangular(
        factors[unit], order: length, transposed: false, &vector, columns: channels)
      DenseMatrix.solveTriangular(
        factors[unit], order: length, transposed: true, &vector, columns: channels)
      return vector
    }
  }
}
