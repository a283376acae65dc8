// Takes the recording of an electrode array apart into the trains of its motor units.
// snippet.hide
#if canImport(Analyses)
  // snippet.show
  import Analyses

  let recording = try RecordingReading().open("grid.wav")
  let analysis = try ArrayAnalysis(recording) { progress in
    print(Int(100 * progress.fraction), "%", progress.detail)
  }
  for unit in analysis.decomposition.units {
    print(unit.id, unit.train.times.count, unit.quality.predictedAgreement ?? .nan)
  }
// snippet.hide
#endif
