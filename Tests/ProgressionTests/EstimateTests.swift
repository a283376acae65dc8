import Foundation
import Progression
import Testing

@Suite struct EstimateTests {
  @Test func whatIsNotDefinedIsLeftOutOfJSON() throws {
    let undefined = Estimate(value: 0.5, standardError: .nan, degreesOfFreedom: 3)
    let data = try JSONEncoder().encode(undefined)
    let text = String(decoding: data, as: UTF8.self)
    #expect(!text.contains("standardError") && !text.contains("lower") && text.contains("0.5"))
    let read = try JSONDecoder().decode(Estimate.self, from: data)
    #expect(read.value == 0.5 && read.standardError.isNaN && read.degreesOfFreedom == 3)
  }

  @Test func definedEstimatesAreReadBack() throws {
    for degrees in [12.5, .infinity] {
      let estimate = Estimate(value: 0.5, standardError: 0.2, degreesOfFreedom: degrees)
      let data = try JSONEncoder().encode(estimate)
      #expect(try JSONDecoder().decode(Estimate.self, from: data) == estimate)
    }
  }
}
