import ArgumentParser

/// Options of the form NAME=VALUE.
enum NamedValues {
  /// Texts by name; each name once.
  static func texts(_ items: [String], option: String) throws -> [String: String] {
    var result: [String: String] = [:]
    for item in items {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw ValidationError("\(option) \(item): expected NAME=VALUE")
      }
      guard result.updateValue(String(parts[1]), forKey: String(parts[0])) == nil else {
        throw ValidationError("\(option) \(parts[0]): given twice")
      }
    }
    return result
  }

  /// Finite numbers by name; each name once.
  static func numbers(_ items: [String], option: String) throws -> [String: Double] {
    try texts(items, option: option).mapValues { text in
      guard let value = Double(text), value.isFinite else {
        throw ValidationError("\(option) …=\(text): expected a number")
      }
      return value
    }
  }
}
