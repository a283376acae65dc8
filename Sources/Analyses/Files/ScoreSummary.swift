import MotorUnits

/// What `motorpool score --json` prints.
package struct ScoreSummary: Encodable {
  package let software = SoftwareVersion.text
  package let samplingRate: Double
  package let toleranceMilliseconds: Double
  package let foundUnits: Int
  package let trueUnits: Int
  package let matchedUnits: Int
  package let matchedAtRoA90: Int
  package let falseUnits: [String]
  package let duplicateUnits: [String]
  package let missedUnits: [String]
  package let pooledPrecision: Double?
  package let pooledRecall: Double?
  package let pairs: [DecompositionScore.Pair]

  /// The score of the trains of one file against those of another.
  ///
  /// - Parameters:
  ///   - found: the found trains, in any form that `SpikeTable` reads.
  ///   - truth: the true trains.
  ///   - samplingRate: rate in Hz; nil for that which a file states.
  ///   - configuration: when two discharges agree.
  /// - Throws: `RecordingError` or `TableError` for a file that cannot be read, `AnalysisError` where
  ///   no rate is known.
  package init(
    found: String, truth: String, samplingRate: Double?,
    configuration: DecompositionScore.Configuration
  ) throws {
    var foundTable = try SpikeTable.read(found, samplingRate: samplingRate)
    var truthTable = try SpikeTable.read(truth, samplingRate: samplingRate)
    guard
      let rate = samplingRate ?? foundTable.samplingRate ?? truthTable.samplingRate, rate > 0
    else {
      throw AnalysisError(
        .wrongSetting, path: found, "the sampling rate is not known", remedy: .stateSamplingRate)
    }
    foundTable.samplingRate = rate
    truthTable.samplingRate = rate
    self.init(
      DecompositionScore(
        found: foundTable.trains(rate: rate), truth: truthTable.trains(rate: rate),
        samplingRate: rate, configuration: configuration), rate: rate)
  }

  /// A score at a sampling rate in Hz.
  package init(_ score: DecompositionScore, rate: Double) {
    samplingRate = rate
    toleranceMilliseconds = max(score.configuration.toleranceMilliseconds, 1_000 / rate)
    foundUnits = score.pairs.count + score.duplicates.count + score.falseUnits.count
    trueUnits = score.pairs.count + score.missed.count
    matchedUnits = score.pairs.count
    matchedAtRoA90 = score.count(agreementAtLeast: 0.9)
    falseUnits = score.falseUnits
    duplicateUnits = score.duplicates
    missedUnits = score.missed
    pooledPrecision = score.pooledPrecision
    pooledRecall = score.pooledRecall
    pairs = score.pairs
  }
}
