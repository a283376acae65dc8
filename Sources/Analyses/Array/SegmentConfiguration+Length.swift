import Decomposition

extension SegmentConfiguration {
  /// The same for recordings that are cut above some seconds into segments of that length; 0 never cuts.
  ///
  /// - Throws: `DecompositionError` for a length that no segment can have.
  package func cut(above seconds: Double) throws -> SegmentConfiguration {
    var own = self
    if seconds == 0 {
      // Twelve days: what is longer than that was not meant.
      own.automaticAbove = 1e6
      return own
    }
    own.length = seconds
    own.automaticAbove = seconds
    own.overlap = min(own.overlap, seconds / 3)
    try own.validate()
    return own
  }
}
