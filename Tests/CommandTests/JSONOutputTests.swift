import Foundation
import TestSupport
import Testing

@Suite("JSON keeps to its schemas")
struct JSONOutputTests {
  /// Commands of the web application, which another program answers: its tests check them.
  private static let ofTheViewer = ["serve", "user"]

  @Test func everyCommandWithJSONHasASchemaOfItsName() throws {
    let schemas = try JSONSchemas.project.get()
    let commands = try JSONContract.commands.get()
    #expect(commands.count > 45)
    for path in commands {
      let name = path.joined(separator: "-")
      #expect(schemas.byName[name] != nil, "docs/schema/\(name).json is missing")
    }
  }

  @Test func schemasNameThemselvesAndTheirUnits() throws {
    let page = try String(
      contentsOf: SharedData.packageFolder.appendingPathComponent("docs/formats-out.md"),
      encoding: .utf8)
    let commands = Set(try JSONContract.commands.get().map { $0.joined(separator: "-") })
    for (name, schema) in try JSONSchemas.project.get().byName {
      #expect(
        schema.members["$id"]?.text?.wholeMatch(of: #/urn:motorpool:schema:[a-z-]+:\d+\.\d+/#)
          != nil, "\(name)")
      #expect(schema.members["$id"]?.text?.contains(":\(name):") == true)
      #expect(schema.members["title"]?.text?.isEmpty == false, "\(name)")
      #expect(commands.contains(name) || page.contains("`\(name)`"), "\(name) is not in the page")
      checkMembers(schema, name)
    }
  }

  /// Every member of every object is in camelCase and says what it is.
  private func checkMembers(_ schema: JSONTree, _ place: String) {
    for (name, member) in schema.members["properties"]?.members ?? [:] {
      #expect(JSONSchemas.isCamelCase(name), "\(place): \(name)")
      #expect(
        (member.members["description"]?.text?.count ?? 0) > 3, "\(place): \(name) is not described")
      checkMembers(member, "\(place).\(name)")
    }
    for keyword in ["items", "additionalProperties"] {
      if let inner = schema.members[keyword] { checkMembers(inner, place) }
    }
    for inner in schema.members["oneOf"]?.entries ?? [] { checkMembers(inner, place) }
    for inner in (schema.members["$defs"]?.members ?? [:]).values { checkMembers(inner, place) }
  }

  @Test func everyCommandKeepsToItsSchema() throws {
    let folder = try CommandFolder()
    var calls = JSONCalls(folder: folder)
    try calls.recordings()
    try calls.batches()
    try calls.unitNumbers()
    try calls.patients()
    try calls.registry()
    try calls.trends()
    let all = Set(
      try JSONContract.commands.get().filter { !Self.ofTheViewer.contains($0[0]) }
        .map { $0.joined(separator: "-") })
    #expect(all.subtracting(calls.done).sorted() == [], "commands without a call here")
    #expect(calls.done.subtracting(all).sorted() == [])
    try calls.checkFiles()
  }
}
