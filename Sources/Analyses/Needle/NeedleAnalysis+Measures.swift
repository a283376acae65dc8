import Decomposition
import MotorUnits
import Reports

extension NeedleAnalysis {
  /// Value of each measure of a unit, by its place; the entries of `UnitMeasure.all` that a needle has.
  private static let measured: [(UnitMeasure, @Sendable (NeedleAnalysis, Int) -> Double?)] = [
    (.meanRate, { 1 / max(1e-6, $0.result.units[$1].meanInterval) }),
    (.isiCoV, { $0.result.units[$1].isiCoV }),
    (.predictedAgreement, { $0.result.units[$1].predictedAgreement }),
    (.amplitude, { $0.amplitude($1) }),
    (.duration, { $0.potential($1)?.durationMilliseconds }),
    (.area, { $0.potential($1)?.areaMicrovoltMilliseconds }),
    (.areaToAmplitude, { $0.potential($1)?.areaToAmplitudeMilliseconds }),
    (.sizeIndex, { $0.potential($1)?.sizeIndex }),
    (.phases, { $0.potential($1).map { Double($0.phases) } }),
    (.turns, { $0.potential($1).map { Double($0.turns) } }),
    (.riseTime, { $0.potential($1)?.riseTimeMilliseconds }),
    (.spikeDuration, { $0.potential($1)?.spikeDurationMilliseconds }),
    (.jiggle, { $0.measured($1)?.variability?.jiggle }),
    (.onsetRate, { $0.measured($1)?.onsetRate }),
    (.unitsActiveBefore, { $0.measured($1).map { Double($0.unitsActiveAtRecruitment) } }),
  ]

  /// What is told of each unit, in the order of the units.
  package var unitMeasures: [UnitMeasures] {
    result.units.indices.map { index in
      UnitMeasures(Self.measured.map { ($0.0, $0.1(self, index)) })
    }
  }

  /// What was measured on a unit, by its place; nil without a calibration.
  private func measured(_ index: Int) -> NeedleUnitMeasures? {
    measures.indices.contains(index) ? measures[index] : nil
  }
}
