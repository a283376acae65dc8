import TestSupport
import Testing

@Suite("A check of JSON against schemas")
struct JSONSchemasTests {
  private static let schemas = Result {
    JSONSchemas([
      "whole": try JSONTree.reading(
        """
        {"$id": "urn:x:whole:1.0", "type": "object", "properties": {
          "count": {"type": "integer"}, "name": {"type": ["string", "null"]},
          "kind": {"enum": ["a", 2]}, "pair": {"type": "array", "items": {"type": "number"},
            "minItems": 2, "maxItems": 2},
          "part": {"$ref": "#/$defs/part"}, "map": {"type": "object",
            "additionalProperties": {"type": "integer"}}, "open": {"type": "object"}},
         "required": ["count"], "additionalProperties": false,
         "$defs": {"part": {"oneOf": [{"type": "boolean"}, {"type": "number"}]}}}
        """),
      "other": try JSONTree.reading(
        """
        {"$id": "urn:x:other:1.0", "type": "array", "items": {"$ref": "urn:x:whole:1.0"}}
        """),
      "strange": try JSONTree.reading(#"{"type": "integer", "minimum": 3}"#),
    ])
  }

  private func problems(_ text: String, _ schema: String = "whole") throws -> [String] {
    try Self.schemas.get().problems(try JSONTree.reading(text), schema: schema)
  }

  @Test(arguments: [
    #"{"count": 3}"#, #"{"count": 3.0, "name": null, "kind": 2, "pair": [1, 2.5]}"#,
    #"{"count": 0, "part": true, "map": {"data of_any name": 3}, "open": {"aB": [{"cD": 1}]}}"#,
  ])
  func whatFitsHasNoProblem(_ text: String) throws {
    #expect(try problems(text) == [])
    #expect(try problems("[\(text)]", "other") == [])
  }

  @Test(arguments: [
    ("{}", "count is missing"), (#"{"count": 3.5}"#, "number, expected integer"),
    (#"{"count": true}"#, "boolean, expected integer"),
    (#"{"count": 3, "more": 1}"#, "$.more: not in the schema"),
    (#"{"count": 3, "kind": "b"}"#, "is not in the list"),
    (#"{"count": 3, "pair": [1]}"#, "minItems is 2"),
    (#"{"count": 3, "pair": [1, "2"]}"#, "$.pair[1]: string, expected number"),
    (#"{"count": 3, "part": "x"}"#, "fits 0 of 2"),
    (#"{"count": 3, "map": {"x": "y"}}"#, "$.map.x: string"),
    (#"{"count": 3, "open": {"a_b": 1}}"#, "$.open.a_b: is not camelCase"),
    (#"{"count": 3, "open": {"x": [{"Unit": 1}]}}"#, "is not camelCase"), ("[]", "array, expected"),
  ])
  func whatDoesNotFitIsTold(_ text: String, _ problem: String) throws {
    let found = try problems(text)
    #expect(found.contains { $0.contains(problem) }, "\(found)")
    #expect(try problems("[\(text)]", "other").isEmpty == false)
  }

  @Test func unknownKeywordsAndSchemasAreProblems() throws {
    #expect(try problems("5", "strange").first?.contains("minimum") == true)
    #expect(try problems("5", "none") == ["there is no schema none"])
  }
}
