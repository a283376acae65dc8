import Foundation
import Signal

/// Surface potentials of motor units by joint least squares.
///
/// Plain spike-triggered averages hold the overlapping potentials of other units; here the
/// potentials of all units are fitted to the recording together: minimise |x - sum over units and
/// discharges of the shifted potential|^2. The normal equations are solved by conjugate gradients,
/// since their matrix acts by adding and averaging alone.
struct SurfacePotentials: Sendable {
  /// units x channels x window samples, uV.
  var potentials: [[[Float]]]
  /// The potentials from odd and from even discharges alone, units x channels x 2 x samples, uV.
  ///
  /// Empty where a unit has fewer than two discharges inside the recording.
  var halves: [[[[Float]]]]
  /// Correlation between the potentials of odd and even discharges, units x channels.
  var splitHalf: [[Double]]
  /// Samples of the window before the discharge.
  var before: Int

  private let discharges: [[Int]]
  private let length: Int

  /// Fits channels x samples (uV) on discharges (units x sample positions).
  ///
  /// `before` and `after` in samples; `iterations` bounds the conjugate gradients, which stop at a
  /// relative residual of 1e-5. The result does not depend on `parallelism`. What `progress` throws, which
  /// is told the share of the channels that are done, ends the fit.
  init(
    channels: [[Float]], trains: [[Double]], before: Int, after: Int, iterations: Int,
    parallelism: Parallelism = .single, progress: (Double) throws -> Void = { _ in }
  ) rethrows {
    self.before = before
    length = before + after
    let count = channels.first?.count ?? 0
    discharges = trains.map { train in
      train.filter { $0.isFinite && abs($0) < 1e15 }.map { Int($0.rounded()) }
        .filter { $0 >= 0 && $0 < count }
    }
    potentials = trains.map { _ in [] }
    halves = trains.map { _ in [] }
    splitHalf = trains.map { _ in [] }
    let model = self
    let step = parallelism.threadCount
    for first in stride(from: 0, to: channels.count, by: step) {
      let fits = parallelism.map(min(step, channels.count - first)) { index in
        let channel = channels[first + index]
        let fitted = model.solve(channel, iterations: iterations)
        return (fitted, model.halfPotentials(channel, fitted))
      }
      for (fitted, parts) in fits {
        for unit in trains.indices {
          potentials[unit].append(fitted[unit])
          halves[unit].append(parts[unit])
          splitHalf[unit].append(
            parts[unit].isEmpty ? 0 : Self.correlation(parts[unit][0], parts[unit][1]))
        }
      }
      try progress(Double(min(first + step, channels.count)) / Double(channels.count))
    }
  }

  /// The sum of all potentials at all discharges.
  private func synthesis(_ shapes: [[Float]], count: Int) -> [Float] {
    var signal = [Float](repeating: 0, count: count)
    for (unit, shape) in shapes.enumerated() {
      for discharge in discharges[unit] {
        let start = discharge - before
        let first = max(0, -start)
        let last = min(length, count - start)
        if first < last { for k in first..<last { signal[start + k] += shape[k] } }
      }
    }
    return signal
  }

  /// The adjoint of `synthesis`: sums of the signal around the discharges of each unit.
  private func analysis(_ signal: [Float]) -> [[Float]] {
    discharges.map { train in
      var sum = [Float](repeating: 0, count: length)
      for discharge in train {
        let start = discharge - before
        let first = max(0, -start)
        let last = min(length, signal.count - start)
        if first < last { for k in first..<last { sum[k] += signal[start + k] } }
      }
      return sum
    }
  }

  private func solve(_ signal: [Float], iterations: Int) -> [[Float]] {
    // Scaling by the number of discharges makes all units alike: the start is the plain average.
    let weight = discharges.map { 1 / Float(max($0.count, 1)) }
    func scaled(_ shapes: [[Float]]) -> [[Float]] {
      zip(shapes, weight).map { shape, factor in shape.map { $0 * factor } }
    }
    func inner(_ a: [[Float]], _ b: [[Float]]) -> Double {
      zip(a, b).reduce(0) { sum, pair in
        sum + zip(pair.0, pair.1).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
    }
    var residual = analysis(signal)
    var shapes = residual.map { $0.map { _ in Float(0) } }
    var preconditioned = scaled(residual)
    var direction = preconditioned
    var energy = inner(residual, preconditioned)
    let target = energy * 1e-10
    for _ in 0..<iterations where energy > target && energy > 0 {
      let image = analysis(synthesis(direction, count: signal.count))
      let curvature = inner(direction, image)
      guard curvature > 0 else { break }
      let step = Float(energy / curvature)
      for unit in shapes.indices {
        for k in 0..<length {
          shapes[unit][k] += step * direction[unit][k]
          residual[unit][k] -= step * image[unit][k]
        }
      }
      preconditioned = scaled(residual)
      let next = inner(residual, preconditioned)
      let ratio = Float(next / energy)
      for unit in direction.indices {
        for k in 0..<length {
          direction[unit][k] = preconditioned[unit][k] + ratio * direction[unit][k]
        }
      }
      energy = next
    }
    return shapes
  }

  /// The potentials from odd and from even discharges, other units removed.
  private func halfPotentials(_ signal: [Float], _ shapes: [[Float]]) -> [[[Float]]] {
    let model = synthesis(shapes, count: signal.count)
    let rest = zip(signal, model).map { $0 - $1 }
    return shapes.indices.map { unit in
      var halves = [[Double]](repeating: [Double](repeating: 0, count: length), count: 2)
      var counts = [0.0, 0.0]
      for (index, discharge) in discharges[unit].enumerated() {
        let start = discharge - before
        guard start >= 0, start + length <= signal.count else { continue }
        counts[index % 2] += 1
        for k in 0..<length { halves[index % 2][k] += Double(rest[start + k]) }
      }
      guard counts[0] > 0, counts[1] > 0 else { return [] }
      return (0..<2).map { part in
        (0..<length).map { Float(halves[part][$0] / counts[part]) + shapes[unit][$0] }
      }
    }
  }

  private static func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let meanA = a.reduce(0) { $0 + Double($1) } / Double(a.count)
    let meanB = b.reduce(0) { $0 + Double($1) } / Double(b.count)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for index in a.indices {
      let (left, right) = (Double(a[index]) - meanA, Double(b[index]) - meanB)
      ab += left * right
      aa += left * left
      bb += right * right
    }
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
  }
}
