import Foundation
import Testing

@testable import Reports

struct NumberTextTests {
  @Test(arguments: [
    (0.04, "0"), (0.05, ".1"), (-0.5, "-.5"), (12.0, "12"), (-3.25, "-3.3"), (.nan, "0"),
  ])
  func coordinatesAreShort(value: Double, text: String) {
    #expect(NumberText.coordinate(value) == text)
  }

  @Test func fixedNumbersCarryATrueMinus() {
    #expect(NumberText.fixed(-1.25, 1) == "−1.2")
    #expect(NumberText.fixed(-0.04, 1) == "0.0")
    #expect(NumberText.fixed(.infinity, 1) == "–")
    #expect(NumberText.fixed(2, 0) == "2")
  }

  @Test func changesShowTheirSign() {
    #expect(NumberText.signed(3.04, 1) == "+3.0")
    #expect(NumberText.signed(0.01, 1) == "0.0")
    #expect(NumberText.signed(-3.04, 1) == "−3.0")
    #expect(NumberText.signed(.nan, 1) == "–")
  }

  @Test(arguments: [
    (1234.5, "1234"), (0.012345, "0.0123"), (100, "100"), (0, "0"), (2e-7, "2×10⁻⁷"),
    (-1.5e9, "−1.5×10⁹"),
  ])
  func significantDigits(value: Double, text: String) {
    #expect(NumberText.significant(value, 3) == text)
  }

  @Test func countsAreGroupedFromFiveDigitsOn() {
    #expect(NumberText.count(9999) == "9999")
    #expect(NumberText.count(31223) == "31\u{202F}223")
    #expect(NumberText.count(1_234_567) == "1\u{202F}234\u{202F}567")
    #expect(NumberText.count(-12345) == "−12\u{202F}345")
  }

  @Test func pValues() {
    #expect(NumberText.pValue(0.0004) == "p\u{00A0}<\u{00A0}0.001")
    #expect(NumberText.pValue(0.0184) == "p\u{00A0}=\u{00A0}0.018")
    #expect(NumberText.pValue(0.25) == "p\u{00A0}=\u{00A0}0.25")
    #expect(NumberText.pValue(0.25, isBare: true) == "0.25")
    #expect(NumberText.pValue(.nan) == "p not available")
  }

  @Test func powersOfTen() {
    #expect(NumberText.power(1e6) == "10⁶")
    #expect(NumberText.power(2e-7) == "2×10⁻⁷")
    #expect(NumberText.power(9.96e3) == "10⁴")
    #expect(NumberText.power(-1) == "–")
  }

  @Test func machineNumbersReadBack() {
    for value in [0.1, -1e-9, 12345678.9, 3, 1e20, .pi] {
      #expect(NumberText.machine(value).flatMap(Double.init) == value)
    }
    #expect(NumberText.machine(.nan) == nil)
  }

  /// The quick way to fixed decimals writes what C's format does, or leaves the number to it.
  @Test func fixedDecimalsAreThoseOfC() {
    var state: UInt64 = 9
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    var quick = 0
    for k in 0..<20_000 {
      let size = pow(10, 14 * next() - 6)
      // Every other number has few decimals, so that ties occur.
      let value = (next() - 0.5) * size
      let number = k % 2 == 0 ? value : (value * 1_000).rounded() / 1_000
      for decimals in [0, 1, 2, 3, 6, 9] {
        let expected = String(format: "%.\(decimals)f", number)
        #expect(FixedTextKernel.text(number, decimals) == expected)
        if FixedTextKernel.quickText(number, decimals) != nil { quick += 1 }
      }
    }
    #expect(quick > 50_000 && quick < 120_000)
    for number in [0.0, -0.0, 0.5, 1.5, 2.5, -0.125, 1e9, 1e300, .infinity, -0.0004] {
      for decimals in 0...4 {
        #expect(
          FixedTextKernel.text(number, decimals) == String(format: "%.\(decimals)f", number))
      }
    }
  }

  @Test func oneColumnHasOneNumberOfDecimals() {
    #expect(NumberText.column([28, 30.45, 9.5], 4) == ["28.00", "30.45", "9.50"])
    #expect(NumberText.column([120.36, 99.2], 4) == ["120.4", "99.2"])
    #expect(NumberText.column([44, 43, 9], 4) == ["44", "43", "9"])
    #expect(NumberText.column([1_234.6, 0.02], 4) == ["1235", "0.02"])
    #expect(NumberText.column([0, .nan], 4) == ["0", "–"])
  }
}
