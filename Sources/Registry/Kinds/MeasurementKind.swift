/// A kind of measurement that can be followed over visits.
///
/// Any identifier is a kind; the known ones carry unit, scale, direction and their caveat. An
/// unknown one is stored and plotted on a linear scale with a caveat that says it is unknown.
public struct MeasurementKind: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The scale on which a trend is fitted.
  public enum Scale: String, Sendable, Codable {
    /// Natural logarithm: effects in percent per month.
    case logarithmic
    /// The value itself: effects in units per month.
    case linear
  }

  /// Which change means loss.
  public enum Direction: String, Sendable, Codable {
    /// A falling value means loss.
    case fallsWithLoss = "falls-with-loss"
    /// A rising value means loss (or its compensation by reinnervation).
    case risesWithLoss = "rises-with-loss"
    /// No direction is agreed.
    case none
  }

  /// What is known of a kind, shared by all values that name it: points of a trend are copied and
  /// sorted by the hundred thousand.
  private final class Properties: Sendable {
    let id: String
    let displayName: String
    let unit: String
    let scale: Scale
    let direction: Direction
    let estimatesUnitNumber: Bool
    let caveat: String
    let allowedRange: ClosedRange<Double>
    let outcome: OutcomeSource?

    init(
      id: String, displayName: String, unit: String, scale: Scale, direction: Direction,
      estimatesUnitNumber: Bool, caveat: String, allowedRange: ClosedRange<Double>,
      outcome: OutcomeSource?
    ) {
      self.id = id
      self.displayName = displayName
      self.unit = unit
      self.scale = scale
      self.direction = direction
      self.estimatesUnitNumber = estimatesUnitNumber
      self.caveat = caveat
      self.allowedRange = allowedRange
      self.outcome = outcome
    }
  }

  private let properties: Properties

  /// Stable identifier in files and on the command line: lower case, digits, `-` and `.`.
  public var id: String { properties.id }
  /// Name for people.
  public var displayName: String { properties.displayName }
  /// Unit of the value ("1" where it has none).
  public var unit: String { properties.unit }
  /// The scale on which a trend is fitted.
  public var scale: Scale { properties.scale }
  /// Which change means loss.
  public var direction: Direction { properties.direction }
  /// Whether the value estimates the number of motor units; counts of identified units do not.
  public var estimatesUnitNumber: Bool { properties.estimatesUnitNumber }
  /// What has to be said with the value.
  public var caveat: String { properties.caveat }
  /// The range that a value must lie in.
  public var allowedRange: ClosedRange<Double> { properties.allowedRange }
  /// Where the value is a clinical outcome: instrument, and item unless it is the total.
  var outcome: OutcomeSource? { properties.outcome }

  /// A kind with all its properties.
  init(
    id: String, displayName: String, unit: String, scale: Scale, direction: Direction,
    estimatesUnitNumber: Bool = false, allowedRange: ClosedRange<Double>? = nil, caveat: String,
    outcome: OutcomeSource? = nil
  ) {
    let all = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    properties = Properties(
      id: id, displayName: displayName, unit: unit, scale: scale, direction: direction,
      estimatesUnitNumber: estimatesUnitNumber, caveat: caveat,
      allowedRange: allowedRange ?? (scale == .logarithmic ? 0...all.upperBound : all),
      outcome: outcome)
  }

  /// The kind of an identifier: a known one, or an unknown one without unit on a linear scale.
  public init(id: String) {
    if let known = MeasurementKind.byID[id] {
      self = known
    } else {
      self.init(
        id: id, displayName: id, unit: "1", scale: .linear, direction: .none,
        caveat: "This kind of measurement is not one this program knows; "
          + "its meaning rests with who entered it.")
    }
  }

  /// Whether this program knows the kind.
  public var isKnown: Bool { MeasurementKind.byID[id] != nil }

  /// Whether the value is a clinical outcome (a scale, vital capacity) rather than a measurement
  /// of a muscle.
  public var isOutcome: Bool { outcome != nil }

  /// The identifier.
  public var description: String { id }

  /// Kinds are equal when their identifiers are.
  public static func == (left: MeasurementKind, right: MeasurementKind) -> Bool {
    left.properties === right.properties || left.id == right.id
  }

  /// Hashes the identifier.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
  }

  /// Reads the identifier.
  public init(from decoder: any Decoder) throws {
    self.init(id: try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the identifier.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(id)
  }

  /// The identifier where it can be one; throws `RegistryError.invalid` otherwise.
  static func validatedID(_ id: String) throws -> String {
    if byID[id] != nil { return id }
    let isValid =
      !id.isEmpty && id.utf8.count <= 64
      && id.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || "-.".contains($0)) }
    guard isValid else {
      throw RegistryError.invalid(
        table: RecordTable.measurement.rawValue, field: "kind", found: "\"\(id.prefix(80))\"",
        expected: "1 to 64 lower-case letters, digits, hyphens or dots, such as \"munix\"")
    }
    return id
  }

  private static let byID: [String: MeasurementKind] = Dictionary(
    uniqueKeysWithValues: known.map { ($0.id, $0) })
}

/// Where a kind's value stands among the outcomes.
struct OutcomeSource: Sendable, Hashable {
  /// Name of the instrument.
  var instrument: String
  /// Name of the item; nil for the total.
  var item: String?
}
