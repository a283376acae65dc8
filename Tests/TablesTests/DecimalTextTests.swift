import Testing

@testable import Tables

@Suite struct DecimalTextTests {
  @Test(arguments: [
    "0", "-0", "1", "-1.5", "+2.25", "123456789012345678901234567890", "0.1", "1e-7", "1E+5",
    "-1.795987e-05", "2.2250738585072014e-308", "9007199254740993", "0.000000000000000000000001",
    "3.4028235e38", ".5", "5.",
  ])
  func agreesWithTheStandardLibrary(_ text: String) throws {
    let value = try #require(DecimalText(acceptsComma: false).number(Array(text.utf8)[...]))
    let expected = try #require(Double(text.hasSuffix(".") ? text + "0" : text))
    #expect(abs(value - expected) <= abs(expected) * 4.5e-16)
    #expect(Float(value) == Float(expected))
  }

  @Test func commasCountWhereTheyAreAccepted() {
    #expect(DecimalText(acceptsComma: true).number(Array("-1,25".utf8)[...]) == -1.25)
    #expect(DecimalText(acceptsComma: false).number(Array("-1,25".utf8)[...]) == nil)
  }

  @Test(arguments: ["", "-", ".", "e5", "1e", "1e5x", "1 2", "abc", "1.2.3"])
  func otherTextIsNoNumber(_ text: String) {
    #expect(DecimalText(acceptsComma: true).number(Array(text.utf8)[...]) == nil)
  }
}
