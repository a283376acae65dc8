import Foundation

/// ln posterior density of a `LevelModel` with its gradient and curvature.
struct LevelDensity {
  var value: Double
  var gradient: [Double]
  /// Information: sum of the outer products of the points' scores and the priors' precision,
  /// row by row; the lower triangle alone is filled.
  var information: [Double]
}

/// The likelihood of a scan summed over which units answered at each stimulus.
///
/// Unit k answers stimulus s with probability Phi((s / t - 1) / r) (Bostock 2016); the response to a
/// set is normal around its level with variance noise^2 + (c level)^2 + (v^2) sum a^2. At each
/// stimulus every set of the units whose answer is open counts; a small share of
/// the points may lie anywhere.
struct LevelLikelihood: Sendable {
  /// Standard scores of the threshold beyond which an answer is certain.
  static let certainScore = 4.5
  /// Sets less probable than this are left out.
  static let leastProbability = 1e-6

  let data: LevelData
  let settings: FewUnitsConfiguration

  /// Mean and standard deviation of the prior of each parameter of a model of `count` units.
  func prior(_ count: Int) -> (mean: [Double], deviation: [Double]) {
    let mean = log(data.cmap / Double(count)) - 0.2
    var means: [Double] = []
    var deviations: [Double] = []
    for _ in 0..<count {
      means += [mean, data.range.middle, log(settings.relativeSpread), 0]
      deviations += [
        settings.sizeSpread, 0.65 * data.range.halfWidth, settings.relativeSpreadSpread,
        settings.phaseSpread,
      ]
    }
    means += [log(data.noise), log(0.002), log(settings.amplitudeVariation), 0, 0]
    deviations += [
      data.noiseLogError, 0.7, settings.amplitudeVariationSpread, settings.gainTrend,
      data.noise / 3,
    ]
    return (means, deviations)
  }

  /// The density at a model; `extraNoise` (uV) blurs the levels, for the first steps of a search.
  func evaluate(_ model: LevelModel, extraNoise: Double = 0) -> LevelDensity {
    let size = model.values.count
    let (mean, deviation) = prior(model.unitCount)
    var result = LevelDensity(
      value: 0, gradient: [Double](repeating: 0, count: size),
      information: [Double](repeating: 0, count: size * size))
    LevelKernel(model, data, outlierShare: settings.outlierShare, extraNoise: extraNoise).add(
      to: &result)
    for index in 0..<size {
      let score = (model.values[index] - mean[index]) / deviation[index]
      result.value -= 0.5 * score * score + log(deviation[index]) + 0.9189385332
      result.gradient[index] -= score / deviation[index]
      result.information[index * size + index] += 1 / (deviation[index] * deviation[index])
    }
    return result
  }
}
