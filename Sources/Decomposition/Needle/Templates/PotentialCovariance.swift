import Foundation
import Signal

/// How a unit's potential varies from firing to firing: the covariance of what it leaves.
///
/// The fibres of a unit jitter against each other (Stalberg and Sonoo 1994), so that what a large
/// potential leaves in the residual is not noise: it is large where the potential is steep, and alike
/// only over the width of a fibre's spike. The sample covariance around the firings is therefore
/// tapered to a band (Furrer and Bengtsson 2007, J Multivar Anal 98:227), which a hundred firings
/// determine.
struct PotentialCovariance: Sendable {
  /// For each channel and place between coarse samples the lower band: `count` x (bandwidth + 1).
  let bands: [[[Float]]]
  /// Coarse samples of the window.
  let count: Int

  /// Estimates the covariance from what all units leave around one unit's firings.
  ///
  /// `residuals` are rows x (channels x length) on the fine grid; every `decimation`th sample is
  /// independent. Nil where fewer rows than that tell a covariance.
  init?(
    residuals: [Float], rows: Int, channels: Int, length: Int, decimation: Int, bandwidth: Int,
    limits: NeedleConfiguration.Decoding = NeedleConfiguration.Decoding()
  ) {
    if rows < limits.fewestVarying { return nil }
    let count = length / decimation
    let width = channels * length
    let weights = Self.weights(residuals, rows: rows)
    var samples = [Float](repeating: 0, count: count)
    var bands: [[[Float]]] = []
    for channel in 0..<channels {
      var places: [[Float]] = []
      for place in 0..<decimation {
        var band = [Float](repeating: 0, count: count * (bandwidth + 1))
        for row in 0..<rows {
          let start = row * width + channel * length + place
          for index in 0..<count {
            samples[index] = residuals[start + index * decimation] * weights[row]
          }
          for first in 0..<count {
            for lag in 0...min(bandwidth, count - 1 - first) {
              band[first * (bandwidth + 1) + lag] += samples[first] * samples[first + lag]
            }
          }
        }
        for index in band.indices { band[index] /= Float(rows) }
        places.append(
          Self.tapered(
            band, count: count, bandwidth: bandwidth, margin: limits.varyingMargin))
      }
      bands.append(places)
    }
    self.bands = bands
    self.count = count
  }

  /// Weights of rows: those that lie under potentials that are not known count no more than others.
  private static func weights(_ residuals: [Float], rows: Int) -> [Float] {
    let width = residuals.count / rows
    let norms = (0..<rows).map {
      dot(residuals, from: $0 * width, residuals, from: $0 * width, count: width)
    }
    let limit = 2 * median(norms)
    return norms.map { $0 > limit ? (limit / $0).squareRoot() : 1 }
  }

  /// Tapers a band and scales it down to what stands out of the window's quiet part.
  ///
  /// Both keep it positive definite: the taper is one of a triangle's, the scaling is symmetric.
  private static func tapered(
    _ band: [Float], count: Int, bandwidth: Int, margin: Float
  ) -> [Float] {
    let diagonal = (0..<count).map { band[$0 * (bandwidth + 1)] }
    // Noise is of unit variance; what is missing everywhere is no variability.
    // The quiet level is known to a tenth.
    let quiet = margin * max(1, quantile(diagonal, 0.25))
    let shares = diagonal.map { (max(0, $0 - quiet) / max(1e-9, $0)).squareRoot() }
    var result = band
    for first in 0..<count {
      for lag in 0...bandwidth {
        let taper = 1 - Float(lag) / Float(bandwidth + 1)
        let other = first + lag < count ? shares[first + lag] : 0
        result[first * (bandwidth + 1) + lag] *= taper * shares[first] * other
      }
    }
    return result
  }
}
