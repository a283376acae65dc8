import Signal
import Testing

@testable import Decomposition

@Suite struct ConvolutiveModelTests {
  private static let channels = 3
  private static let length = 24

  /// Two units with overlapping potentials on three channels.
  private func model(seed: UInt64 = 1) -> ConvolutiveModel {
    var random = SeededGenerator(seed: seed)
    var times: [[Double]] = [[], []]
    for unit in 0..<2 {
      var t = 40.0 + Double(unit) * 7
      while t < 5_900 {
        times[unit].append(t)
        t += 60 + 25 * random.uniform()
      }
    }
    // Smooth potentials: the impulses are band-limited, so are their fits.
    let templates = (0..<2).map { unit in
      (0..<(Self.length * Self.channels)).map { index -> Float in
        let t = Double(index / Self.channels) - 12 + Double(unit)
        let gain = Float(1 + index % Self.channels)
        return gain * Float(t) * Float(1 / (1 + t * t * t * t / 200))
      }
    }
    return ConvolutiveModel(
      length: Self.length, channelCount: Self.channels, trains: times.map { PhasedTrain($0) },
      templates: templates)
  }

  private func rendered(_ model: ConvolutiveModel) -> TimeMajorSignal {
    let silence = TimeMajorSignal(
      channels: [[Float]](repeating: [Float](repeating: 0, count: 6_000), count: Self.channels),
      padding: 128)
    var signal = model.residual(of: silence, parallelism: .single)
    signal.scale(by: -1)
    return signal
  }

  @Test func impulsesAreInterpolating() {
    let kernel = ImpulseKernel.shared
    for tap in 0..<ImpulseKernel.tapCount {
      let expected: Float = tap == ImpulseKernel.centre ? 1 : 0
      #expect(abs(kernel.taps[tap] - expected) < 1e-6)
    }
    // An impulse half a sample late is symmetric about half a sample.
    let half = ImpulseKernel.phaseCount / 2 * ImpulseKernel.tapCount
    for tap in 0...7 {
      #expect(abs(kernel.taps[half + 7 - tap] - kernel.taps[half + 8 + tap]) < 1e-6)
    }
  }

  @Test func jointFitRecoversOverlappingPotentials() {
    let truth = model()
    let signal = rendered(truth)
    var fit = truth
    fit.templates = [[], []]
    TemplateLeastSquares(ridge: 1e-6, tolerance: 1e-5, iterationLimit: 200)
      .fit(&fit, to: signal, parallelism: .single)
    for unit in 0..<2 {
      let energy = truth.templates[unit].reduce(0) { $0 + $1 * $1 }
      let error = zip(fit.templates[unit], truth.templates[unit])
        .reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(error / energy < 1e-4)
    }
    let left = fit.residual(of: signal, parallelism: .single)
    #expect(left.meanSquare / signal.meanSquare < 1e-5)
  }

  /// The normal equations solved directly agree with the iterative solution.
  @Test func conjugateGradientsAgreeWithADirectSolution() {
    let truth = model()
    var signal = rendered(truth)
    var random = SeededGenerator(seed: 9)
    let noise = (0..<Self.channels).map { _ in (0..<6_000).map { _ in Float(random.normal()) } }
    let noisy = (0..<Self.channels).map { c in
      zip(signal.channel(c), noise[c]).map { $0 + 0.1 * $1 }
    }
    signal = TimeMajorSignal(channels: noisy, padding: 128)
    let order = 2 * Self.length
    var matrix = [Float](repeating: 0, count: order * order)
    for i in 0..<2 {
      for j in 0..<2 {
        let correlogram = truth.crossCorrelogram(i, j)
        for l in 0..<Self.length {
          for k in 0..<Self.length {
            matrix[(i * Self.length + l) * order + j * Self.length + k] =
              correlogram[l - k + Self.length - 1]
          }
        }
      }
    }
    let mean = (matrix[0] + matrix[Self.length * order + Self.length]) / 2
    for index in 0..<order { matrix[index * order + index] += 0.01 * mean }
    var direct = truth.correlation(of: 0, with: signal) + truth.correlation(of: 1, with: signal)
    #expect(DenseMatrix.choleskyFactor(&matrix, order: order))
    for transposed in [false, true] {
      DenseMatrix.solveTriangular(
        matrix, order: order, transposed: transposed, &direct, columns: Self.channels)
    }
    var fit = truth
    fit.templates = [[], []]
    TemplateLeastSquares(ridge: 0.01, tolerance: 1e-5, iterationLimit: 200)
      .fit(&fit, to: signal, parallelism: .single)
    let iterative = fit.templates[0] + fit.templates[1]
    let size = direct.map { abs($0) }.max() ?? 1
    for (a, b) in zip(direct, iterative) { #expect(abs(a - b) < 1e-3 * size) }
  }

  @Test func correlogramOfATrainWithItself() {
    let train = ConvolutiveModel(
      length: 10, channelCount: 1, trains: [PhasedTrain([100, 104, 300])], templates: [[]])
    let correlogram = train.crossCorrelogram(0, 0)
    #expect(abs(correlogram[9] - 3) < 1e-3)
    #expect(abs(correlogram[13] - 1) < 1e-3 && abs(correlogram[5] - 1) < 1e-3)
  }
}
