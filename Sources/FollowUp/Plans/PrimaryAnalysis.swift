import Progression

/// The one analysis that answers the question of a comparison, by what was asked for.
package enum PrimaryAnalysis: Equatable {
  /// Randomised arms at the last visit.
  case visits(RandomisedArms)
  /// The treated side against the other side of the patient.
  case sides
  /// The counts themselves, by the family of the lower Akaike criterion.
  case counts
  /// The change of slope under the residual structure of the lowest Akaike criterion.
  case residuals
  /// The change of slope by the mixed model.
  case slopes

  package init(_ options: CohortModel.Options) {
    if let arms = options.randomisedArms {
      self = .visits(arms)
    } else if options.treatedSide != nil {
      self = .sides
    } else if options.countNodes != nil {
      self = .counts
    } else {
      self = options.includesResiduals ? .residuals : .slopes
    }
  }

  /// The analysis in words.
  package func text(_ model: MixedModel) -> String {
    let effect =
      model.armEffects == .none ? "change of slope" : "difference of the arms in change of slope"
    switch self {
    case .visits(let arms):
      return "difference of the arms at the last visit by \(arms.method.rawValue)"
    case .sides: return "change of slope, treated against other side"
    case .counts:
      return "change of slope of the counts, by the family of the lower Akaike criterion"
    case .residuals:
      return "\(effect), by the residual structure of the lowest Akaike criterion"
    case .slopes: return "\(effect), by mixed model \(model.randomEffects.rawValue)"
    }
  }
}
