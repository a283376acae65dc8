import Decomposition

/// The effective number of contributing units N2 and its bounds.
///
/// N2 is the Hill number of order 2 (Hill 1973, Ecology 54) of the shares of EMG power: how many
/// units of equal power would give the same concentration. It is a quantity of its own, not a
/// number of motor units, and is not to be converted to one.
public struct EffectiveUnitNumber: Sendable, Equatable, Codable {
  /// The point value.
  public let value: Double
  /// The value if all unidentified power came from one unit as strong as the strongest found.
  public let lowerBound: Double
  /// The value if the unidentified power came from very many weak units.
  public let upperBound: Double

  /// The number from unit powers and the power that no identified unit explains.
  ///
  /// - Parameters:
  ///   - unitPowers: mean power of each identified unit, any one unit of power.
  ///   - unexplained: residual power above the noise, in the same unit.
  /// Nil with fewer than two units of positive power.
  public init?(unitPowers: [Double], unexplained: Double) {
    let powers = unitPowers.filter { $0 > 0 }.sorted()
    guard powers.count >= 2, let strongest = powers.last else { return nil }
    let rest = max(0, unexplained)
    let total = powers.reduce(0, +) + rest
    let squares = powers.reduce(0) { $0 + $1 * $1 }
    let quartile = powers[powers.count / 4]
    value = total * total / (squares + 0.5 * rest * quartile)
    upperBound = total * total / squares
    lowerBound = total * total / (squares + rest * strongest)
  }

  /// The number of a decomposition between two times (s), from units active there.
  ///
  /// The power of a unit is its rate times the energy of its potential, averaged over the
  /// electrodes; energies are reduced by the averaging noise of the template.
  public init?(
    _ decomposition: ArrayDecomposition, from start: Double, to end: Double,
    fewestDischarges: Int = 4
  ) {
    guard
      let powers = WindowPowers(
        decomposition.units, power: decomposition.power, from: start, to: end,
        fewestDischarges: fewestDischarges)
    else { return nil }
    self.init(powers)
  }

  /// The number in a window whose powers are known.
  public init?(_ powers: WindowPowers) {
    self.init(unitPowers: powers.units.map(\.power), unexplained: powers.unexplained)
  }
}
