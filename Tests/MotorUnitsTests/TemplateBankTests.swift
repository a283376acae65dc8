import Decomposition
import Foundation
import Testing

@testable import MotorUnits

@Suite struct TemplateBankTests {
  @Test(arguments: [1_000.0, 2_048, 4_096])
  func aRateIsBroughtToAnother(source: Double) {
    let length = Int(0.04 * source)
    func pulse(_ seconds: Double) -> Double {
      let u = seconds / 0.003
      return (1 - u * u) * exp(-u * u / 2)
    }
    let values = (0..<length).map { Float(pulse(Double($0 - length / 2) / source)) }
    let unit = TrackedTemplate(
      unit: "a",
      template: MUAPTemplate(
        channels: [values, []], samplingRate: source, origin: length / 2))
    let bank = TemplateBank([unit], rate: 1_000, duration: 0.03)
    #expect(bank.channels == [0] && bank.length == 30)
    for index in 0..<30 {
      let expected = pulse(Double(index - 15) / 1_000)
      #expect(abs(Double(bank.values[index]) - expected) < 0.02)
    }
  }
}
