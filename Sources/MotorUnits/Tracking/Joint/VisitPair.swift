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
    let columns = similarity.columns
    self.init(
      similarity,
      signalToNoise: similarity.raw.indices.map {
        min(40, noise[0][$0 / columns] ?? 40, noise[1][$0 % columns] ?? 40)
      })
  }

  /// - Parameter signalToNoise: of the weaker template of each pair in dB, row-major.
  private init(_ similarity: BankSimilarity, signalToNoise: [Double]) {
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
        signalToNoise: signalToNoise[index],
        coveredElectrodes: similarity.coveredElectrodes)
    }
  }

  /// The pairs of some of the units, with their leads made anew as if there were no others.
  func keeping(rows: [Int], columns: [Int]) -> VisitPair {
    let places = rows.flatMap { i in columns.map { i * self.columns + $0 } }
    return VisitPair(
      BankSimilarity(
        rows: rows.count, columns: columns.count, raw: places.map { evidence[$0].similarity },
        referenced: places.map { evidence[$0].referencedSimilarity },
        logGain: places.map { logGain[$0] }, coveredElectrodes: coveredElectrodes),
      signalToNoise: places.map { evidence[$0].signalToNoise })
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

  /// What two visits as a whole tell of the share of their candidates that is true.
  ///
  /// Visits that have units in common have many mutual best pairs, which lead by far and whose
  /// amplitudes changed alike; the similarity of the best pairs themselves says less, because two
  /// muscles have look-alikes too. The values: mutual best pairs over the units of the smaller
  /// visit, their mean lower lead, the median of the distance of their log amplitude ratios from
  /// the typical one (at most 1), and the logarithm of the units of the smaller visit below 16.
  var sharedFeatures: [Double] {
    let smaller = max(1, min(rows, columns))
    let leads = mutual.map { evidence[$0].lowerLead }
    let gains = mutual.map { abs(evidence[$0].excessLogGain) }.sorted()
    return [
      Double(mutual.count) / Double(smaller), leads.reduce(0, +) / Double(max(1, leads.count)),
      gains.isEmpty ? 1 : min(1, gains[gains.count / 2]), scarcity,
    ]
  }

  /// Natural logarithm of the units of the smaller visit over 16, at most 0: with few rivals a lead
  /// says little.
  var scarcity: Double { min(0, Double.log(Double(max(1, min(rows, columns))) / 16)) }

  /// Log odds that a mutual best pair of these visits is true, within a limit either way.
  func sharedLogOdds(_ shared: SharedUnitsLaw) -> Double {
    max(-shared.limit, min(shared.limit, shared.law.logOdds(sharedFeatures)))
  }

  /// Log odds of each pair by the law, row-major.
  func logOdds(_ law: LogisticLaw, shared: Double) -> [Double] {
    let scarcity = scarcity
    return evidence.map { law.logOdds($0.features + [shared, scarcity]) }
  }
}
