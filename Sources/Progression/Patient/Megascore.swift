/// One figure for several muscles of a visit: the sum, or the mean of standard scores.
///
/// For display only. The set of muscles is fixed: a visit that lacks one of them has no score, since a
/// sum over the rest would fall, and a mean would move, without anything having changed. A model of
/// several muscles (`MixedModel.muscles`) uses every measurement and answers questions of effect.
public struct Megascore: Codable, Sendable, Equatable {
  /// Mean and SD of one muscle in controls, on the scale of the values.
  public struct Control: Codable, Sendable, Equatable {
    /// Mean of the controls.
    public var mean: Double
    /// SD between controls.
    public var standardDeviation: Double

    /// Makes the figures of one muscle.
    public init(mean: Double, standardDeviation: Double) {
      self.mean = mean
      self.standardDeviation = standardDeviation
    }
  }

  /// How the muscles are combined.
  public enum Combination: Codable, Sendable, Equatable {
    /// The sum of the values: large muscles weigh most.
    case sum
    /// The mean of (value - mean) / SD, with controls for every muscle: all weigh the same.
    case meanStandardScore([String: Control])
  }

  /// The muscles, each with its side where both are measured.
  public let muscles: [String]
  /// How they are combined.
  public let combination: Combination

  /// Makes a score.
  ///
  /// - Throws: `ProgressionError.invalidTable` for no muscle, a muscle named twice, or a muscle whose
  ///   control is absent or has no SD above zero.
  public init(muscles: [String], combination: Combination = .sum) throws {
    guard !muscles.isEmpty else {
      throw ProgressionError.invalidTable(
        found: "no muscle for the megascore", expected: "the fixed set of its muscles")
    }
    var seen: Set<String> = []
    for muscle in muscles where !seen.insert(muscle).inserted {
      throw ProgressionError.invalidTable(
        found: "\(muscle) twice in the megascore", expected: "each muscle once")
    }
    if case .meanStandardScore(let controls) = combination {
      for muscle in muscles {
        guard let control = controls[muscle] else {
          throw ProgressionError.invalidTable(
            found: "no control values of \(muscle)", expected: "mean and SD of every muscle")
        }
        guard control.mean.isFinite, control.standardDeviation.isFinite,
          control.standardDeviation > 0
        else {
          throw ProgressionError.invalidTable(
            found: "controls of \(muscle) with mean \(control.mean) and SD "
              + "\(control.standardDeviation)",
            expected: "a finite mean and an SD above 0")
        }
      }
    }
    self.muscles = muscles
    self.combination = combination
  }

  /// One visit with a score.
  public struct Point: Codable, Sendable, Equatable {
    /// The patient.
    public let subject: String
    /// Months from the study's origin.
    public let time: Double
    /// The score.
    public let value: Double
    /// Its standard error, muscles taken as independent; nil unless every muscle's is known.
    public let standardError: Double?
  }

  /// One visit that has no score.
  public struct Refusal: Codable, Sendable, Equatable {
    /// The patient.
    public let subject: String
    /// Months from the study's origin.
    public let time: Double
    /// The muscles that were not measured.
    public let missing: [String]
  }

  /// The scores of a table.
  public struct Course: Codable, Sendable, Equatable {
    /// Complete visits, by patient in order of first appearance, then by time.
    public let points: [Point]
    /// Visits that lack a muscle, in the same order.
    public let refused: [Refusal]
  }

  /// The score of one visit's values by muscle; further muscles are ignored.
  ///
  /// - Throws: `ProgressionError.notEstimable` where a muscle of the set is missing.
  public func score(_ values: [String: Double]) throws -> Double {
    let missing = muscles.filter { values[$0] == nil }
    guard missing.isEmpty else {
      throw ProgressionError.notEstimable(
        effect: "the megascore", reason: "no value of \(missing.joined(separator: ", "))")
    }
    return combined { values[$0] ?? .nan }
  }

  /// The scores of every visit: rows of one patient at exactly the same time.
  ///
  /// Values stay as they are; take the table before any logarithm for a sum of counts.
  /// - Throws: `ProgressionError.invalidTable` for two values of a muscle at one visit, which are to be
  ///   averaged first.
  public func course(_ table: LongitudinalTable) throws -> Course {
    let wanted = Set(muscles)
    var points: [Point] = []
    var refused: [Refusal] = []
    for (subject, rows) in table.subjects {
      var start = 0
      while start < rows.count {
        var end = start
        while end < rows.count, rows[end].time == rows[start].time { end += 1 }
        let time = rows[start].time
        var found: [String: LongitudinalTable.Row] = [:]
        for row in rows[start..<end] {
          guard let muscle = row.muscle, wanted.contains(muscle) else { continue }
          guard found.updateValue(row, forKey: muscle) == nil else {
            throw ProgressionError.invalidTable(
              found: "two values of \(muscle) of \(subject) at month \(time)",
              expected: "one value of each muscle and visit: average replicates first")
          }
        }
        let missing = muscles.filter { found[$0] == nil }
        if missing.isEmpty {
          points.append(
            Point(
              subject: subject, time: time, value: combined { found[$0]?.value ?? .nan },
              standardError: combinedError { found[$0]?.standardError }))
        } else {
          refused.append(Refusal(subject: subject, time: time, missing: missing))
        }
        start = end
      }
    }
    return Course(points: points, refused: refused)
  }

  private func combined(_ value: (String) -> Double) -> Double {
    switch combination {
    case .sum:
      return muscles.reduce(0) { $0 + value($1) }
    case .meanStandardScore(let controls):
      let sum = muscles.reduce(0.0) { sum, muscle in
        guard let control = controls[muscle] else { return .nan }
        return sum + (value(muscle) - control.mean) / control.standardDeviation
      }
      return sum / Double(muscles.count)
    }
  }

  private func combinedError(_ error: (String) -> Double?) -> Double? {
    var squares = 0.0
    for muscle in muscles {
      guard var own = error(muscle) else { return nil }
      if case .meanStandardScore(let controls) = combination {
        guard let control = controls[muscle] else { return nil }
        own /= control.standardDeviation * Double(muscles.count)
      }
      squares += own * own
    }
    return squares.squareRoot()
  }
}
