import Registry
import UnitNumber

extension RetestVariation {
  /// What a measure varies between visits of people whose muscles do not change; nil where it is
  /// not known.
  ///
  /// The one list of it: changes between visits and trends take the same error.
  static func betweenVisits(of kind: MeasurementKind, muscle: String?) -> RetestVariation? {
    switch kind {
    case .scanUnitCount: .scanUnitCount(muscle: muscle)
    case .scanN50: .scanN50
    case .cmapAmplitude: .cmapAmplitude
    case .munix, .musix: .munix
    case .multipointUnitNumber: .multipoint
    default: nil
    }
  }
}
