import Foundation

/// The schemas of docs/schema, and a check of JSON against them.
///
/// Of JSON Schema (draft 2020-12) the keywords that the project's schemas use: `type`, `enum`,
/// `properties`, `required`, `additionalProperties`, `items`, `minItems`, `maxItems`, `oneOf` and
/// `$ref` within a schema or to another one by its `$id`. Any other keyword is a problem.
public struct JSONSchemas: Sendable {
  /// The schemas by file name without its extension.
  public let byName: [String: JSONTree]
  private let byID: [String: JSONTree]

  /// The schemas of the project, read once.
  public static let project = Result {
    try JSONSchemas(folder: SharedData.packageFolder.appendingPathComponent("docs/schema"))
  }

  /// Reads all schemas of a folder.
  public init(folder: URL) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    self.init(
      Dictionary(
        uniqueKeysWithValues: try names.filter { $0.hasSuffix(".json") }.map { name in
          let data = try Data(contentsOf: folder.appendingPathComponent(name))
          return (String(name.dropLast(5)), try JSONDecoder().decode(JSONTree.self, from: data))
        }))
  }

  /// Schemas by name.
  public init(_ schemas: [String: JSONTree]) {
    byName = schemas
    byID = Dictionary(
      schemas.values.compactMap { schema in schema.members["$id"]?.text.map { ($0, schema) } }
    ) { first, _ in first }
  }

  /// What is wrong with a value by the schema of a name, each with its place; empty where nothing is.
  ///
  /// Names of members must be camelCase too, unless they are data of a map.
  public func problems(_ value: JSONTree, schema name: String) -> [String] {
    guard let schema = byName[name] else { return ["there is no schema \(name)"] }
    return problems(value, schema, in: schema, at: "$")
  }

  /// Whether a member's name is camelCase: a small letter, then letters and digits.
  public static func isCamelCase(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, ("a"..."z").contains(first) else { return false }
    return name.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
    }
  }

  private static let annotations: Set = ["$schema", "$id", "$defs", "title", "description"]

  private func problems(
    _ value: JSONTree, _ schema: JSONTree, in document: JSONTree, at place: String
  ) -> [String] {
    var found: [String] = []
    for (keyword, rule) in schema.members where !Self.annotations.contains(keyword) {
      switch keyword {
      case "$ref":
        guard let (target, other) = resolve(rule.text ?? "", in: document) else {
          found.append("\(place): \(rule.text ?? "") leads nowhere")
          continue
        }
        found += problems(value, target, in: other, at: place)
      case "type":
        let types = rule.text.map { [$0] } ?? rule.entries.compactMap(\.text)
        if !types.contains(where: { Self.isOf($0, value) }) {
          found.append("\(place): \(value.typeName), expected \(types.joined(separator: " or "))")
        }
      case "enum":
        if !rule.entries.contains(value) { found.append("\(place): \(value) is not in the list") }
      case "oneOf":
        let each = rule.entries.map { problems(value, $0, in: document, at: place) }
        let fitting = each.count { $0.isEmpty }
        if fitting != 1 {
          let nearest = each.min { $0.count < $1.count } ?? []
          found.append("\(place): fits \(fitting) of \(each.count); the nearest: \(nearest)")
        }
      case "required":
        if case .object(let members) = value {
          found += rule.entries.compactMap(\.text).filter { members[$0] == nil }.map {
            "\(place): \($0) is missing"
          }
        }
      case "items":
        for (index, entry) in value.entries.enumerated() {
          found += problems(entry, rule, in: document, at: "\(place)[\(index)]")
        }
      case "minItems", "maxItems":
        guard case .array(let entries) = value, case .number(let limit) = rule else { continue }
        let count = Double(entries.count)
        let isWrong = keyword == "minItems" ? count < limit : count > limit
        if isWrong {
          found.append("\(place): \(entries.count) entries, \(keyword) is \(Int(limit))")
        }
      case "properties", "additionalProperties": continue
      default: found.append("\(place): the keyword \(keyword) is not known here")
      }
    }
    return found + memberProblems(value, schema, in: document, at: place)
  }

  /// Members that a schema names, and what it says of the others.
  private func memberProblems(
    _ value: JSONTree, _ schema: JSONTree, in document: JSONTree, at place: String
  ) -> [String] {
    let named = schema.members["properties"]?.members ?? [:]
    let others = schema.members["additionalProperties"]
    // What says no more of a value than what it is for leaves it open.
    let says = ["$ref", "oneOf", "enum", "items", "properties", "additionalProperties"]
    if !says.contains(where: { schema.members[$0] != nil }) {
      return Self.looseProblems(value, at: place)
    }
    var found: [String] = []
    for (name, member) in value.members {
      let inner = "\(place).\(name)"
      if let rule = named[name] {
        found += problems(member, rule, in: document, at: inner)
        if !Self.isCamelCase(name) { found.append("\(inner): is not camelCase") }
      } else if others == JSONTree.bool(false) {
        found.append("\(inner): not in the schema")
      } else if let others {
        // The names of a map are data.
        found += problems(member, others, in: document, at: inner)
      }
    }
    return found
  }

  /// Names within what a schema leaves open.
  private static func looseProblems(_ value: JSONTree, at place: String) -> [String] {
    value.members.flatMap { name, member in
      (isCamelCase(name) ? [] : ["\(place).\(name): is not camelCase"])
        + looseProblems(member, at: "\(place).\(name)")
    } + value.entries.flatMap { looseProblems($0, at: place + "[]") }
  }

  private static func isOf(_ type: String, _ value: JSONTree) -> Bool {
    if type == "integer", case .number(let number) = value { return number == number.rounded() }
    return type == value.typeName
  }

  private func resolve(_ reference: String, in document: JSONTree) -> (JSONTree, JSONTree)? {
    let parts = reference.split(separator: "#", omittingEmptySubsequences: false)
    guard let target = parts[0].isEmpty ? document : byID[String(parts[0])] else { return nil }
    guard parts.count > 1, !parts[1].isEmpty else { return (target, target) }
    var place = target
    for step in parts[1].split(separator: "/") {
      guard let next = place.members[String(step)] else { return nil }
      place = next
    }
    return (place, target)
  }
}
