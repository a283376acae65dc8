import Foundation
import Testing

@testable import UnitNumber

struct StaircaseFitTests {
  /// A scan of units with hardly any relative spread: one level for each unit.
  static func staircase(sizes: [Double], noise: Double) -> CMAPScan {
    var random = SyntheticScan.Congruential(5)
    let total = sizes.reduce(0, +)
    var stimuli = [Double](repeating: 12, count: 20)
    var responses = stimuli.map { _ in total + noise * random.nearlyNormal() }
    for index in 0..<400 {
      let stimulus = 11 - 0.02 * Double(index)
      let firing = sizes.enumerated().filter { unit in
        stimulus > 3.5 + 7 * Double(unit.offset) / Double(sizes.count)
      }
      stimuli.append(stimulus)
      responses.append(
        firing.reduce(0) { $0 + $1.element } + noise * random.nearlyNormal())
    }
    for index in 0..<20 {
      stimuli.append(2.9 - 0.001 * Double(index))
      responses.append(noise * random.nearlyNormal())
    }
    return CMAPScan(name: "staircase", stimulusMilliamps: stimuli, responseMillivolts: responses)
  }

  @Test("a clean staircase has as many steps as units", arguments: [3, 7, 12])
  func steps(count: Int) throws {
    let sizes = (0..<count).map { 0.2 + 0.05 * Double($0 % 3) }
    let fit = try StaircaseFit(Self.staircase(sizes: sizes, noise: 0.003))
    #expect(fit.isComplete)
    #expect(abs(fit.unitCount - Double(count)) <= 1, "\(fit.unitCount)")
  }

  @Test("no more steps than allowed")
  func limit() throws {
    let sizes = [Double](repeating: 0.3, count: 9)
    let fit = try StaircaseFit(Self.staircase(sizes: sizes, noise: 0.003), maximumSteps: 4)
    #expect(fit.unitCount == 4 && !fit.isComplete)
  }
}
