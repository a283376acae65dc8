import Foundation
import Signal
import Testing

@testable import UnitNumber

struct GainStepTests {
  private static func stepped(_ scan: CMAPScan, from place: Int, gain: Double) -> CMAPScan {
    var scan = scan
    for index in place..<scan.responseMillivolts.count { scan.responseMillivolts[index] *= gain }
    return scan
  }

  private static func mended(_ estimate: CMAPScanEstimate) -> ScanCleaningReport.Finding? {
    estimate.cleaning.findings.first { $0.fault == .movement && $0.isMended }
  }

  @Test("a gain that drops at once is found where it is, in part of the scans, and taken out")
  func drop() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    var found = 0
    for number in [3, 6, 8] {
      let scan = SyntheticScan.scan(number)
      let before = try estimator.estimate(scan)
      for place in [120, 180, 240, 300] {
        let after = try estimator.estimate(Self.stepped(scan, from: place, gain: 0.8))
        guard let finding = Self.mended(after) else { continue }
        found += 1
        let label = Comment(rawValue: "scan \(number), place \(place)")
        #expect(abs(scan.responseMillivolts.count - finding.count - place) <= 2, label)
        #expect(after.flags.contains { $0.kind == .movement }, label)
        #expect(abs(log(after.unitCount / before.unitCount)) < 0.2, label)
        #expect(after.cleaning.addedLogError >= 0.05, label)
      }
    }
    // Where units alternate densely around it a drop stays hidden.
    #expect(found >= 4, "\(found) of 12")
  }

  @Test("steps of units are none: scans without a change are left as they are")
  func units() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    for number in SyntheticScan.unitCounts.indices {
      let found = Self.mended(try estimator.estimate(SyntheticScan.scan(number)))
      #expect(found == nil, "scan \(number)")
    }
  }

  @Test("evidence above what a scan can give leaves a step where it is")
  func settings() throws {
    var configuration = ScanConfiguration()
    configuration.readsFewUnits = false
    configuration.cleaning.stepEvidence = 1000
    configuration.cleaning.clearStepEvidence = 1000
    let scan = Self.stepped(SyntheticScan.scan(8), from: 300, gain: 0.8)
    #expect(Self.mended(try CMAPScanEstimator(configuration: configuration).estimate(scan)) == nil)
  }

  @Test("the fit finds a jump beside a unit that alternates, and prefers it to none")
  func fit() {
    var random = SeededGenerator(seed: 4, stream: 1)
    let values = (0..<40).map { index in
      (index < 20 ? 0.5 : 0.4) + (random.uniform() < 0.5 ? 0.08 : 0) + 0.004 * random.normal()
    }
    let step = AlternationFit(
      values, happened: (0..<40).map { $0 < 20 ? 0 : 1 }, jump: -0.1, size: 0.08, noise: 0.002)
    let none = AlternationFit(
      values, happened: [Double](repeating: 0, count: 40), jump: 0, size: 0.1, noise: 0.002)
    #expect(abs(step.after - step.before + 0.1) < 0.005)
    #expect(step.logLikelihood > none.logLikelihood + 15)
  }
}
