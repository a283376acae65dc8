import Progression
import Registry
import Reports

/// One measure of one patient in one muscle: its values over time and what they say of a therapy.
public struct PatientSeries {
  /// Days of a mean month, the unit of time of all slopes.
  public static let daysPerMonth = 30.4375

  /// A value with its place on the axis and, where the fit does not use it, the reason.
  public struct Point {
    /// The stored value.
    public let point: MeasurementPoint
    /// Months from the first value of the patient.
    public let month: Double
    /// Why the fit does not use it; nil where it does.
    public let exclusion: String?
  }

  /// Pseudonym of the patient.
  public let subject: String
  /// What was measured.
  public let kind: MeasurementKind
  /// The muscle; nil for what concerns the whole person.
  public let muscle: String?
  /// The side; nil where there is none.
  public let side: BodySide?
  /// All values in the order of their days.
  public let points: [Point]
  /// The therapy that is compared; nil without one.
  public let therapy: Intervention?
  /// The day of month 0 of the fit.
  public let origin: Int
  /// The fit before and after therapy; nil where it was not possible.
  public let fit: SegmentedRegressionFit?
  /// Why there is no fit.
  public let reason: String?
  /// Values as the fit used them, repetitions averaged.
  public let rows: [LongitudinalTable.Row]
  /// How well a measurement repeats itself, where visits have repetitions.
  public let reproducibility: Reproducibility?
  /// What was done to the values before the fit.
  public let remarks: [String]

  /// Muscle and side, or what the value concerns instead.
  public var place: String {
    let text = [muscle, side?.rawValue].compactMap { $0 }.joined(separator: ", ")
    return text.isEmpty ? "whole person" : text
  }

  /// Month of the therapy on the axis of the fit.
  public var therapyMonth: Double? {
    therapy.map { Double($0.startDate.dayNumber - origin) / Self.daysPerMonth }
  }

  /// Whether slopes are in percent a month.
  public var isLogarithmic: Bool { kind.scale == .logarithmic }

  /// Unit of the slopes.
  public var slopeUnit: String {
    isLogarithmic ? "% per month" : "\(kind.unit == "1" ? "" : kind.unit + " ")per month"
  }

  package init(
    subject: String, kind: MeasurementKind, muscle: String?, side: BodySide?,
    points: [MeasurementPoint], origin: Int, therapy: Intervention?,
    regression: SegmentedRegression = SegmentedRegression()
  ) {
    self.subject = subject
    self.kind = kind
    self.muscle = muscle
    self.side = side
    self.origin = origin
    self.therapy = therapy
    let logarithmic = kind.scale == .logarithmic
    self.points = points.map { point in
      Point(
        point: point, month: Double(point.day - origin) / Self.daysPerMonth,
        exclusion: Self.exclusion(point, isLogarithmic: logarithmic))
    }
    let therapyMonth = therapy.map {
      Double($0.startDate.dayNumber - origin) / Self.daysPerMonth
    }
    let label = [muscle, side?.rawValue].compactMap { $0 }.joined(separator: ", ")
    let used = self.points.filter { $0.exclusion == nil }.map { point in
      LongitudinalTable.Row(
        subject: subject, time: point.month, value: point.point.value,
        standardError: point.point.standardError.flatMap { $0 > 0 ? $0 : nil },
        therapyTime: therapyMonth, muscle: label.isEmpty ? nil : label)
    }
    var remarks: [String] = []
    var rows: [LongitudinalTable.Row] = []
    var reproducibility: Reproducibility?
    do {
      var table = try LongitudinalTable(used)
      if logarithmic { table = try table.logTransformed().table }
      if Set(used.map(\.time)).count < used.count {
        let averaged = try table.averagingReplicates()
        table = averaged.table
        reproducibility = averaged.reproducibility
        remarks.append(
          "repetitions of a visit are averaged; SD of one measurement "
            + "\(Formatting.fixed(averaged.reproducibility.standardDeviation, 3))"
            + (logarithmic ? " on the ln scale" : " \(kind.unit)"))
      }
      rows = table.rows
    } catch {
      rows = []
      remarks.append("the values cannot be used: \(error)")
    }
    self.rows = rows
    self.reproducibility = reproducibility
    self.remarks = remarks
    (fit, reason) = Self.fit(
      rows, therapyMonth: therapyMonth, regression,
      errorFreedom: reproducibility.map { Double($0.degreesOfFreedom) } ?? .infinity)
  }

  private static func fit(
    _ rows: [LongitudinalTable.Row], therapyMonth: Double?, _ regression: SegmentedRegression,
    errorFreedom: Double
  ) -> (SegmentedRegressionFit?, String?) {
    guard let therapyMonth else { return (nil, "no therapy date") }
    let errors = rows.compactMap(\.standardError)
    do {
      let fit = try regression.fit(
        times: rows.map(\.time), logValues: rows.map(\.value), therapyTime: therapyMonth,
        standardErrors: errors.count == rows.count && !rows.isEmpty ? errors : nil,
        errorDegreesOfFreedom: errorFreedom)
      return (fit, nil)
    } catch {
      return (nil, String(describing: error))
    }
  }

  private static func exclusion(_ point: MeasurementPoint, isLogarithmic: Bool) -> String? {
    if point.quality == .fail { return "failed quality control" }
    if let censoring = point.censoring { return "only a limit (\(censoring.rawValue))" }
    if isLogarithmic && point.value <= 0 { return "zero, which has no logarithm" }
    return nil
  }
}
