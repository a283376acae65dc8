import ArgumentParser
import Foundation
import Recordings

/// Options that hold several numbers, comma-separated.
enum NumberList {
  /// The numbers; nil where one is none or not allowed.
  static func numbers(_ text: String, where isAllowed: (Double) -> Bool) -> [Double]? {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0.trimmingCharacters(in: .whitespaces)) ?? .nan
    }
    return numbers.allSatisfy { $0.isFinite && isAllowed($0) } ? numbers : nil
  }
}

/// The option that names a recording in a BIDS dataset.
enum BIDSName {
  /// Refuses a name without the entities that a dataset needs.
  static func check(_ name: String?) throws {
    guard let name, BIDSDatasetWriter.entities(name) == nil else { return }
    throw ValidationError(
      "--bids \(name): expected a name such as sub-01_task-hold or sub-01_ses-2_task-hold_run-1")
  }
}

/// Options that hold several names, comma-separated.
enum NameList {
  /// The names without white space around them; none where the option is not given.
  static func names(_ text: String?) -> [String] {
    text?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
  }
}

/// Options of the form NAME=VALUE.
enum NamedValues {
  /// Texts by name; each name once.
  ///
  /// - Parameters:
  ///   - option: the option they are values of; nil for those of arguments.
  ///   - takesEmpty: whether NAME= is a value.
  static func texts(
    _ items: [String], option: String? = nil, takesEmpty: Bool = false
  ) throws -> [String: String] {
    let place = option.map { $0 + " " } ?? ""
    var result: [String: String] = [:]
    for item in items {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, takesEmpty || !parts[1].isEmpty else {
        throw ValidationError("\(place)\(item): expected NAME=VALUE")
      }
      guard result.updateValue(String(parts[1]), forKey: String(parts[0])) == nil else {
        throw ValidationError("\(place)\(parts[0]): given twice")
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
