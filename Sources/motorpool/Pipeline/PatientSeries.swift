import Progression
import Registry

/// One measure of one patient in one muscle: its values over time and what they say of a therapy.
struct PatientSeries {
  /// Days of a mean month, the unit of time of all slopes.
  static let daysPerMonth = 30.4375

  /// A value with its place on the axis and, where the fit does not use it, the reason.
  struct Point {
    let point: MeasurementPoint
    /// Months from the first value of the patient.
    let month: Double
    let exclusion: String?
  }

  let subject: String
  let kind: MeasurementKind
  let muscle: String?
  let side: BodySide?
  let points: [Point]
  let therapy: Intervention?
  /// The day of month 0 of the fit.
  let origin: Int
  /// The fit before and after therapy; nil where it was not possible.
  let fit: SegmentedRegressionFit?
  /// Why there is no fit.
  let reason: String?
  /// Values as the fit used them, repetitions averaged.
  let rows: [LongitudinalTable.Row]
  /// How well a measurement repeats itself, where visits have repetitions.
  let reproducibility: Reproducibility?
  let remarks: [String]

  /// Muscle and side, or what the value concerns instead.
  var place: String {
    let text = [muscle, side?.rawValue].compactMap { $0 }.joined(separator: ", ")
    return text.isEmpty ? "whole person" : text
  }

  /// Month of the therapy on the axis of the fit.
  var therapyMonth: Double? {
    therapy.map { Double($0.startDate.dayNumber - origin) / Self.daysPerMonth }
  }

  /// Whether slopes are in percent a month.
  var isLogarithmic: Bool { kind.scale == .logarithmic }

  /// Unit of the slopes.
  var slopeUnit: String {
    isLogarithmic ? "% per month" : "\(kind.unit == "1" ? "" : kind.unit + " ")per month"
  }

  init(
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
    }
    self.rows = rows
    self.reproducibility = reproducibility
    self.remarks = remarks
    (fit, reason) = Self.fit(rows, therapyMonth: therapyMonth, regression)
  }

  private static func fit(
    _ rows: [LongitudinalTable.Row], therapyMonth: Double?, _ regression: SegmentedRegression
  ) -> (SegmentedRegressionFit?, String?) {
    guard let therapyMonth else { return (nil, "no therapy date") }
    let errors = rows.compactMap(\.standardError)
    do {
      let fit = try regression.fit(
        times: rows.map(\.time), logValues: rows.map(\.value), therapyTime: therapyMonth,
        standardErrors: errors.count == rows.count && !rows.isEmpty ? errors : nil)
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

/// All series of one patient, read in one consistent state.
struct PatientTrends {
  let subject: Subject
  let series: [PatientSeries]
  let therapies: [Intervention]
  let therapy: Intervention?
  let events: [ClinicalEvent]
  let citation: DataCitation
  let warnings: [String]

  /// What to read and how to fit it.
  struct Request {
    var measures: [String] = []
    var muscle: String?
    var side: BodySide?
    var therapy: String?
    var regression = SegmentedRegression()
  }

  init(_ pseudonym: String, _ registry: PatientRegistry, request: Request) throws {
    subject = try registry.subject(pseudonym: pseudonym)
    let stored = try MeasuredKinds.stored(registry, subject: subject.id).map(\.kind)
    let kinds =
      request.measures.isEmpty
      ? stored : try request.measures.map { try MeasuredKinds.named($0, stored: stored) }
    let cohort =
      kinds.isEmpty
      ? nil
      : try registry.cohortSeries(
        MeasurementFilter(
          kinds: kinds, subject: subject.id, muscle: request.muscle, side: request.side))
    guard let cohort, !cohort.points.isEmpty else {
      let wanted = request.measures.isEmpty ? "" : " of \(request.measures.joined(separator: ", "))"
      throw Failure.Message(
        "\(subject.pseudonym): no values\(wanted) in the registry; add some with motorpool visit add "
          + "or motorpool measure add")
    }
    therapies = cohort.interventions
    events = cohort.events
    citation = cohort.citation
    let origin = cohort.points.map(\.day).min() ?? 0
    let choice = try TherapyChoice(
      cohort.interventions, named: request.therapy, firstDay: origin, subject: subject.pseudonym)
    let therapy = choice.therapy
    self.therapy = therapy
    warnings = choice.warnings
    let pseudonym = subject.pseudonym
    series = kinds.flatMap { kind -> [PatientSeries] in
      let own = cohort.points.filter { $0.kind == kind }
      let groups = Dictionary(grouping: own) { Place(muscle: $0.muscle, side: $0.side) }
      return groups.sorted {
        ($0.key.muscle ?? "", $0.key.side?.rawValue ?? "")
          < ($1.key.muscle ?? "", $1.key.side?.rawValue ?? "")
      }.map { place, points in
        PatientSeries(
          subject: pseudonym, kind: kind, muscle: place.muscle, side: place.side, points: points,
          origin: origin, therapy: therapy, regression: request.regression)
      }
    }
  }
}

/// Which of a patient's therapies is compared.
struct TherapyChoice {
  let therapy: Intervention?
  let warnings: [String]

  /// The therapy of a name, kind or start, else the first that began after the first value.
  ///
  /// - Throws: `Failure.Message` where there is none of that name.
  init(
    _ therapies: [Intervention], named name: String?, firstDay: Int, subject: String
  ) throws {
    if let name {
      let found = therapies.first {
        [$0.kind, $0.name, $0.startDate.description].contains {
          $0?.lowercased() == name.lowercased()
        }
      }
      guard let found else {
        throw Failure.Message("\(subject): no therapy \(name) in the registry", code: 64)
      }
      therapy = found
      warnings = []
      return
    }
    let later = therapies.filter { $0.startDate.dayNumber > firstDay }
    therapy = later.first ?? therapies.first
    warnings =
      therapies.count > 1
      ? [
        "\(therapies.count) therapies are noted; compared is \(therapy?.kind ?? "") from "
          + "\(therapy?.startDate.description ?? ""), --therapy names another"
      ] : []
  }
}
