import Foundation

/// The smallest change between visits that exceeds the error, of a person and of a group's mean.
///
/// 1.96 (or Student's t where the variation was measured on few people) times the standard error of a
/// difference; for the mean of a group over the root of its size (de Vet et al. 2006, J Clin
/// Epidemiol 59:1033). Of a group whose members change alike: what they differ by in their changes
/// comes on top.
public struct SmallestDetectableChange: Sendable, Equatable, Codable {
  /// SD of ln(value) of a visit with the given number of recordings.
  public var visitLogDeviation: Double
  /// Recordings of each visit whose mean counts.
  public var recordingsPerVisit: Int
  /// Visits before and after, whose means are compared.
  public var visits: [Int]
  /// Smallest difference of ln(value) of a person.
  public var logChange: Double
  /// The same as a fall in percent.
  public var fallPercent: Double
  /// The same as a rise in percent.
  public var risePercent: Double
  /// Size of the group; nil for a person alone.
  public var patients: Int?
  /// Smallest fall of the mean of the group in percent.
  public var groupFallPercent: Double?
  /// Where the variation between visits comes from.
  public var source: String

  /// Computes it for visits that vary as stated.
  ///
  /// `before` and `after` are the numbers of visits whose mean ln(value) is compared, taken as
  /// independent.
  ///
  /// - Throws: `UnitNumberError` for numbers below 1.
  public init(
    _ variation: RetestVariation, recordingsPerVisit: Int = 1, before: Int = 1, after: Int = 1,
    patients: Int? = nil
  ) throws {
    for (name, value) in [
      ("recordings of a visit", recordingsPerVisit), ("visits before", before),
      ("visits after", after), ("patients", patients ?? 1),
    ] where value < 1 {
      throw UnitNumberError(
        .unusableData, source: "smallest detectable change", place: name, found: "\(value)",
        expected: "1 or more")
    }
    let deviation = variation.deviation(recordings: recordingsPerVisit)
    let limit =
      variation.degreesOfFreedom.map { StudentScore.limit(0.95, degreesOfFreedom: $0) } ?? 1.96
    let change = limit * deviation * (1 / Double(before) + 1 / Double(after)).squareRoot()
    visitLogDeviation = deviation
    self.recordingsPerVisit = recordingsPerVisit
    visits = [before, after]
    logChange = change
    fallPercent = 100 * (1 - exp(-change))
    risePercent = 100 * (exp(change) - 1)
    self.patients = patients
    groupFallPercent = patients.map { 100 * (1 - exp(-change / Double($0).squareRoot())) }
    source = variation.source
  }
}
