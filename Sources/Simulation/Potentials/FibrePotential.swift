import Foundation

/// The extracellular potential of one muscle fibre over radial and axial distance.
///
/// Line source: membrane current `pi a^2 sigma_i V''` of an intracellular potential of gamma shape,
/// `V(s) = 120 mV (s / p)^6 exp(6 (1 - s / p))`, s in mm behind the wave front and p = 3.5 mm, in an
/// infinite medium of 0.063 S/m across and 0.33 S/m along the fibres. The cubic onset of Rosenfalck
/// 1969 (`s^3`) would make the first, positive phase larger than the negative spike close to the
/// fibre; the sixth power has the smooth foot of measured potentials (Ludin 1973). Tabulated once,
/// because a needle recording needs thousands of fibres.
struct FibrePotential: Sendable {
  /// Fibre diameter in um for which amplitudes are tabulated.
  static let referenceDiameter = 55.0
  /// The table, made on first use.
  static let shared = FibrePotential()

  private static let order = 6.0
  private static let peak = 3.5
  private static let axialStep = 0.05
  private static let axialStart = -20.0
  private static let axialCount = 1001
  private static let radii = 60
  private static let logFirst = log(0.02)
  private static let logStep = (log(40.0) - log(0.02)) / Double(radii - 1)

  private let table: [[Float]]

  private init() {
    let sourceStep = 0.05
    let sources: [(position: Double, strength: Double)] = (0..<320).map { index in
      let s = (Double(index) + 0.5) * sourceStep
      let potential = 120 * pow(s / Self.peak, Self.order) * exp(Self.order * (1 - s / Self.peak))
      let slope = Self.order / s - Self.order / Self.peak
      return (s, potential * (slope * slope - Self.order / (s * s)) * sourceStep)
    }
    // A residue of the cut tail would act as a monopole at a distance.
    let residue = sources.reduce(0) { $0 + $1.strength } / Double(sources.count)
    let radius = Self.referenceDiameter / 2 * 1e-6
    // sigma_i = 1.01 S/m; V'' ds in V/m; distance in mm; result in uV.
    let scale = 1.01 * Double.pi * radius * radius / (4 * Double.pi * 0.063) * 1e3 * 1e6
    let stretch = TripoleConductor.anisotropy
    table = (0..<Self.radii).map { index in
      let radial = exp(Self.logFirst + Double(index) * Self.logStep) * stretch
      return (0..<Self.axialCount).map { axial in
        let position = Self.axialStart + Double(axial) * Self.axialStep
        var sum = 0.0
        for source in sources {
          let distance = position - source.position
          sum +=
            (source.strength - residue) / (distance * distance + radial * radial).squareRoot()
        }
        return Float(sum * scale)
      }
    }
  }

  /// The potential along the axis at a radial distance in mm, one value per 0.05 mm from -20 mm on.
  ///
  /// Interpolated linearly in the logarithm of the distance.
  func profile(at radial: Double) -> [Float] {
    let position = (log(max(radial, 0.02)) - Self.logFirst) / Self.logStep
    let index = max(0, min(Self.radii - 2, Int(position)))
    let share = Float(max(0, min(1, position - Double(index))))
    let near = table[index]
    let far = table[index + 1]
    return near.indices.map { near[$0] * (1 - share) + far[$0] * share }
  }

  /// Adds the potential of a fibre's travelling wave to a signal.
  ///
  /// - Parameters:
  ///   - arrival: time at which the wave front passes the electrode, in ms.
  ///   - velocity: conduction velocity in mm/ms.
  ///   - perMillisecond: samples per ms of the signal.
  ///   - range: part of `signal` that belongs to the channel.
  static func add(
    profile: [Float], strength: Float, arrival: Double, velocity: Double, perMillisecond: Double,
    to signal: inout [Float], range: Range<Int>
  ) {
    let step = velocity / perMillisecond / axialStep
    let begin = (-arrival * velocity - axialStart) / axialStep
    // Positions begin + n * step that lie inside the table.
    let first = max(0, Int((-begin / step).rounded(.up)))
    let last = min(range.count - 1, Int((Double(axialCount - 2) - begin) / step))
    guard first <= last else { return }
    let onset = max(1, Int(perMillisecond))
    for n in first...last {
      let position = begin + Double(n) * step
      let index = min(axialCount - 2, Int(position))
      let share = Float(position - Double(index))
      let value = profile[index] * (1 - share) + profile[index + 1] * share
      // The wave grows out of the end-plate within a millisecond.
      let ramp = n < onset ? Float(n) / Float(onset) : 1
      signal[range.lowerBound + n] += strength * ramp * value
    }
  }
}
