/// A small value read from a MAT file: numbers, text, cells or a structure.
indirect enum MATValue: Sendable {
  /// Real numbers in column order with the array's dimensions.
  case numbers([Double], dimensions: [Int])
  /// A numeric array left unread because of its size.
  case large(dimensions: [Int])
  /// The rows of a character array.
  case text([String])
  /// Cells in column order.
  case cells([MATValue], dimensions: [Int])
  /// The first element of a structure array.
  case structure([String: MATValue])
  /// Anything else: sparse, complex, objects, functions.
  case other(String)

  /// The number where the value is a single one.
  var scalar: Double? {
    if case .numbers(let values, _) = self, values.count == 1 { return values[0] }
    if case .cells(let values, _) = self, values.count == 1 { return values[0].scalar }
    return nil
  }

  /// The text where the value is a single one.
  var string: String? {
    if case .text(let rows) = self, rows.count == 1 { return rows[0] }
    if case .cells(let values, _) = self, values.count == 1 { return values[0].string }
    return nil
  }

  /// The texts of a cell array of texts or of the rows of a character array.
  var strings: [String]? {
    switch self {
    case .text(let rows): return rows
    case .cells(let values, _):
      let texts = values.map(\.string)
      return texts.contains { $0 == nil } ? nil : texts.compactMap { $0 }
    default: return nil
    }
  }

  /// Dimensions of a numeric array, read or not.
  var numericDimensions: [Int]? {
    switch self {
    case .numbers(_, let dimensions), .large(let dimensions): dimensions
    default: nil
    }
  }

  /// All numbers, empty where the value is not numeric.
  var numbers: [Double] {
    if case .numbers(let values, _) = self { return values }
    return []
  }
}

/// Where a numeric array stands in a MAT file: a variable, and steps into it.
struct MATPath: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case cell(Int)
    case field(String)
  }

  var variable: String
  var steps: [Step] = []
}
