import Decomposition
import Foundation

/// Changes of configurations that a user states, as `group.name=value` or as a file of JSON.
///
/// ```swift
/// let changes = try ConfigurationChanges(["array.roundLimit=12"])
/// let configuration = try changes.applied(to: ArrayConfiguration(), group: "array")
/// ```
public struct ConfigurationChanges: Sendable {
  /// New values as JSON, by setting.
  private var values: [String: Data] = [:]

  /// No changes.
  public init() {}

  /// Whether nothing is changed.
  public var isEmpty: Bool { values.isEmpty }

  /// The groups that are changed.
  public var groups: Set<String> {
    Set(values.keys.map { String($0.prefix { $0 != "." }) })
  }

  /// Changes from texts, each `group.name=value`; a later one replaces an earlier one.
  ///
  /// - Throws: `AnalysisError` of the kind `wrongSetting` for an unknown name, with the most similar one,
  ///   and for a number out of range.
  public init(_ assignments: [String]) throws {
    for text in assignments {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw AnalysisError(.wrongSetting, path: text, "expected GROUP.NAME=VALUE")
      }
      let data = Data(parts[1].utf8)
      let value = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
      try set(parts[0], value ?? parts[1])
    }
  }

  /// Changes from a file of JSON: an object of groups, each an object of values, as it is printed and
  /// stored with results.
  ///
  /// - Throws: `AnalysisError` where it is none, and as for texts.
  public init(file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw AnalysisError(.cannotOpen, path: file, "cannot be opened")
    }
    guard
      let groups = try? JSONSerialization.jsonObject(with: data) as? [String: [String: Any]]
    else {
      throw AnalysisError(
        path: file, "found no configuration, expected JSON of the form {\"array\": {\"seed\": 2}}")
    }
    for (group, settings) in groups {
      do {
        try set(settings, within: group)
      } catch let error as AnalysisError {
        throw AnalysisError(error.kind, path: file, error.description)
      }
    }
  }

  /// Takes settings and the groups among them.
  private mutating func set(_ settings: [String: Any], within path: String) throws {
    for (name, value) in settings where !(value is NSNull) {
      if let group = value as? [String: Any] {
        try set(group, within: "\(path).\(name)")
      } else {
        try set("\(path).\(name)", value)
      }
    }
  }

  /// An object with a value at a path of names through its inner objects.
  private static func placing(
    _ value: Any, at path: ArraySlice<Substring>, in object: [String: Any]
  ) -> [String: Any] {
    guard let name = path.first.map(String.init) else { return object }
    var result = object
    result[name] =
      path.count == 1
      ? value
      : placing(value, at: path.dropFirst(), in: object[name] as? [String: Any] ?? [:])
    return result
  }

  /// The value at a path of names through an object's inner ones.
  private static func value(at path: ArraySlice<Substring>, in object: [String: Any]) -> Any? {
    guard let name = path.first.map(String.init) else { return nil }
    if path.count == 1 { return object[name] }
    return (object[name] as? [String: Any]).flatMap { value(at: path.dropFirst(), in: $0) }
  }

  /// These changes, then others.
  public func merging(_ later: ConfigurationChanges) -> ConfigurationChanges {
    var result = self
    result.values.merge(later.values) { $1 }
    return result
  }

  private mutating func set(_ path: String, _ value: Any) throws {
    guard let setting = Setting.all.first(where: { $0.path == path }) else {
      let similar = Setting.suggestion(for: path).map { "; did you mean \($0)?" } ?? ""
      throw AnalysisError(.wrongSetting, path: path, "no such setting\(similar)")
    }
    if let range = setting.range {
      // `is Bool` holds for the numbers 0 and 1 too; a truth value is stored as a character.
      guard let stored = value as? NSNumber, String(cString: stored.objCType) != "c",
        stored.doubleValue >= range[0], stored.doubleValue <= range[1]
      else {
        throw AnalysisError(
          .wrongSetting, path: path,
          "found \(value), expected a number from \(plain(range[0])) to \(plain(range[1]))"
            + (setting.unit.isEmpty ? "" : " " + setting.unit))
      }
    }
    values[path] = try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
  }

  private func plain(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : "\(value)"
  }

  /// A configuration with the changes of its group; the same where there are none.
  ///
  /// - Throws: `AnalysisError` of the kind `wrongSetting` for a value of the wrong type.
  public func applied<Configuration: Codable>(
    to configuration: Configuration, group: String
  ) throws -> Configuration {
    let own = values.filter { $0.key.hasPrefix(group + ".") }
    if own.isEmpty { return configuration }
    var object =
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(configuration))
      as? [String: Any] ?? [:]
    for (path, data) in own.sorted(by: { $0.key < $1.key }) {
      let value = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
      let names = path.split(separator: ".").dropFirst()
      if let before = Self.value(at: names, in: object) as? [Any], let after = value as? [Any],
        before.count != after.count,
        Setting.all.contains(where: { $0.path == path && $0.hasFixedCount })
      {
        throw AnalysisError(
          .wrongSetting, path: path, "found \(after.count) numbers, expected \(before.count)")
      }
      object = Self.placing(value, at: names, in: object)
    }
    do {
      return try JSONDecoder().decode(
        Configuration.self, from: JSONSerialization.data(withJSONObject: object))
    } catch let error as DecodingError {
      let keys =
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
          .dataCorrupted(let context):
          context.codingPath.map(\.stringValue).joined(separator: ".")
        case .keyNotFound(let key, _): key.stringValue
        @unknown default: ""
        }
      // A number with a fraction where a whole one is needed comes without its place.
      let place = keys.isEmpty ? own.keys.sorted().joined(separator: ", ") : "\(group).\(keys)"
      throw AnalysisError(
        .wrongSetting, path: place, "the value is not of the kind that is needed")
    }
  }
}
