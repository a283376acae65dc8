import Signal

/// Two-subset validation: two disjoint sets of electrodes decomposed independently.
///
/// A motor unit's discharges reach many electrodes, while errors of a decomposition hardly fall at
/// the same instants in signals that share no electrode. That two subsets find the same train is
/// evidence that it is right (as with two sources; Mambrito and De Luca 1984, Electroencephalogr.
/// Clin. Neurophysiol. 58). That they do not is no evidence that it is wrong: half of the
/// electrodes separate fewer units. Disturbances common to all electrodes may agree, too.
public struct SubsetValidation: Sendable {
  /// A unit of the whole array beside what the subsets found.
  public struct Row: Sendable, Equatable, Codable {
    /// Number of the unit in the decomposition of all electrodes; nil for one that only both
    /// subsets found.
    public let unit: Int?
    /// Numbers of the units in the two subsets that agree best with it; nil where none does.
    public let subsetUnits: [Int?]
    /// Discharges in the whole array (in the first subset where there is none).
    public let dischargeCount: Int
    /// Silhouette value there.
    public let silhouette: Double
    /// Agreement of the whole array with each subset, 0...1; nil where none was found.
    public let agreements: [Double?]
    /// Lag in milliseconds of each subset's train behind that of the whole array.
    public let lagsMilliseconds: [Double?]
    /// Agreement of the two subsets with each other, 0...1; nil unless both have the unit.
    public let mutualAgreement: Double?
  }

  /// Channels of the two subsets, as indices into those given.
  public let subsets: [[Int]]
  /// The decomposition of all channels.
  public let whole: ArrayDecomposition
  /// The decompositions of the subsets.
  public let parts: [ArrayDecomposition]
  /// The units with what the subsets say, best mutual agreement first.
  public let rows: [Row]
  /// When trains are compared, and what confirms one.
  public let configuration: Configuration

  /// When trains are compared, and what confirms one.
  ///
  /// The figures of docs/array-decomposition.md belong to the defaults.
  public struct Configuration: Codable, Sendable, Equatable {
    /// Agreement from which two trains are taken for one unit.
    public var matchedFrom = 0.3
    /// Agreement of both subsets from which a train counts as confirmed.
    public var confirmedFrom = 0.9
    /// Longest lag between the trains of one unit in two subsets, in seconds.
    public var longestLag = 0.02

    /// The default settings.
    public init() {}
  }

  /// Units of the whole array whose trains both subsets found, agreeing with each other by
  /// `confirmedFrom` or more.
  public var confirmedCount: Int {
    rows.filter { $0.unit != nil && ($0.mutualAgreement ?? 0) >= configuration.confirmedFrom }.count
  }

  /// Decomposes all channels and each subset.
  ///
  /// - Parameters:
  ///   - channels: channels x samples in microvolts.
  ///   - samplingRate: in Hz.
  ///   - subsets: two disjoint lists of channel indices.
  ///   - decomposer: decomposes all channels and each subset.
  ///   - configuration: when trains are compared, and what confirms one.
  ///   - progress: told how far which of the three decompositions is; what it throws ends all.
  /// - Throws: `DecompositionError`; what `progress` throws.
  public init(
    _ channels: [[Float]], samplingRate: Double, subsets: [[Int]], decomposer: ArrayDecomposer,
    configuration: Configuration = Configuration(),
    progress: (ArrayDecomposer.Progress, Int) throws -> Void = { _, _ in }
  ) throws {
    precondition(subsets.count == 2, "a validation compares two subsets")
    if let shared = Set(subsets[0]).intersection(subsets[1]).min() {
      throw DecompositionError.configuration(
        "channel \(shared + 1) is in both subsets; they must share none")
    }
    self.subsets = subsets
    self.configuration = configuration
    whole = try decomposer.decompose(channels, samplingRate: samplingRate) { try progress($0, 0) }
    var parts: [ArrayDecomposition] = []
    for (index, subset) in subsets.enumerated() {
      parts.append(
        try decomposer.decompose(subset.map { channels[$0] }, samplingRate: samplingRate) {
          try progress($0, index + 1)
        })
    }
    self.parts = parts
    rows = Self.rows(
      whole: whole, parts: parts, samplingRate: samplingRate, configuration)
  }

