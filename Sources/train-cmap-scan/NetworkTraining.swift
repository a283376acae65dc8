import Foundation
import Signal
import UnitNumber

/// How the networks are trained.
struct NetworkTraining: Sendable {
  /// Sizes of the hidden layers.
  var hidden = [160, 80]
  /// Passes over the training scans.
  var epochs = 20
  /// Scans in a step.
  var batch = 512
  /// Peak learning rate of Adam (Kingma and Ba 2015), with a warm start and cosine decay.
  var rate: Float = 2e-3
  /// Decoupled weight decay.
  var decay: Float = 2e-4
  /// Standard deviation of the noise added to the standardised inputs.
  var inputNoise: Float = 0.03
  /// Weight of the squared error of each output but the first two.
  var outputWeights: [Float] = [0, 0, 1.5, 1.5, 0.5, 0.3, 0.3]

  /// Trains one network on the rows of a standardised set.
  func train(
    _ set: TrainingSet, rows: Range<Int>, seed: UInt64, progress: (Int, Double) -> Void
  ) -> ScanNetwork {
    var random = SeededGenerator(seed: seed, stream: 1_000_003)
    let start = RidgeStart(set, rows: rows)
    var pass = NetworkPass(
      sizes: [TrainingSet.featureCount] + hidden + [TrainingSet.targetCount], batch: batch,
      start: start, random: &random)
    var moments = pass.parameters.map { [Float](repeating: 0, count: $0.count) }
    var squares = moments
    var order = Array(rows)
    let steps = order.count / batch
    var step = 0
    for epoch in 0..<epochs {
      shuffle(&order, &random)
      var total = 0.0
      for index in 0..<steps {
        fill(&pass, set, order[index * batch..<(index + 1) * batch], &random)
        total += pass.gradients(outputWeights)
        step += 1
        let share = Float(step) / Float(epochs * steps)
        let now = rate * 0.5 * (1 + cos(Float.pi * share)) * min(1, Float(step) / 300)
        adam(&pass, &moments, &squares, step: step, rate: now)
      }
      progress(epoch, total / Double(steps))
    }
    return pass.network
  }

  private func fill(
    _ pass: inout NetworkPass, _ set: TrainingSet, _ rows: ArraySlice<Int>,
    _ random: inout SeededGenerator
  ) {
    let (width, outputs) = (TrainingSet.featureCount, TrainingSet.targetCount)
    for (place, row) in rows.enumerated() {
      for column in 0..<width {
        pass.input[place * width + column] =
          set.features[row * width + column] + inputNoise * random.nearlyNormal()
      }
      for column in 0..<outputs {
        pass.target[place * outputs + column] = set.targets[row * outputs + column]
      }
    }
  }

  private func adam(
    _ pass: inout NetworkPass, _ moments: inout [[Float]], _ squares: inout [[Float]], step: Int,
    rate: Float
  ) {
    let first = 1 - pow(Float(0.9), Float(step))
    let second = 1 - pow(Float(0.999), Float(step))
    for block in pass.parameters.indices {
      for index in pass.parameters[block].indices {
        let gradient = pass.gradient[block][index]
        let m = 0.9 * moments[block][index] + 0.1 * gradient
        let v = 0.999 * squares[block][index] + 0.001 * gradient * gradient
        moments[block][index] = m
        squares[block][index] = v
        let old = pass.parameters[block][index]
        pass.parameters[block][index] =
          old - rate * (m / first / ((v / second).squareRoot() + 1e-8) + decay * old)
      }
    }
  }

  private func shuffle(_ order: inout [Int], _ random: inout SeededGenerator) {
    for index in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(index, random.index(below: index + 1))
    }
  }
}

/// Ridge regression of the targets on the features: where the linear path starts.
struct RidgeStart {
  /// features x targets.
  var weights: [Float]
  /// One for each target.
  var biases: [Float]

  /// Fits at most 60 000 rows.
  init(_ set: TrainingSet, rows: Range<Int>) {
    let (width, outputs) = (TrainingSet.featureCount, TrainingSet.targetCount)
    let used = rows.prefix(60_000)
    var sums = [Double](repeating: 0, count: outputs)
    var numbers = sums
    for row in used {
      for column in 0..<outputs {
        let value = Double(set.targets[row * outputs + column])
        if value.isFinite {
          sums[column] += value
          numbers[column] += 1
        }
      }
    }
    // The deviation output has no target: it starts at a quarter.
    biases = (0..<outputs).map { numbers[$0] > 0 ? Float(sums[$0] / numbers[$0]) : log(0.25) }
    let x = Array(set.features[used.startIndex * width..<used.endIndex * width])
    var y = [Float](repeating: 0, count: used.count * outputs)
    for (place, row) in used.enumerated() {
      for column in 0..<outputs {
        let value = set.targets[row * outputs + column]
        y[place * outputs + column] = value.isFinite ? value - biases[column] : 0
      }
    }
    var gram = [Float](repeating: 0, count: width * width)
    weights = [Float](repeating: 0, count: width * outputs)
    DenseMatrix.multiply(
      x, transposeA: true, x, into: &gram, rows: width, columns: width, inner: used.count)
    DenseMatrix.multiply(
      x, transposeA: true, y, into: &weights, rows: width, columns: outputs, inner: used.count)
    for index in 0..<width { gram[index * width + index] += 1e-3 * Float(used.count) }
    if DenseMatrix.choleskyFactor(&gram, order: width) {
      DenseMatrix.solveTriangular(
        gram, order: width, transposed: false, &weights, columns: outputs)
      DenseMatrix.solveTriangular(gram, order: width, transposed: true, &weights, columns: outputs)
    } else {
      weights = [Float](repeating: 0, count: width * outputs)
    }
  }
}
