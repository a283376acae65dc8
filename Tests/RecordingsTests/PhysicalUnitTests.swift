import Foundation
import Testing

@testable import Recordings

@Suite struct PhysicalUnitTests {
  @Test(arguments: [
    ("uV", 1.0), ("µV", 1), ("μV", 1), ("mV", 1000), ("mv", 1000), ("V", 1e6), ("nV", 1e-3),
    ("microV", 1), (" Volts ", 1e6),
  ])
  func voltagesBecomeMicrovolts(_ text: String, _ factor: Double) {
    #expect(PhysicalUnit.parse(text)?.unit == .microvolt)
    #expect(PhysicalUnit.parse(text)?.factor == factor)
  }

  @Test func readsOtherUnits() {
    #expect(PhysicalUnit.parse("%(MVC)")?.unit == .percentMVC)
    #expect(PhysicalUnit.parse("kN")?.factor == 1000)
    #expect(PhysicalUnit.parse("Nm")?.unit == .newtonMetre)
    #expect(PhysicalUnit.parse("°/s")?.unit == .other("°/s"))
    #expect(PhysicalUnit.parse("a.u")?.unit == .relative)
    #expect(PhysicalUnit.parse("n/a") == nil)
    #expect(PhysicalUnit.parse("") == nil)
  }

  @Test func codesAsItsSymbol() throws {
    let units: [PhysicalUnit] = [
      .microvolt, .newton, .newtonMetre, .percentMVC, .degree, .standardGravity, .second,
      .dimensionless, .relative, .other("°/s"),
    ]
    let text = try JSONEncoder().encode(units)
    #expect(try JSONDecoder().decode([PhysicalUnit].self, from: text) == units)
  }
}
