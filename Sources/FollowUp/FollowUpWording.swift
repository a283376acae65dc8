import Progression
import Reports

/// Sentences that trends and comparisons share.
package enum FollowUpWording {
  package static let arms =
    "A difference between the arms can be laid to the therapy only where chance decided who was given it "
    + "and nobody's measuring depended on it; otherwise it is an association. Slopes of single patients "
    + "and of one arm alone remain associations in any case."
  package static let association =
    "A difference between the slopes is an association with the start of therapy: without controls it "
    + "may come from the course of the disease, regression to the mean, placement or other treatment."
}

extension FiellerInterval {
  /// The percent slowing with its interval or what stands in its place.
  package var text: String { text(of: "the slope before") }

  /// The same of a slope that is named.
  package func text(of slope: String) -> String {
    let value = "\(Formatting.fixed(percentSlowing, 1)) % of \(slope)"
    guard let lower = lower, let upper = upper else {
      return value + " (interval unbounded)"
    }
    return shape == .interval
      ? value + " (95 % interval \(Formatting.fixed(lower, 1)) to \(Formatting.fixed(upper, 1)))"
      : value + " (every value outside \(Formatting.fixed(lower, 1)) to "
        + "\(Formatting.fixed(upper, 1)) agrees with the data)"
  }
}
