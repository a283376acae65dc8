import Foundation
import Testing

@testable import UnitNumber

struct ScanCleaningTests {
  /// A scan of 100 units with 20 uV or 150 with 5 uV, without stated parts.
  private static func scan(_ number: Int) -> CMAPScan {
    var scan = SyntheticScan.scan(number)
    (scan.preScanCount, scan.postScanCount) = (nil, nil)
    return scan
  }

  private static func count(
    _ fault: ScanCleaningReport.Fault, _ report: ScanCleaningReport
  ) -> Int {
    report.findings.filter { $0.fault == fault }.reduce(0) { $0 + $1.count }
  }

  @Test("a clean scan is returned as it is, stated parts and all")
  func clean() throws {
    for number in [2, 6, 8] {
      let scan = SyntheticScan.scan(number)
      let (cleaned, report) = try ScanCleaning.clean(scan)
      #expect(cleaned == scan && report.findings.isEmpty && report.refusal == nil, "\(number)")
      #expect(report.addedLogError == 0)
    }
  }

  @Test("missed stimuli are found where they are, and the estimate is as without them")
  func missed() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    var scan = Self.scan(8)
    let before = try estimator.estimate(scan)
    let places = [5, 60, 110, 160, 200, 233, 260]
    for place in places { scan.responseMillivolts[place] = 0.002 }
    let after = try estimator.estimate(scan)
    let removed = after.cleaning.removed.filter { $0.fault == .missedStimulus }
    #expect(removed.map { $0.number - 1 } == places)
    #expect(removed.allSatisfy { $0.responseMillivolts == 0.002 })
    #expect(abs(log(after.unitCount / before.unitCount)) < 0.06)
    let untouched = try estimator.uncleanedEstimate(scan)
    #expect(untouched.unitCount < 0.85 * before.unitCount, "the fault has to matter")
  }

  @Test("a unit that alternates is never taken for missed stimuli")
  func alternation() throws {
    for number in [0, 1, 2] {
      let (_, report) = try ScanCleaning.clean(Self.scan(number))
      #expect(Self.count(.missedStimulus, report) + Self.count(.outlier, report) <= 1)
    }
  }

  @Test("spikes are left out and widen the interval a little")
  func spikes() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    var scan = Self.scan(8)
    let before = try estimator.estimate(scan)
    for (place, sign) in [(90, 1.0), (150, -1), (190, 1), (240, 1), (280, -1)] {
      scan.responseMillivolts[place] += sign * 0.2 * before.cmapMillivolts
    }
    let after = try estimator.estimate(scan)
    #expect(Self.count(.outlier, after.cleaning) >= 4)
    #expect(abs(log(after.unitCount / before.unitCount)) < 0.15)
    #expect(after.interval90[1] / after.interval90[0] > before.interval90[1] / before.interval90[0])
  }

  @Test("rounded stimuli are restored to within a third of their step")
  func rounded() throws {
    let scan = Self.scan(8)
    var coarse = scan
    let step = 3.2 * abs(scan.stimulusMilliamps[100] - scan.stimulusMilliamps[101])
    coarse.stimulusMilliamps = scan.stimulusMilliamps.map { ($0 / step).rounded() * step }
    let (restored, report) = try ScanCleaning.clean(coarse)
    #expect(Self.count(.roundedStimulus, report) > 200)
    let errors = (40..<480).map {
      abs(restored.stimulusMilliamps[$0] - scan.stimulusMilliamps[$0])
    }
    #expect((errors.max() ?? 1) < step / 3)
  }

  @Test("repeated points are left out where the same response twice is no chance")
  func repeated() throws {
    var scan = Self.scan(8)
    for place in [300, 200, 100, 50] {
      scan.stimulusMilliamps.insert(scan.stimulusMilliamps[place], at: place)
      scan.responseMillivolts.insert(scan.responseMillivolts[place], at: place)
    }
    let (cleaned, report) = try ScanCleaning.clean(scan)
    #expect(Self.count(.repeatedPoint, report) == 4)
    #expect(cleaned.stimulusMilliamps.count == scan.stimulusMilliamps.count - 4)
  }

  @Test("a gain that falls by 20 % is taken out, with its error")
  func drift() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    var scan = SyntheticScan.scan(5)
    let before = try estimator.estimate(scan)
    for index in scan.responseMillivolts.indices {
      scan.responseMillivolts[index] *= 1 - 0.2 * Double(index) / 511
    }
    let after = try estimator.estimate(scan)
    #expect(after.cleaning.findings.map(\.fault) == [.gainDrift])
    #expect(after.flags.contains { $0.kind == .gainDrift } && after.cleaning.addedLogError > 0)
    #expect(abs(log(after.unitCount / before.unitCount)) < 0.12)
    #expect(try estimator.uncleanedEstimate(scan).unitCount > 1.1 * before.unitCount)
  }

  @Test("returns to the reference stimulus tell the gain of each part")
  func returns() throws {
    let scan = SyntheticScan.scan(8)
    var changed = scan
    for index in changed.responseMillivolts.indices {
      changed.responseMillivolts[index] *= 1 - 0.3 * Double(index) / 511
    }
    let top = OrderStatistics.median(scan.responseMillivolts[..<20])
    for place in [450, 350, 250, 150] {
      let gain = 1 - 0.3 * Double(place) / 511
      changed.stimulusMilliamps.insert(scan.stimulusMilliamps[0], at: place)
      changed.responseMillivolts.insert(top * gain, at: place)
    }
    let (cleaned, report) = try ScanCleaning.clean(changed)
    #expect(Self.count(.reference, report) == 4)
    let ratios = (100..<400).map { cleaned.responseMillivolts[$0] / scan.responseMillivolts[$0] }
    #expect(ratios.allSatisfy { abs($0 - ratios[0]) < 0.03 })
  }

  @Test("hum is taken out, to a fifth of what it was")
  func hum() throws {
    let scan = SyntheticScan.scan(4)
    var loud = scan
    for index in loud.responseMillivolts.indices {
      loud.responseMillivolts[index] += 0.02 * sin(2 * Double.pi * 0.13 * Double(index) + 1)
    }
    let (cleaned, report) = try ScanCleaning.clean(loud)
    #expect(Self.count(.hum, report) == 512)
    let rest = zip(cleaned.responseMillivolts, scan.responseMillivolts).map { $0 - $1 }
    let power = rest.reduce(0) { $0 + $1 * $1 } / Double(rest.count)
    #expect(power.squareRoot() < 0.2 * 0.02 / 2.0.squareRoot())
  }

  @Test("coarse converter steps are dithered and the noise is told with them")
  func converter() throws {
    var scan = SyntheticScan.scan(8)
    scan.responseMillivolts = scan.responseMillivolts.map { ($0 / 0.02).rounded() * 0.02 }
    let (cleaned, report) = try ScanCleaning.clean(scan)
    #expect(Self.count(.converterStep, report) == 512)
    #expect(
      zip(cleaned.responseMillivolts, scan.responseMillivolts).allSatisfy { abs($0 - $1) <= 0.01 })
    let noise = try PreparedScan(cleaned).noiseBottom * PreparedScan(cleaned).cmap
    #expect((0.005...0.016).contains(noise))
  }

  @Test("a scan that starts on the slope has no estimate, and says why")
  func topCut() throws {
    var scan = Self.scan(8)
    scan.stimulusMilliamps.removeFirst(120)
    scan.responseMillivolts.removeFirst(120)
    let estimate = try CMAPScanEstimator(fewUnits: nil).estimate(scan)
    let reason = try #require(estimate.noEstimateReason)
    #expect(reason.contains("strongest stimuli") || reason.contains("first stimul"))
    #expect(estimate.flags.contains { $0.kind == .noEstimate })
    let data = try JSONEncoder().encode(estimate)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["unitCount"] is NSNull && object["interval90"] is NSNull)
    #expect(try JSONDecoder().decode(CMAPScanEstimate.self, from: data).unitCount.isNaN)
  }

  @Test("settings decide what is mended")
  func settings() throws {
    var scan = Self.scan(8)
    let cmap = try CMAPScanEstimator(fewUnits: nil).estimate(scan).cmapMillivolts
    for place in [90, 190, 240] { scan.responseMillivolts[place] += 0.2 * cmap }
    let (_, usual) = try ScanCleaning.clean(scan)
    #expect(Self.count(.outlier, usual) == 3)
    var settings = ScanConfiguration.Cleaning()
    settings.isolatedFraction = 0.5
    let (_, report) = try ScanCleaning.clean(scan, settings: settings)
    #expect(Self.count(.outlier, report) == 0)
    var configuration = ScanConfiguration()
    configuration.readsFewUnits = false
    configuration.cleaning.refusedShare = 0
    #expect(
      try CMAPScanEstimator(configuration: configuration).estimate(scan).noEstimateReason != nil)
  }
}
