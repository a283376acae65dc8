import Foundation
import Signal
import Testing

@testable import UnitNumber

struct ScanWeightsTests {
  @Test("the built-in weights say what they were trained on, and survive writing and reading")
  func roundTrip() throws {
    let weights = try ScanWeights.builtIn()
    let data = try weights.encoded()
    #expect(data.count < 2_000_000)
    let again = try ScanWeights(data: data, source: "copy")
    #expect(again.ensemble == weights.ensemble)
    #expect(again.description.command.contains("--seed"))
    #expect(weights.description.scanCount >= 10_000)
    #expect(try CMAPScanEstimator().trainingDescription.contains("simulated scans"))
  }

  @Test("damage is refused, at every length and for foreign headers")
  func damage() throws {
    let data = try ScanWeights.builtIn().encoded()
    for count in [0, 1, 20, 2000, data.count - 1] {
      #expect(throws: UnitNumberError.self) {
        try ScanWeights(data: data.prefix(count), source: "cut")
      }
    }
    #expect(throws: UnitNumberError.self) {
      try ScanWeights(data: Data("{\"format\":\"x\"}\n".utf8), source: "other")
    }
  }

  @Test("one layer, activation and linear path in closed form")
  func network() {
    let hidden = ScanNetwork.Layer(inputs: 2, outputs: 1, weights: [1, -2], biases: [0.5])
    let last = ScanNetwork.Layer(inputs: 1, outputs: 2, weights: [3, 0], biases: [0, 1])
    let skip = ScanNetwork.Layer(
      inputs: 2, outputs: 2, weights: [0.1, 0, 0, 0.2], biases: [0, 0])
    let result = ScanNetwork(layers: [hidden, last], skip: skip).outputs([2, 0.25])
    // Hidden sum 2, SiLU(2) = 1.761594.
    #expect(abs(result[0] - (3 * 1.761_594_2 + 0.2)) < 1e-5)
    #expect(abs(result[1] - 1.05) < 1e-6)
  }
}
