import Decomposition
import Testing

@testable import MotorUnits

@Suite struct UnitRecruitmentTests {
  private func unit(_ id: Int, _ seconds: [Double]) -> MotorUnit {
    MotorUnit(
      id: id, train: SpikeTrain(times: seconds.map { $0 * 2_000 }, samplingRate: 2_000),
      template: MUAPTemplate(channels: [], samplingRate: 2_000, origin: 0),
      quality: UnitQuality(
        silhouette: 0.9, pulseToNoise: 30, isiCoV: 0.2, meanRate: 10, round: 1))
  }

  @Test func thresholdsFromARamp() {
    // Force rises by 10 units a second.
    let force = (0..<1_000).map { Float($0) / 10 }
    let late = unit(0, stride(from: 5.0, to: 8, by: 0.1).map { $0 })
    // A stray discharge at 0.5 s does not recruit the unit.
    let early = unit(1, [0.5] + stride(from: 2.0, to: 9, by: 0.1).map { $0 })
    let silent = unit(2, [1, 3, 6])
    let found = UnitRecruitment.of([late, early, silent], force: force, forceRate: 100)
    #expect(found.map(\.unit) == [1, 0] && found.map(\.order) == [1, 2])
    #expect(abs(found[0].recruitmentTime - 2) < 1e-9)
    #expect(abs((found[0].recruitmentForce ?? 0) - 20) < 0.3)
    #expect(abs((found[1].recruitmentForce ?? 0) - 50) < 0.3)
    #expect(abs((found[1].derecruitmentForce ?? 0) - 79) < 0.6)
    #expect(UnitRecruitment.of([late])[0].recruitmentForce == nil)
  }
}
