import Testing

@testable import Reports

struct JSONValueTests {
  @Test func textsAreEscaped() {
    #expect(JSONValue.string("a\"\\\n\u{1}é").compactText() == "\"a\\\"\\\\\\n\\u0001é\"")
    #expect(JSONValue.number(.nan).compactText() == "null")
    #expect(JSONValue.array([]).text() == "[]")
    #expect(JSONValue.object([]).text() == "{}")
  }

  @Test func anyEncodableBecomesAValue() throws {
    struct Configuration: Codable {
      var window = 2.5
      var rounds = 6
      var names = ["a"]
      var isOn = true
    }
    let value = try JSONValue(encoding: Configuration())
    #expect(value.compactText() == "{\"isOn\":true,\"names\":[\"a\"],\"rounds\":6,\"window\":2.5}")
  }
}
