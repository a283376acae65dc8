extension ArrayDecomposer {
  /// Decomposes a recording that is read as it is needed: whole, or a long one in segments.
  ///
  /// Every program that decomposes goes through here, so that one recording and one configuration have one
  /// result. Recordings above `segmentation.automaticAbove` seconds are cut into segments that are read
  /// one after the other; shorter ones are read whole, and cut where their potentials move.
  ///
  /// - Parameters:
  ///   - sampleCount: samples of each channel.
  ///   - samplingRate: in Hz, 500 to 50,000.
  ///   - segmentation: how long recordings are cut.
  ///   - progress: called after each round on a recording in one piece; what it throws ends the run.
  ///   - segmentProgress: called after each round and segment of a recording that is cut, likewise.
  ///   - samples: channels x samples in microvolts of a range of the recording.
  /// - Throws: `DecompositionError` where the signal cannot be decomposed; what the closures throw.
  public func decompose(
    sampleCount: Int, samplingRate: Double,
    segmentation: SegmentConfiguration = SegmentConfiguration(),
    progress: (Progress) throws -> Void = { _ in },
    segmentProgress: (SegmentedDecomposition.Progress) throws -> Void = { _ in },
    samples: (Range<Int>) throws -> [[Float]]
  ) throws -> Outcome {
    if Double(sampleCount) / samplingRate > segmentation.automaticAbove {
      return .segmented(
        try SegmentedDecomposition(
          sampleCount: sampleCount, samplingRate: samplingRate, decomposer: self,
          segmentation: segmentation, progress: segmentProgress, samples: samples))
    }
    return try following(
      try samples(0..<sampleCount), samplingRate: samplingRate, segmentation: segmentation,
      progress: progress,
      segmentProgress: segmentProgress)
  }
}
