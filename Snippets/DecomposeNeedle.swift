// Decomposes a needle recording whose file states neither rate nor unit.
// snippet.hide
#if canImport(Analyses)
  // snippet.show
  import Analyses

  var reading = RecordingReading()
  reading.samplingRate = 10_000
  reading.unit = "uV"
  let analysis = try NeedleAnalysis(try reading.open("needle.csv"))
  for unit in analysis.result.units where !unit.isTentative {
    print(unit.id + 1, unit.train.seconds.count, unit.predictedAgreement)
  }
// snippet.hide
#endif
