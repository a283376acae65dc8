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
    let known = SettingGroup.all
    for group in groups where !known.contains(where: { $0.name == group }) {
      throw AnalysisError(
        .wrongSetting, path: group,
        "no such algorithm; there are \(known.map(\.name).joined(separator: ", "))")
    }
    settings = try known.filter { groups.isEmpty || groups.contains($0.name) }.flatMap { group in
      let values = try JSONValue(encoding: AnyConfiguration(try group.configuration(changes)))
      return group.settings.map { item in
        Item(
          setting: item.path, value: Self.member(item.name, of: values), unit: item.unit,
          range: item.range, meaning: item.meaning, source: item.source)
      }
    }
  }

  private struct AnyConfiguration: Encodable {
    private let value: any Encodable

    init(_ value: any Encodable) { self.value = value }

    func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
  }

  private static func member(_ name: String, of value: JSONValue?) -> JSONValue? {
    name.split(separator: ".").reduce(value) { value, name in
      guard case .object(let members)? = value else { return nil }
      return members.first { $0.name == name }?.value
    }
  }
}
