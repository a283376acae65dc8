import Foundation

/// One trained network: features to the outputs of `Output`.
///
/// Layers with SiLU activation, v / (1 + exp(-v)), and a linear path from the inputs to the outputs.
package struct ScanNetwork: Sendable, Equatable {
  /// What the outputs mean, in their order.
  package enum Output: Int, CaseIterable, Sendable {
    /// ln of the number of units.
    case logCount
    /// ln of the standard deviation of `logCount`.
    case logDeviation
    /// ln N50.
    case logN50
    /// ln of A50 as a multiple of the mean unit.
    case logA50
    /// ln of the largest unit as a multiple of the mean unit.
    case logLargest
    /// ln of the mean relative spread.
    case logSpread
    /// Correlation of the log sizes of neighbours in threshold order.
    case sizeOrder
  }

  /// One layer: inputs x outputs weights, row-major, and biases.
  package struct Layer: Sendable, Equatable {
    package var inputs: Int
    package var outputs: Int
    package var weights: [Float]
    package var biases: [Float]

    package init(inputs: Int, outputs: Int, weights: [Float], biases: [Float]) {
      precondition(weights.count == inputs * outputs && biases.count == outputs, "layer size")
      self.inputs = inputs
      self.outputs = outputs
      self.weights = weights
      self.biases = biases
    }

    func apply(_ input: [Float]) -> [Float] {
      precondition(input.count == inputs, "layer input size")
      var result = biases
      for row in 0..<inputs {
        let value = input[row]
        if value == 0 { continue }
        let base = row * outputs
        for column in 0..<outputs { result[column] += value * weights[base + column] }
      }
      return result
    }
  }

  /// The layers with activation and, last, the linear output layer.
  package var layers: [Layer]
  /// The linear path; its biases are zero.
  package var skip: Layer

  package init(layers: [Layer], skip: Layer) {
    self.layers = layers
    self.skip = skip
  }

  /// The outputs for one standardised feature vector.
  package func outputs(_ input: [Float]) -> [Float] {
    var hidden = input
    for layer in layers.dropLast() {
      hidden = layer.apply(hidden).map { $0 / (1 + exp(-$0)) }
    }
    let deep = layers[layers.count - 1].apply(hidden)
    return zip(deep, skip.apply(input)).map { $0 + $1 }
  }
}

/// What the ensemble says about one scan, before calibration.
package struct EnsembleOutput: Sendable {
  /// Mean of ln N over the networks.
  package var logCount: Double
  /// Standard deviation of ln N: predicted variance and disagreement added.
  package var deviation: Double
  /// Standard deviation of ln N between the networks alone.
  package var disagreement: Double
  /// Mean outputs by `ScanNetwork.Output.rawValue`.
  package var means: [Double]
  /// Share of standardised features beyond 4.
  package var outsideShare: Double
}

/// The networks with the standardisation of their inputs.
package struct ScanEnsemble: Sendable, Equatable {
  package var mean: [Float]
  package var deviation: [Float]
  package var networks: [ScanNetwork]

  package init(mean: [Float], deviation: [Float], networks: [ScanNetwork]) {
    self.mean = mean
    self.deviation = deviation
    self.networks = networks
  }

  /// Largest standardised feature that is passed on.
  package static let clip: Float = 5

  /// Runs all networks on a feature vector.
  package func evaluate(_ features: [Float]) -> EnsembleOutput {
    let raw = features.indices.map { (features[$0] - mean[$0]) / deviation[$0] }
    let input = raw.map { min(max($0, -Self.clip), Self.clip) }
    let all = networks.map { $0.outputs(input).map(Double.init) }
    let count = Double(all.count)
    let means = ScanNetwork.Output.allCases.map { output in
      all.reduce(0) { $0 + $1[output.rawValue] } / count
    }
    let logCount = means[ScanNetwork.Output.logCount.rawValue]
    let between = all.reduce(0) { $0 + ($1[0] - logCount) * ($1[0] - logCount) } / count
    let within =
      all.reduce(0) { sum, outputs in
        sum + exp(2 * min(max(outputs[ScanNetwork.Output.logDeviation.rawValue], -5), 1.5))
      } / count
    let outside = raw.count { abs($0) > 4 }
    return EnsembleOutput(
      logCount: logCount, deviation: (within + between).squareRoot(),
      disagreement: between.squareRoot(), means: means,
      outsideShare: Double(outside) / Double(raw.count))
  }
}
