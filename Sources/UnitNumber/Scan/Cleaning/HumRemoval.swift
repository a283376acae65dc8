import Foundation

/// Mains hum on the responses: a sine over the stimuli, aliased by the stimulus rate.
///
/// It is looked for where nothing else varies: in the residuals of a local line, each weighted by
/// the variance of its neighbours, so that both plateaus count most.
enum HumRemoval {
  /// Amplitude and frequency (cycles per stimulus) of the hum, and the responses without it; nil
  /// where there is none.
  static func find(
    _ points: ScanPoints, settings: ScanConfiguration.Cleaning
  ) -> (amplitude: Double, frequency: Double, response: [Double])? {
    let count = points.count
    guard count >= settings.fewestForHum else { return nil }
    let run = points.response
    let smooth = movingLine(run, half: settings.humHalfWidth)
    let rest = zip(run, smooth).map { $0 - $1 }
    let floor = max(points.bottomNoise, points.quantum / 12.0.squareRoot(), 1e-9)
    let weights = rest.indices.map { index -> Double in
      let near = rest[max(0, index - 7)...min(count - 1, index + 7)]
      let mean = near.reduce(0) { $0 + $1 * $1 } / Double(near.count)
      return 1 / max(mean, floor * floor)
    }
    var best = (gain: 0.0, frequency: 0.0)
    let step = 0.25 / Double(count)
    var frequency = 1.0 / 40
    while frequency <= 0.5 {
      let gain = fit(rest, weights, frequency).gain
      if gain > best.gain { best = (gain, frequency) }
      frequency += step
    }
    guard best.gain > settings.humGain else { return nil }
    // A unit is not everywhere: both halves and both ends have to show the same sine.
    let sine = fit(rest, weights, best.frequency)
    let quarters = [0..<count / 2, count / 2..<count]
    for part in quarters {
      var (before, after) = (0.0, 0.0)
      for index in part {
        let value = rest[index] - sine.value(index, best.frequency)
        before += weights[index] * rest[index] * rest[index]
        after += weights[index] * value * value
      }
      guard before - after > settings.humHalfGain else { return nil }
    }
    let amplitude = (sine.cosine * sine.cosine + sine.sine * sine.sine).squareRoot()
    guard amplitude > settings.humAmplitude * floor else { return nil }
    return (
      amplitude, best.frequency,
      run.indices.map { run[$0] - sine.value($0, best.frequency) }
    )
  }

  private struct Sine {
    var cosine: Double
    var sine: Double
    var gain: Double

    func value(_ index: Int, _ frequency: Double) -> Double {
      let phase = 2 * Double.pi * frequency * Double(index)
      return cosine * cos(phase) + sine * sin(phase)
    }
  }

  /// Weighted least squares of a cosine and a sine.
  private static func fit(_ rest: [Double], _ weights: [Double], _ frequency: Double) -> Sine {
    let turn = (cos(2 * Double.pi * frequency), sin(2 * Double.pi * frequency))
    var (c, s) = (1.0, 0.0)
    var (cc, ss, cs, cy, sy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for index in rest.indices {
      let w = weights[index]
      cc += w * c * c
      ss += w * s * s
      cs += w * c * s
      cy += w * c * rest[index]
      sy += w * s * rest[index]
      (c, s) = (c * turn.0 - s * turn.1, s * turn.0 + c * turn.1)
    }
    let determinant = cc * ss - cs * cs
    guard determinant > 1e-9 * cc * cc else {
      return Sine(cosine: cy / max(cc, 1e-12), sine: 0, gain: cy * cy / max(cc, 1e-12))
    }
    let a = (ss * cy - cs * sy) / determinant
    let b = (cc * sy - cs * cy) / determinant
    return Sine(cosine: a, sine: b, gain: a * cy + b * sy)
  }

  /// Straight lines over `half` stimuli on either side, by prefix sums.
  private static func movingLine(_ values: [Double], half: Int) -> [Double] {
    let x = values.indices.map { Double($0) }
    return LocalLinearFit(x: x, y: values, halfWidth: Double(half)).fitted
  }
}
