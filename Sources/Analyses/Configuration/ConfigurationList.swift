import Decomposition
import Foundation
import Reports

/// All settings with their values, as they are listed and printed.
package struct ConfigurationList: Encodable {
  /// One setting with its value.
  package struct Item: Encodable {
    package let setting: String
    package let value: JSONValue?
    package let unit: String
    package let range: [Double]?
    package let meaning: String
    package let source: String
  }

  package let software = SoftwareVersion.text
  package let settings: [Item]

  /// The settings of some groups; all for none.
  ///
  /// - Throws: `AnalysisError` for a group that is not known.
  package init(groups: [String], changes: ConfigurationChanges = ConfigurationChanges()) throws {
    let values: [String: JSONValue] = [
      "array": try JSONValue(
        encoding: try changes.applied(to: ArrayConfiguration(), group: "array")),
      "segments": try JSONValue(
        encoding: try changes.applied(to: SegmentConfiguration(), group: "segments")),
      "needle": try JSONValue(
        encoding: try changes.applied(to: NeedleConfiguration(), group: "needle")),
    ]
    for group in groups where values[group] == nil {
      throw AnalysisError(
        .wrongSetting, path: group,
        "no such algorithm; there are \(values.keys.sorted().joined(separator: ", "))")
    }
    settings = Setting.all.filter { groups.isEmpty || groups.contains($0.group) }.map { item in
      Item(
        setting: item.path, value: Self.member(item.name, of: values[item.group]), unit: item.unit,
        range: item.range, meaning: item.meaning, source: item.source)
    }
  }

  private static func member(_ name: String, of value: JSONValue?) -> JSONValue? {
    name.split(separator: ".").reduce(value) { value, name in
      guard case .object(let members)? = value else { return nil }
      return members.first { $0.name == name }?.value
    }
  }
}
