extension RecordingOptions {
  /// The rate that the user states, else that of the file; what the user states wins and is said.
  ///
  /// - Parameters:
  ///   - stated: the file's rate in Hz, nil where it states none.
  ///   - path: the file, for errors.
  ///   - place: what states the rate, for errors; empty where it is the whole file.
  /// - Throws: `RecordingError` where there is no rate, or none that a recording has.
  package func rate(
    stated: Double?, path: String, place: String = ""
  ) throws -> (rate: Double, warning: String?) {
    if let samplingRate {
      return (samplingRate, stated.flatMap { replacement(ofRate: $0, of: "the file") })
    }
    guard let stated else {
      throw RecordingError(
        .missingSamplingRate, path: path, place: place, "states no sampling rate",
        remedy: .stateSamplingRate)
    }
    guard RecordingLimits.samplingRate.contains(stated) else {
      throw RecordingError(
        .malformed, path: path, place: place, "states a sampling rate of \(stated) Hz",
        remedy: .stateSamplingRate)
    }
    return (stated, nil)
  }

  /// What is said where the user's rate replaces another one; nil where they agree or none is given.
  func replacement(ofRate stated: Double, of place: String) -> String? {
    guard let samplingRate, samplingRate != stated else { return nil }
    return "the given \(samplingRate) Hz replaces the \(stated) Hz of \(place)"
  }

  /// What is said where an array is known by its code but not how its electrodes lie.
  package static func unknownLayout(_ code: String) -> String {
    "the layout of array \(code) is not known; state the grid where it is needed"
  }
}
