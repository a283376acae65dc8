import Foundation
import Signal
import UnitNumber

/// Forward and backward pass of one network over a batch, with memory that is reused.
struct NetworkPass {
  let sizes: [Int]
  let batch: Int
  /// Weights and biases layer by layer, then the linear path.
  var parameters: [[Float]]
  /// The gradient of the mean loss, in the order of `parameters`.
  var gradient: [[Float]]
  /// batch x features.
  var input: [Float]
  /// batch x targets.
  var target: [Float]
  private var sums: [[Float]]
  private var hidden: [[Float]]
  private var back: [[Float]]

  init(sizes: [Int], batch: Int, start: RidgeStart, random: inout SeededGenerator) {
    self.sizes = sizes
    self.batch = batch
    parameters = []
    let layers = sizes.count - 1
    for layer in 0..<layers {
      let scale = (1.6 / Double(sizes[layer])).squareRoot() * (layer == layers - 1 ? 0.1 : 1)
      parameters.append(
        (0..<sizes[layer] * sizes[layer + 1]).map { _ in Float(scale * random.normal()) })
      parameters.append([Float](repeating: 0, count: sizes[layer + 1]))
    }
    parameters[2 * layers - 1] = start.biases
    parameters.append(start.weights)
    gradient = parameters
    input = [Float](repeating: 0, count: batch * sizes[0])
    target = [Float](repeating: 0, count: batch * sizes[layers])
    sums = sizes.dropFirst().map { [Float](repeating: 0, count: batch * $0) }
    hidden = sums
    back = sums
  }

  /// The trained network.
  var network: ScanNetwork {
    let layers = (0..<sizes.count - 1).map { layer in
      ScanNetwork.Layer(
        inputs: sizes[layer], outputs: sizes[layer + 1], weights: parameters[2 * layer],
        biases: parameters[2 * layer + 1])
    }
    let outputs = sizes[sizes.count - 1]
    return ScanNetwork(
      layers: layers,
      skip: ScanNetwork.Layer(
        inputs: sizes[0], outputs: outputs, weights: parameters[parameters.count - 1],
        biases: [Float](repeating: 0, count: outputs)))
  }

  private mutating func forward() {
    let layers = sizes.count - 1
    for layer in 0..<layers {
      let width = sizes[layer + 1]
      for row in 0..<batch {
        for column in 0..<width {
          sums[layer][row * width + column] = parameters[2 * layer + 1][column]
        }
      }
      DenseMatrix.multiply(
        layer == 0 ? input : hidden[layer - 1], parameters[2 * layer], into: &sums[layer],
        rows: batch, columns: width, inner: sizes[layer], beta: 1)
      if layer < layers - 1 {
        for index in sums[layer].indices {
          let value = sums[layer][index]
          hidden[layer][index] = value / (1 + exp(-value))
        }
      }
    }
    DenseMatrix.multiply(
      input, parameters[2 * layers], into: &sums[layers - 1], rows: batch, columns: sizes[layers],
      inner: sizes[0], beta: 1)
  }

  /// Computes the gradient of the mean loss over the batch; returns the loss.
  mutating func gradients(_ outputWeights: [Float]) -> Double {
    forward()
    let layers = sizes.count - 1
    let total = lossGradient(outputWeights)
    let outputs = sizes[layers]
    DenseMatrix.multiply(
      input, transposeA: true, back[layers - 1], into: &gradient[2 * layers], rows: sizes[0],
      columns: outputs, inner: batch)
    for layer in (0..<layers).reversed() {
      let width = sizes[layer + 1]
      DenseMatrix.multiply(
        layer == 0 ? input : hidden[layer - 1], transposeA: true, back[layer],
        into: &gradient[2 * layer], rows: sizes[layer], columns: width, inner: batch)
      for column in 0..<width { gradient[2 * layer + 1][column] = 0 }
      for row in 0..<batch {
        for column in 0..<width {
          gradient[2 * layer + 1][column] += back[layer][row * width + column]
        }
      }
      if layer > 0 {
        DenseMatrix.multiply(
          back[layer], parameters[2 * layer], transposeB: true, into: &back[layer - 1],
          rows: batch, columns: sizes[layer], inner: width)
        for index in back[layer - 1].indices {
          let value = sums[layer - 1][index]
          let gate = 1 / (1 + exp(-value))
          back[layer - 1][index] *= gate * (1 + value * (1 - gate))
        }
      }
    }
    return total
  }

  /// Student t negative log likelihood (6 degrees of freedom) of ln N, squared errors of the rest.
  private mutating func lossGradient(_ weights: [Float]) -> Double {
    let last = sizes.count - 2
    let outputs = sizes[last + 1]
    let scale = 1 / Float(batch)
    let freedom: Float = 6
    var total = 0.0
    for row in 0..<batch {
      let base = row * outputs
      let raw = sums[last][base + 1]
      let logDeviation = min(max(raw, -5), 1.5)
      let z = (target[base] - sums[last][base]) * exp(-logDeviation)
      total += Double(logDeviation + (freedom + 1) / 2 * log(1 + z * z / freedom))
      let pull = (freedom + 1) * z / (freedom + z * z)
      back[last][base] = -scale * pull * exp(-logDeviation)
      back[last][base + 1] = raw == logDeviation ? scale * (1 - pull * z) : 0
      for column in 2..<outputs {
        let wanted = target[base + column]
        let error = wanted.isFinite ? sums[last][base + column] - wanted : 0
        total += Double(weights[column] * error * error)
        back[last][base + column] = scale * 2 * weights[column] * error
      }
    }
    return total / Double(batch)
  }
}
