import Analyses
import Registry
import UnitNumber

extension StimulationMethod {
  /// What it measures.
  package var kind: MeasurementKind { MeasurementKind(id: facts.measure) }
}

extension RetestVariation {
  /// What measures other than those of stimulation methods vary between visits, by muscle.
  private static let measures: [MeasurementKind: @Sendable (String?) -> RetestVariation] = [
    .scanUnitCount: { .scanUnitCount(muscle: $0) },
    .scanN50: { _ in .scanN50 },
    .cmapAmplitude: { _ in .cmapAmplitude },
    .munix: { _ in .munix },
    .musix: { _ in .munix },
  ]

  /// What a measure varies between visits of people whose muscles do not change; nil where it is
  /// not known.
  ///
  /// The one list of it: changes between visits and trends take the same error.
  static func betweenVisits(of kind: MeasurementKind, muscle: String?) -> RetestVariation? {
    if let method = StimulationMethod.allCases.first(where: { $0.kind == kind }) {
      return method.facts.retest
    }
    return measures[kind]?(muscle)
  }
}
