import Foundation
import TestSupport
import Testing

@testable import UnitNumber

struct CMAPScanEstimatorTests {
  @Test("synthetic scans of 3 to 200 units: truth inside or near the interval, flags as made")
  func synthetic() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    var covered = 0
    for number in 0..<12 {
      let estimate = try estimator.estimate(SyntheticScan.scan(number))
      let truth = Double(SyntheticScan.unitCounts[number])
      let interval = estimate.interval90
      if interval[0] <= truth && truth <= interval[1] { covered += 1 }
      // Beyond 20 uV the smallest units drown in the noise.
      if SyntheticScan.noise[number] <= 0.02 {
        #expect(
          (0.67...1.5).contains(estimate.unitCount / truth),
          "scan \(number): \(estimate.unitCount) for \(truth), \(interval)")
      }
      #expect(estimate.interval90[0] <= estimate.unitCount + 0.5)
      #expect(estimate.interval90[1] >= estimate.unitCount - 0.5)
      #expect(estimate.n50 > 0 && estimate.n50 < estimate.unitCount)
      #expect(
        abs(estimate.meanUnitMicrovolts * estimate.unitCount / 1000 - estimate.cmapMillivolts)
          < 1e-9)
    }
    #expect(covered >= 9, "\(covered) of 12 intervals hold the truth")
  }

  @Test("the estimate does not depend on the gain, and repeats exactly")
  func gain() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    var scan = SyntheticScan.scan(4)
    let first = try estimator.estimate(scan)
    #expect(try estimator.estimate(scan) == first)
    scan.responseMillivolts = scan.responseMillivolts.map { 3 * $0 + 1 }
    let second = try estimator.estimate(scan)
    #expect(abs(second.unitCount / first.unitCount - 1) < 1e-3)
    #expect(abs(second.cmapMillivolts / first.cmapMillivolts - 3) < 1e-9)
  }

  @Test("JSON carries the agreed field names and reads back")
  func json() throws {
    let estimate = try CMAPScanEstimator(fewUnits: nil).estimate(SyntheticScan.scan(6))
    let data = try JSONEncoder().encode(estimate)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    for name in [
      "unitCount", "interval90", "n50", "a50Microvolts", "d50", "cmapMillivolts", "flags",
    ] {
      #expect(object[name] != nil, "\(name)")
    }
    #expect(try JSONDecoder().decode(CMAPScanEstimate.self, from: data).d50 == estimate.d50)
  }

  @Test("faults of a scan raise their flags with reasons")
  func flags() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    func kinds(_ change: (inout CMAPScan) -> Void) throws -> Set<ScanFlag.Kind> {
      var scan = SyntheticScan.scan(8)
      change(&scan)
      return Set(try estimator.estimate(scan).flags.map(\.kind))
    }
    #expect(try kinds { _ in }.isDisjoint(with: [.artefact, .preScanDrift, .incompletePlateau]))
    #expect(
      try kinds { scan in
        for index in 0..<20 { scan.responseMillivolts[index] *= 1 + 0.005 * Double(index) }
      }.contains(.preScanDrift))
    #expect(try kinds { $0.responseMillivolts[300] = -1 }.contains(.artefact))
    #expect(
      try kinds { scan in
        scan.stimulusMilliamps.removeSubrange(20..<360)
        scan.responseMillivolts.removeSubrange(20..<360)
      }.contains(.fewStimuli))
    #expect(
      try kinds { scan in
        scan.stimulusMilliamps.removeSubrange(20..<200)
        scan.responseMillivolts.removeSubrange(20..<200)
      }.contains(.incompletePlateau))
    // Scans that begin on the slope, or end before the last unit is silent, with no stated parts.
    for cut in [200..<512, 0..<300] {
      #expect(
        try kinds { scan in
          scan.stimulusMilliamps = Array(scan.stimulusMilliamps[cut])
          scan.responseMillivolts = Array(scan.responseMillivolts[cut])
          (scan.preScanCount, scan.postScanCount) = (nil, nil)
        }.contains(.incompletePlateau), "\(cut)")
    }
    // No steps at all: as many units as the method can tell.
    #expect(
      try kinds { scan in
        for index in scan.responseMillivolts.indices {
          scan.responseMillivolts[index] = 6 / (1 + exp((Double(index) - 260) / 40))
        }
      }.isSuperset(of: [.outsideTraining]))
    let noisy = try estimator.estimate(SyntheticScan.scan(11)).flags
    #expect(noisy.contains { $0.kind == .noiseExceedsUnit || $0.kind == .sizeLimit })
  }

  @Test("unusable scans are refused by name")
  func errors() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    let short = CMAPScan(
      name: "x.csv", stimulusMilliamps: [2, 1], responseMillivolts: [1, 0])
    #expect { try estimator.estimate(short) } throws: { "\($0)".contains("x.csv: found 2 stimuli") }
    var flat = SyntheticScan.scan(4)
    flat.responseMillivolts = flat.responseMillivolts.map { _ in 1 }
    #expect { try estimator.estimate(flat) } throws: { "\($0)".contains("supramaximal plateau") }
    var broken = SyntheticScan.scan(4)
    broken.responseMillivolts[17] = .nan
    #expect { try estimator.estimate(broken) } throws: { "\($0)".contains("point 18") }
  }

  @Test("real scans give estimates; N50 is near the comparator's in the median")
  func realScans() throws {
    let index = try SharedData.file("data/cmap-scan/index.tsv")
    let folder = index.deletingLastPathComponent()
    let lines = try String(contentsOf: index, encoding: .utf8).split(separator: "\n").dropFirst()
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    let ratios = try lines.map { line -> Double in
      let name = String(line.split(separator: "\t")[0])
      let scan = try CMAPScan.open(folder.appendingPathComponent(name))
      let estimate = try estimator.estimate(scan)
      #expect((20...600).contains(estimate.unitCount), "\(name)")
      return estimate.n50 / (scan.comparator?.n50 ?? .nan)
    }
    #expect((0.8...1.3).contains(OrderStatistics.median(ratios)))
  }
}
