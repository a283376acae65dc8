import Foundation

/// A number that is told of each unit: what it is called in files and on pages, and how it is written.
///
/// `UnitMeasure.all` is the one list of them. Pages, tables of the terminal, `units.json`, `units.csv`, group
/// tables of a batch and the registry are made from it: see docs/adding.md.
public struct UnitMeasure: Sendable, Hashable {
  /// How a value is written for people.
  public enum Style: Sendable, Hashable {
    /// So many decimals.
    case fixed(Int)
    /// A share of one as percent, with so many decimals.
    case percent(Int)
    /// So many significant digits.
    case significant(Int)
    /// A whole number.
    case whole
  }

  /// What a measure is about: each group has a table of its own on a page.
  public enum Group: Sendable, Hashable {
    /// The train and how well it was found.
    case train
    /// The averaged potential.
    case potential
  }

  /// Name in JSON, in camelCase with the unit as a word: `pulseToNoiseDecibels`.
  public let name: String
  /// Name as a column of tables and in the registry: `pulse_to_noise_db`.
  public let column: String
  /// Title of a column for people, with the unit: `PNR (dB)`.
  public let title: String
  /// What it is about.
  public let group: Group
  /// How a value is written for people.
  public let style: Style
  /// Decimals in tables for programs.
  public let decimals: Int
  /// Whether the short table of the terminal shows it.
  public let isBrief: Bool
  /// What the title leaves open, as a sentence; empty where it says it all.
  public let note: String
  /// Names that earlier versions wrote in JSON.
  public let earlierNames: [String]

  init(
    _ name: String, column: String, title: String, _ style: Style, decimals: Int,
    group: Group = .train, isBrief: Bool = false, note: String = "", earlierNames: [String] = []
  ) {
    self.name = name
    self.column = column
    self.title = title
    self.group = group
    self.style = style
    self.decimals = decimals
    self.isBrief = isBrief
    self.note = note
    self.earlierNames = earlierNames
  }

  /// The title in plain letters, for the terminal.
  public var plainTitle: String { title.replacingOccurrences(of: "µ", with: "u") }

  /// A value for a page.
  public func text(_ value: Double) -> String {
    switch style {
    case .fixed(let decimals): NumberText.fixed(value, decimals)
    case .percent(let decimals): NumberText.fixed(100 * value, decimals)
    case .significant(let digits): NumberText.significant(value, digits)
    case .whole: NumberText.fixed(value, 0)
    }
  }

  /// A value for a table of a program; empty where there is none.
  public func field(_ value: Double?) -> String { CSVText.fixed(value, decimals) }
}

/// The measures of one unit that have a value.
public struct UnitMeasures: Sendable, Equatable {
  private var values: [String: Double] = [:]

  /// No values.
  public init() {}

  /// Values as they come; those that are missing or not finite are left out.
  public init(_ values: [(UnitMeasure, Double?)]) {
    for (measure, value) in values { self[measure] = value }
  }

  /// The value of a measure; nil where there is none or it is not finite.
  public subscript(measure: UnitMeasure) -> Double? {
    get { values[measure.name] }
    set { values[measure.name] = newValue.flatMap { $0.isFinite ? $0 : nil } }
  }

  /// The values by the names that the registry stores.
  public var byColumn: [String: Double] {
    var result: [String: Double] = [:]
    for measure in UnitMeasure.all { result[measure.column] = self[measure] }
    return result
  }

  private static func json(_ value: Double, isWhole: Bool) -> JSONValue {
    guard isWhole, let whole = Int(exactly: value) else { return .number(value) }
    return .integer(whole)
  }

  /// The values as members of an object, in the order of the list.
  var members: [(String, JSONValue?)] {
    UnitMeasure.all.map { measure in
      (measure.name, self[measure].map { Self.json($0, isWhole: measure.style == .whole) })
    }
  }
}

extension UnitMeasures: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Reads the members that are measures, by their names or those of earlier versions.
  ///
  /// - Throws: `DecodingError` where one is no number.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    for measure in UnitMeasure.all {
      for name in [measure.name] + measure.earlierNames where self[measure] == nil {
        self[measure] = try fields.decodeIfPresent(Double.self, forKey: Key(stringValue: name))
      }
    }
  }

  /// Writes one member for each value.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    for measure in UnitMeasure.all {
      try fields.encodeIfPresent(self[measure], forKey: Key(stringValue: measure.name))
    }
  }
}
