import Foundation
import Testing

@testable import UnitNumber

struct ScanCurveTests {
  /// A staircase of five equal units without noise, one of them alternating.
  static func staircase() -> CMAPScan {
    var stimuli = [Double](repeating: 22, count: 20)
    var responses = [Double](repeating: 5, count: 20)
    for index in 0..<300 {
      let stimulus = 21 - 11 * Double(index) / 299
      stimuli.append(stimulus)
      // Thresholds at 20, 18, 16, 14 and 12 mA.
      // Whole numbers alone would count as a file resolution of one unit: add a little.
      let firing = (0..<5).count { stimulus >= 20 - 2 * Double($0) }
      responses.append(Double(firing) + 0.001 * Double(index % 3))
    }
    // A returner: the unit of 16 mA answers once more.
    let returner = stimuli.lastIndex { $0 < 15.9 && $0 > 15.8 } ?? 0
    responses[returner] += 1
    return CMAPScan(
      stimulusMilliamps: stimuli, responseMillivolts: responses, preScanCount: 20,
      postScanCount: 20)
  }

  @Test("five equal steps: D50, STEP %, returners and thresholds by hand")
  func staircaseValues() throws {
    let curve = ScanCurve(try PreparedScan(Self.staircase()))
    #expect(curve.d50 == 3)
    #expect(curve.stepCount == 5)
    #expect(abs(curve.stepPercent - 100) < 0.5)
    #expect(abs(curve.largestStepPercent - 20) < 0.1)
    #expect(curve.returnerCount == 1)
    #expect(abs(curve.thresholdsMilliamps[1] - 16) < 0.4)
    #expect((40...60).contains(curve.thresholdSpreadPercent))
  }
}
