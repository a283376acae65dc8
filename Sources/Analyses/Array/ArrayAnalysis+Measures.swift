import Decomposition
import Reports

extension ArrayAnalysis {
  /// Value of each measure of a unit; the entries of `UnitMeasure.all` that an array has.
  private static let measured: [(UnitMeasure, @Sendable (ArrayAnalysis, MotorUnit) -> Double?)] = [
    (.meanRate, { $1.quality.meanRate }),
    (.isiCoV, { $1.quality.isiCoV }),
    (.silhouette, { $1.quality.silhouette }),
    (.pulseToNoise, { $1.quality.pulseToNoise }),
    (.predictedAgreement, { $1.quality.predictedAgreement }),
    (.amplitude, { $0.hasPhysicalAmplitude ? Double($1.template.peakToPeak) : nil }),
    (
      .recruitmentThreshold,
      { analysis, unit in analysis.recruitment.first { $0.unit == unit.id }?.recruitmentForce }
    ),
    (.round, { Double($1.quality.round) }),
  ]

  /// What is told of each unit, in the order of the units.
  package var unitMeasures: [UnitMeasures] {
    decomposition.units.map { unit in
      UnitMeasures(Self.measured.map { ($0.0, $0.1(self, unit)) })
    }
  }
}
