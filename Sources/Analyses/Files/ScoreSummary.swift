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
