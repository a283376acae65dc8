import Analyses
import Registry
import UnitNumber

extension StimulationMethod {
  /// What it measures.
  package var kind: MeasurementKind { MeasurementKind(id: facts.measure) }
}

extension RetestVariation {
  /// What a measure varies between visits of people whose muscles do not change; nil where it is
  /// not known.
  ///
  /// The one list of it: changes between visits and trends take the same error.
  static func betweenVisits(of kind: MeasurementKind, muscle: String?) -> RetestVariation? {
    if let method = StimulationMethod.allCases.first(where: { $0.kind == kind }) {
      return method.facts.retest
    }
    switch kind {
    case .scanUnitCount: return .scanUnitCount(muscle: muscle)
    case .scanN50: return .scanN50
    case .cmapAmplitude: return .cmapAmplitude
    case .munix, .musix: return .munix
    default: return nil
    }
  }
}
