import Foundation
import Testing

@testable import Decomposition

@Suite struct ArrayConfigurationTests {
  /// A stored configuration in which every value differs from its default.
  private func changed() throws -> [String: Any] {
    var configuration = ArrayConfiguration()
    configuration.lowEdge = 30
    configuration.highEdge = 400
    configuration.templateDuration = 0.03
    let data = try JSONEncoder().encode(configuration)
    var values = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    for (key, value) in values {
      if key == "electrodes" {
        values[key] = "intramuscular"
      } else if key == "effort" {
        values[key] = "thorough"
      } else if ["removesLineNoise", "followsDrift", "mendsArtefacts"].contains(key) {
        values[key] = false
      } else if let number = value as? NSNumber {
        values[key] = number.doubleValue * 2
      }
    }
    return values
  }

  private func decoded(_ values: [String: Any]) throws -> ArrayConfiguration {
    try JSONDecoder().decode(
      ArrayConfiguration.self, from: JSONSerialization.data(withJSONObject: values))
  }

  private func stored(_ configuration: ArrayConfiguration) throws -> [String: Any] {
    let data = try JSONEncoder().encode(configuration)
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// Whether two values of JSON are the same, however the number is stored.
  private func isSame(_ first: Any?, _ second: Any?) -> Bool {
    if let first = first as? NSNumber, let second = second as? NSNumber {
      return first.doubleValue == second.doubleValue
    }
    return first as? String == second as? String
  }

  @Test func everyValueIsReadBack() throws {
    let values = try changed()
    let again = try stored(decoded(values))
    #expect(Set(again.keys) == Set(values.keys))
    for (key, value) in values { #expect(isSame(again[key], value), "\(key)") }
  }

  @Test func whatIsMissingTakesItsDefault() throws {
    let values = try changed()
    let usual = try stored(ArrayConfiguration())
    for key in values.keys.sorted() {
      var older = values
      older[key] = nil
      let again = try stored(decoded(older))
      for (other, value) in older {
        #expect(isSame(again[other], value), "\(other) changed without \(key)")
      }
      #expect(isSame(again[key], usual[key]), "\(key)")
    }
    #expect(try decoded([:]) == ArrayConfiguration())
  }

  @Test func anotherTypeIsAnError() {
    #expect(throws: DecodingError.self) { _ = try decoded(["iterations": "many"]) }
    #expect(throws: DecodingError.self) { _ = try decoded(["electrodes": "elsewhere"]) }
  }
}
