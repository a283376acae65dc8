import Testing

@testable import UnitNumber

@Suite("What a drawing of a scan shows")
struct ScanOverlayTests {
  /// Two units of 2 and 3 mV with sharp thresholds at 10 and 8 mA.
  @Test func twoStepsAreMarkedAtTheirLowerLevels() throws {
    let stimuli = [Double](repeating: 14, count: 10) + (0..<80).map { 13 - 0.1 * Double($0) }
    // Without noise the resolution of the responses would be taken for the size of the steps.
    let responses = stimuli.enumerated().map { index, stimulus in
      (stimulus >= 10 ? 2.0 : 0) + (stimulus >= 8 ? 3.0 : 0) + 0.001 * Double(index * 7 % 5)
    }
    let overlay = try ScanOverlay(
      CMAPScan(stimulusMilliamps: stimuli, responseMillivolts: responses))
    #expect(overlay.stepLevelsMillivolts.count == 2)
    #expect(abs(overlay.stepLevelsMillivolts[0]) < 0.01)
    #expect(abs(overlay.stepLevelsMillivolts[1] - 3) < 0.01)
    let points = zip(overlay.stimulusMilliamps, overlay.meanMillivolts)
    #expect(overlay.stimulusMilliamps == overlay.stimulusMilliamps.sorted())
    for (stimulus, mean) in points where abs(stimulus - 9) < 0.3 {
      #expect(abs(mean - 3) < 0.01)
    }
    let thin = overlay.meanCurve(points: 20)
    #expect(thin.stimulusMilliamps.count == thin.responseMillivolts.count)
    #expect((20...25).contains(thin.stimulusMilliamps.count))
    #expect(thin.stimulusMilliamps.last == overlay.stimulusMilliamps.last)
  }
}
