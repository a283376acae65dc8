import Foundation

@testable import UnitNumber

/// Scans from a linear congruential generator, simple enough to repeat in any language.
enum SyntheticScan {
  static let unitCounts = [3, 5, 8, 12, 20, 40, 70, 100, 150, 200, 6, 30]
  static let noise = [0.001, 0.01, 0.05, 0.005, 0.001, 0.01, 0.05, 0.02, 0.005, 0.001, 0.05, 0.1]

  struct Congruential {
    var state: UInt64

    init(_ number: Int) { state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }

    /// The sum of twelve uniform numbers less 6: nearly normal.
    mutating func nearlyNormal() -> Double {
      var sum = -6.0
      for _ in 0..<12 { sum += uniform() }
      return sum
    }
  }

  static func scan(_ number: Int) -> CMAPScan {
    var random = Congruential(number + 1)
    let count = unitCounts[number]
    var threshold: [Double] = []
    var amplitude: [Double] = []
    for _ in 0..<count {
      let sum = random.uniform() + random.uniform() + random.uniform()
      threshold.append(10 * (1 + 0.15 * (sum - 1.5)))
      amplitude.append(0.06 * (0.2 - log(1 - random.uniform())))
    }
    let high = (threshold.max() ?? 0) * 1.07
    let low = (threshold.min() ?? 0) * 0.93
    var stimuli: [Double] = []
    var responses: [Double] = []
    for index in 0..<512 {
      var stimulus = high * 1.04
      if index >= 500 {
        stimulus = low * (1 - 0.001 * Double(index - 499))
      } else if index >= 20 {
        stimulus = high + (low - high) * Double(index - 20) / 479
      }
      var response = 0.0
      for unit in 0..<count {
        let z = 1.702 * (stimulus / threshold[unit] - 1) / 0.02
        if random.uniform() < 1 / (1 + exp(-z)) { response += amplitude[unit] }
      }
      response *= 1 + 0.0005 * random.nearlyNormal()
      response += noise[number] * random.nearlyNormal()
      if number % 3 == 1 { response = floor(response * 500 + 0.5) / 500 }
      stimuli.append(stimulus)
      responses.append(response)
    }
    let stated = number % 2 == 0
    return CMAPScan(
      name: "synthetic-\(number)", stimulusMilliamps: stimuli, responseMillivolts: responses,
      preScanCount: stated ? 20 : nil, postScanCount: stated ? 12 : nil)
  }
}
