import RealModule

/// All pairs of units of two visits with the evidence about each.
struct VisitPair: Codable {
  let rows: Int
  let columns: Int
  /// The evidence, row-major.
  let evidence: [VisitPairEvidence]
  /// Natural logarithm of the amplitude of the second unit over the first, row-major.
  let logGain: [Double]
  /// Places of the pairs that are each other's most similar unit.
  let mutual: [Int]
  /// Electrodes of the first array that the second covers, weighted by reliability.
  let coveredElectrodes: Double

  init(_ similarity: BankSimilarity, noise: [[Double?]]) {
    rows = similarity.rows
    columns = similarity.columns
    coveredElectrodes = similarity.coveredElectrodes
    let (rows, columns) = (rows, columns)
    let combined = similarity.raw.indices.map {
      UnitMatchEvidence.combined(similarity.raw[$0], similarity.referenced[$0])
    }
    let bestOfRow = (0..<rows).map { i in
      Self.bestTwo((0..<columns).map { combined[i * columns + $0] })
    }
    let bestOfColumn = (0..<columns).map { j in
      Self.bestTwo((0..<rows).map { combined[$0 * columns + j] })
    }
    let mutual = MutualBest(similarity).pairs.map { $0.0 * columns + $0.1 }
    let gains = mutual.map { similarity.logGain[$0] }.sorted()
    let typical = gains.isEmpty ? 0 : gains[gains.count / 2]
    self.mutual = mutual
    logGain = similarity.logGain
    evidence = combined.indices.map { index in
      let (i, j) = (index / columns, index % columns)
      let own = combined[index]
      func lead(_ two: (best: Double, second: Double)) -> Double {
        max(-3, min(3, own - (own < two.best ? two.best : two.second)))
      }
      return VisitPairEvidence(
        similarity: similarity.raw[index], referencedSimilarity: similarity.referenced[index],
        rowMargin: lead(bestOfRow[i]), columnMargin: lead(bestOfColumn[j]),
        excessLogGain: similarity.logGain[index] - typical,
        signalToNoise: min(40, noise[0][i] ?? 40, noise[1][j] ?? 40),
        coveredElectrodes: similarity.coveredElectrodes)
    }
  }

  /// The largest and the second largest value; infinitely low where there is none.
  private static func bestTwo(_ values: [Double]) -> (best: Double, second: Double) {
    var best = -Double.infinity
    var second = -Double.infinity
    for value in values {
      if value > best {
        second = best
        best = value
      } else if value > second {
        second = value
      }
    }
    return (best, second)
  }

  /// Log odds of each pair by the law, row-major.
  func logOdds(_ law: LogisticLaw) -> [Double] { evidence.map { law.logOdds($0.features) } }

  /// Log odds that a mutual best pair of these visits is true, estimated from all of them.
  ///
  /// The law's own share of true candidates is replaced by that of these two visits (Saerens et al.
  /// 2002, Neural Computation 14), held towards it by some imagined candidates.
  func sharedLogOdds(_ odds: [Double], base: Double, strength: Double) -> Double {
    let baseOdds = Double.log(base / (1 - base))
    var share = base
    for _ in 0..<50 {
      let offset = Double.log(share / (1 - share)) - baseOdds
      let expected = mutual.reduce(0.0) {
        $0 + LogisticLaw.probability(logOdds: odds[$1] + offset)
      }
      let next = (expected + strength * base) / (Double(mutual.count) + strength)
      let isSettled = abs(next - share) < 1e-6
      share = min(0.999, max(0.001, next))
      if isSettled { break }
    }
    return Double.log(share / (1 - share))
  }
}
