import Foundation
import Signal
import Testing

@testable import Analyses

/// The bytes of Foundation's encoder, member by member.
@Suite struct JSONTextTests {
  private static func foundation(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  private struct Empty: Encodable {
    func encode(to encoder: any Encoder) {}
  }

  /// Members in an order of their own, of every kind.
  private struct Everything: Encodable {
    var value = 0.1
    var lower = -1.5e-300
    var slopeSD = 123_456_789_012_345_680.0
    var a10 = 3
    var a9 = Int64.min
    var text = "µV/s \u{7f}\u{1}\u{1f}\u{8}\u{c}\n\r\t\"\\/ é 😀 \u{2028}"
    var é = true
    var absent: Double?
    var present: Double? = 2
    var none: [Int] = []
    var lists: [[Double]] = [[1, 2.5], [], [-0.0, .nan, .infinity, -.infinity]]
    var names = ["x": 1e16, "X": 1e15, "": 5e-324, "é": 1, "_b": 2, "Zz": 3, "a10": 4, "a9": 5]
    var numbers = [3: "c", 20: "b"]
    var pairs: [Double: Int] = [0.5: 1]
    var big = UInt64.max
    var small = [Int8(-8), 7]
    var float = Float(0.1)
    var date = Date(timeIntervalSince1970: 1_800_000_000)
    var place = URL(fileURLWithPath: "/a/b")
    var bytes = Data([1, 2, 3])
    var empty = Empty()
    var gaps: [Double?] = [nil, 1]
    var texts: [String?] = ["a", nil]
  }

  /// Containers within containers, written in turns, a name twice and a base class's encoder.
  private struct Nested: Encodable {
    enum Key: String, CodingKey { case outer, list, again, zero }

    func encode(to encoder: any Encoder) throws {
      var own = encoder.container(keyedBy: Key.self)
      var outer = own.nestedContainer(keyedBy: Key.self, forKey: .outer)
      var list = own.nestedUnkeyedContainer(forKey: .list)
      try outer.encode(1, forKey: .again)
      try list.encode("first")
      try outer.encode([true], forKey: .zero)
      var inner = list.nestedContainer(keyedBy: Key.self)
      try inner.encodeNil(forKey: .zero)
      try own.encode(1, forKey: .again)
      try own.encode(2, forKey: .again)
      try Empty().encode(to: own.superEncoder(forKey: .zero))
      var second = encoder.container(keyedBy: Key.self)
      try second.encode("more", forKey: .zero)
    }
  }

  @Test func everyKindOfValue() throws {
    #expect(try JSONText.of(Everything()) == Self.foundation(Everything()))
    #expect(
      try JSONText.of([Everything(), Everything()])
        == Self.foundation([Everything(), Everything()]))
    #expect(try JSONText.of(Nested()) == Self.foundation(Nested()))
    #expect(try JSONText.of([Empty()]) == Self.foundation([Empty()]))
    #expect(try JSONText.of("text") == Self.foundation("text"))
    #expect(try JSONText.of([Int]()) == Self.foundation([Int]()))
  }

  /// Numbers of all magnitudes by their bits.
  @Test func numbersOfAllMagnitudes() throws {
    var random = SeededGenerator(seed: 11)
    let values = (0..<4_000).map { k -> Double in
      let x = Double(bitPattern: random.next())
      return k % 2 == 0 ? x : Double(Int(truncatingIfNeeded: random.next() >> 40)) / 1_000
    }
    #expect(try JSONText.of(values) == Self.foundation(values))
  }
}
