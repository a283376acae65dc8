extension MixedModel {
  /// The random effects in the notation of lme4.
  ///
  /// - Parameter hasChange: whether the model has a change of slope.
  public func randomTerms(hasChange: Bool) -> [String] {
    var terms: [String]
    switch (randomEffects, hasChange) {
    case (.m2, true): terms = ["(\(timeName) + post | id)"]
    case (.m3, true): terms = ["(\(timeName) | id)", "(0 + post | id)"]
    case (.m1, _), (.m2, false), (.m3, false): terms = ["(\(timeName) | id)"]
    case (.uncorrelated, _):
      terms = ["(1 | id)", "(0 + \(timeName) | id)"] + (hasChange ? ["(0 + post | id)"] : [])
    }
    if muscles { terms.append("(\(muscleSlopes ? timeName : "1") | id:\(placeName))") }
    return terms
  }

  /// The model in the notation of lme4.
  ///
  /// - Parameter effects: names of the fixed effects of a fit, in their order.
  public func formula(effects: [String]) -> String {
    // Before time stand the intercept or those of the muscles.
    let own = effects.firstIndex(of: timeName).map { Array(effects[$0...]) } ?? []
    let terms = (muscles ? ["0", placeName] : []) + own
    return "y ~ "
      + (terms + randomTerms(hasChange: effects.contains("post"))).joined(separator: " + ")
  }
}
