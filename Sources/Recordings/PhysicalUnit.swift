/// The physical unit of a channel's samples as they leave the reader.
///
/// Voltages are always brought to microvolts; the other units are kept as the file states them.
public enum PhysicalUnit: Hashable, Sendable {
  /// Volts of any prefix, normalised to microvolts.
  case microvolt
  /// Force in newtons.
  case newton
  /// Torque in newton metres.
  case newtonMetre
  /// Force or torque as per cent of the maximum voluntary contraction.
  case percentMVC
  /// Joint angle in degrees.
  case degree
  /// Acceleration in multiples of standard gravity.
  case standardGravity
  /// Time in seconds.
  case second
  /// A plain number without a dimension (firings, flags, counters).
  case dimensionless
  /// Samples whose scale is unknown: comparable within a channel, not between recordings.
  case relative
  /// Any other unit, spelt as in the file.
  case other(String)

  /// The unit's symbol as it is printed beside numbers.
  public var symbol: String {
    switch self {
    case .microvolt: "uV"
    case .newton: "N"
    case .newtonMetre: "N·m"
    case .percentMVC: "% MVC"
    case .degree: "deg"
    case .standardGravity: "g"
    case .second: "s"
    case .dimensionless: "1"
    case .relative: "relative"
    case .other(let text): text
    }
  }

  /// Whether values in this unit are voltages (microvolts).
  public var isVoltage: Bool { self == .microvolt }
}

extension PhysicalUnit: Codable {
  /// Reads the unit from its symbol.
  public init(from decoder: any Decoder) throws {
    let symbol = try decoder.singleValueContainer().decode(String.self)
    self = PhysicalUnit.parse(symbol)?.unit ?? .other(symbol)
  }

  /// Writes the unit as its symbol.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(symbol)
  }
}

extension PhysicalUnit: CustomStringConvertible {
  /// The symbol.
  public var description: String { symbol }
}

/// A unit of voltage as it can be given with `--unit`.
public enum VoltageUnit: String, CaseIterable, Codable, Sendable {
  /// Nanovolts.
  case nanovolt = "nV"
  /// Microvolts.
  case microvolt = "uV"
  /// Millivolts.
  case millivolt = "mV"
  /// Volts.
  case volt = "V"

  /// How many microvolts one of this unit is.
  public var microvolts: Double {
    switch self {
    case .nanovolt: 1e-3
    case .microvolt: 1
    case .millivolt: 1e3
    case .volt: 1e6
    }
  }
}
