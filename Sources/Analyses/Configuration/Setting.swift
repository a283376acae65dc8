import Tables

/// One constant that decides results: where it stands, what it means and which values make sense.
public struct Setting: Encodable, Equatable, Sendable {
  /// Algorithm that it belongs to, such as `array`.
  public let group: String
  /// Name within the group, as in the stored configuration; `group.name` for one in a group of its own.
  public let name: String
  /// Unit; empty for plain numbers.
  public let unit: String
  /// Smallest and largest value that make sense; nil for what is not a single number.
  public let range: [Double]?
  /// What it decides.
  public let meaning: String
  /// Where the value comes from; empty where it was chosen on simulated recordings.
  public let source: String

  init(
    _ group: String, _ name: String, _ unit: String = "", _ range: ClosedRange<Double>?,
    _ meaning: String, source: String = ""
  ) {
    self.group = group
    self.name = name
    self.unit = unit
    self.range = range.map { [$0.lowerBound, $0.upperBound] }
    self.meaning = meaning
    self.source = source
  }

  /// Group and name, as changes state them.
  public var path: String { "\(group).\(name)" }

  /// Whether its list has a place for each thing that it weighs or bounds, so that none may be missing.
  var hasFixedCount: Bool { name.hasSuffix("weights") || name == "baselineMilliseconds" }

  /// All settings in the order in which they are listed.
  public static let all: [Setting] = SettingGroup.all.flatMap(\.settings)

  /// The known path that is most like a text; nil where none is.
  static func suggestion(for text: String) -> String? {
    let known = all.map { (path: $0.path, names: [$0.path, $0.name]) }
    guard let name = LetterDistance.nearest(to: text, among: known.flatMap(\.names)) else {
      return nil
    }
    return known.first { $0.names.contains(name) }?.path
  }
}