  /// The subsets of odd and even channels, counted from 1.
  public static func oddEven(channelCount: Int) -> [[Int]] {
    [0, 1].map { first in Array(stride(from: first, to: channelCount, by: 2)) }
  }

  /// Units paired one to one, the best agreement first, by the first one's number: a subset's
  /// train must not confirm two units.
  private static func pairs(
    _ first: [MotorUnit], _ second: [MotorUnit], from matchedFrom: Double,
    _ compare: (SpikeTrain, SpikeTrain) -> TrainAgreement
  ) -> [Int: (MotorUnit, TrainAgreement)] {
    let all = first.flatMap { unit in
      second.map { (unit, $0, compare(unit.train, $0.train)) }
    }
    let order = all.indices.filter { all[$0].2.rate >= matchedFrom }.sorted {
      all[$0].2.rate != all[$1].2.rate ? all[$0].2.rate > all[$1].2.rate : $0 < $1
    }
    var result: [Int: (MotorUnit, TrainAgreement)] = [:]
    var taken = Set<Int>()
    for index in order where result[all[index].0.id] == nil {
      if !taken.insert(all[index].1.id).inserted { continue }
      result[all[index].0.id] = (all[index].1, all[index].2)
    }
    return result
  }

  private static func rows(
    whole: ArrayDecomposition, parts: [ArrayDecomposition], samplingRate: Double,
    _ configuration: Configuration
  ) -> [Row] {
    func compare(_ a: SpikeTrain, _ b: SpikeTrain) -> TrainAgreement {
      TrainAgreement(
        a.times, b.times, tolerance: TrainAgreement.usualTolerance(samplingRate: samplingRate),
        longestLag: configuration.longestLag * samplingRate)
    }
    let from = configuration.matchedFrom
    let matches = parts.map { part in pairs(whole.units, part.units, from: from, compare) }
    var rows: [Row] = []
    var used = [Set<Int>(), Set<Int>()]
    func lag(_ agreement: TrainAgreement?) -> Double? {
      agreement.map { $0.lag / samplingRate * 1_000 }
    }
    for unit in whole.units {
      let found = matches.map { $0[unit.id] }
      if let first = found[0]?.0 { used[0].insert(first.id) }
      if let second = found[1]?.0 { used[1].insert(second.id) }
      var mutual: Double?
      if let first = found[0]?.0, let second = found[1]?.0 {
        mutual = compare(first.train, second.train).rate
      }
      rows.append(
        Row(
          unit: unit.id, subsetUnits: found.map { $0?.0.id },
          dischargeCount: unit.train.times.count, silhouette: unit.quality.silhouette,
          agreements: found.map { $0?.1.rate }, lagsMilliseconds: found.map { lag($0?.1) },
          mutualAgreement: mutual))
    }
    let rest = parts.indices.map { index in
      parts[index].units.filter { !used[index].contains($0.id) }
    }
    let others = pairs(rest[0], rest[1], from: from, compare)
    for unit in rest[0] {
      guard let (other, agreement) = others[unit.id] else { continue }
      rows.append(
        Row(
          unit: nil, subsetUnits: [unit.id, other.id], dischargeCount: unit.train.times.count,
          silhouette: unit.quality.silhouette, agreements: [nil, nil],
          lagsMilliseconds: [nil, nil], mutualAgreement: agreement.rate))
    }
    return rows.enumerated().sorted {
      let (a, b) = ($0.element.mutualAgreement ?? -1, $1.element.mutualAgreement ?? -1)
      return a != b ? a > b : $0.offset < $1.offset
    }.map(\.element)
  }
}
