import Foundation
import Testing

@testable import UnitNumber

struct ScanProgressTests {
  /// 24 supramaximal stimuli and 480 falling ones with a return after each 90, then silence.
  private func scan(
    _ upTo: Int? = nil, step: Double = 0.003, noise: Double = 0.004, startFall: Double = 0,
    returns: Bool = true
  ) -> CMAPScan {
    var random = SyntheticScan.Congruential(5)
    var (stimuli, responses) = ([Double](), [Double]())
    func deliver(_ stimulus: Double, _ level: Double) {
      stimuli.append(stimulus)
      responses.append(8 * level + noise * random.nearlyNormal())
    }
    for index in 0..<24 { deliver(20, 1 + startFall * (0.5 - Double(index) / 23)) }
    var stimulus = 19.9
    for index in 0..<500 {
      if returns, index > 0, index % 90 == 0 { deliver(20, 1) }
      stimulus *= 1 - step
      deliver(stimulus, 1 / (1 + exp(-(stimulus - 10) / 0.6)))
    }
    let end = min(upTo ?? stimuli.count, stimuli.count)
    return CMAPScan(
      stimulusMilliamps: Array(stimuli[..<end]), responseMillivolts: Array(responses[..<end]))
  }

  private func state(_ scan: CMAPScan, _ kind: ScanProgress.Item.Kind) throws
    -> ScanProgress.Item.State?
  { try ScanProgress(scan).items.first { $0.kind == kind }?.state }

  @Test("a scan in progress lacks its end; a whole one lacks nothing")
  func progress() throws {
    #expect(try ScanProgress(scan()).isComplete)
    // Returns are recommended; a scan without them can end.
    #expect(try ScanProgress(scan(returns: false)).isComplete)
    let early = try ScanProgress(scan(5))
    #expect(early.items.allSatisfy { $0.state == .open } && !early.isComplete)
    #expect(try state(scan(15), .plateau) == .open)
    let middle = try ScanProgress(scan(260))
    #expect(try state(scan(260), .plateau) == .done && !middle.isComplete)
    #expect(try state(scan(260), .end) == .open && middle.levelPercent.map { $0 < 99 } == true)
    #expect(try state(scan(260), .noise) == .open)
  }

  @Test("what recording on does not mend is named with its remedy")
  func faults() throws {
    #expect(try state(scan(step: 0.008), .steps) == .wrong)
    #expect(try state(scan(noise: 0.03), .noise) == .wrong)
    #expect(try state(scan(startFall: 0.08), .plateau) == .wrong)
    #expect(try state(scan(returns: false), .returns) == .open)
    var moved = scan()
    for index in 300..<moved.responseMillivolts.count { moved.responseMillivolts[index] *= 0.7 }
    #expect(try state(moved, .returns) == .wrong)
    #expect(throws: UnitNumberError.self) {
      try ScanProgress(CMAPScan(stimulusMilliamps: [1, -1], responseMillivolts: [0, 0]))
    }
  }
}
