/// One constant that decides results: where it stands, what it means and which values make sense.
public struct Setting: Encodable, Equatable, Sendable {
  /// Algorithm that it belongs to, such as `array`.
  public let group: String
  /// Name within the group, as in the stored configuration.
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

  /// All settings in the order in which they are listed.
  public static let all: [Setting] = array + segments + needle

  /// The known path that is most like a text; nil where none is.
  static func suggestion(for text: String) -> String? {
    let wanted = text.lowercased()
    let ranked = all.map { setting -> (distance: Int, path: String) in
      let distances = [setting.path, setting.name].map {
        editDistance(Array(wanted.utf8), Array($0.lowercased().utf8))
      }
      return (distances.min() ?? .max, setting.path)
    }
    guard let best = ranked.min(by: { $0.distance < $1.distance }),
      best.distance <= max(2, text.count / 3)
    else { return nil }
    return best.path
  }

  /// The fewest insertions, deletions and replacements that turn one text into another.
  private static func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var row = Array(0...second.count)
    for (i, a) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in second.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
        diagonal = above
      }
    }
    return row[second.count]
  }
}
