/// A value of a record that a person can correct, and how it is written.
struct RecordField: Sendable {
  /// How a value is read.
  enum Form: Sendable {
    case text
    case number
    case integer
    case date
    case side
    case muscle
    case choice([String])
    /// The name of a study or site.
    case group(RecordTable)
    /// The day of another visit of the same subject.
    case visit
    /// One entry of a JSON object: the name follows a dot.
    case entry(isNumber: Bool)
  }

  /// Its name, as commands take and print it.
  let name: String
  /// The column that holds it.
  let column: String
  /// How it is written.
  let form: Form

  private init(_ name: String, _ column: String? = nil, _ form: Form = .text) {
    self.name = name
    self.column = column ?? name
    self.form = form
  }

  /// The fields of a table; none where records are the work of an analysis, which is repeated
  /// instead.
  static func all(of table: RecordTable) -> [RecordField] {
    func choice<Value: CaseIterable & RawRepresentable<String>>(_ type: Value.Type) -> Form {
      .choice(Value.allCases.map(\.rawValue))
    }
    switch table {
    case .study, .site: return [.init("name"), .init("title")]
    case .subject:
      return [
        .init("pseudonym"), .init("study", nil, .group(.study)), .init("site", nil, .group(.site)),
        .init("arm"), .init("onset", "onset_day", .date), .init("onset-site", "onset_site"),
        .init("attribute", "attributes", .entry(isNumber: false)),
      ]
    case .visit:
      return [
        .init("date", "day", .date), .init("nominal"),
        .init("status", nil, choice(Visit.Status.self)), .init("missing-reason", "missing_reason"),
      ]
    case .intervention:
      return [
        .init("kind"), .init("name"), .init("start", "start_day", .date),
        .init("stop", "stop_day", .date), .init("dose", nil, .number),
        .init("dose-unit", "dose_unit"), .init("muscle", nil, .muscle), .init("side", nil, .side),
      ]
    case .recording:
      return [
        .init("visit", nil, .visit), .init("muscle", nil, .muscle), .init("side", nil, .side),
        .init("modality"), .init("device"), .init("rater"),
      ]
    case .measurement:
      return [
        .init("visit", nil, .visit), .init("kind"), .init("value", nil, .number), .init("unit"),
        .init("se", "standard_error", .number),
        .init("censored", nil, choice(Measurement.Censoring.self)),
        .init("quality", "qc", choice(Measurement.Quality.self)),
        .init("replicate", nil, .integer), .init("muscle", nil, .muscle),
        .init("side", nil, .side),
        .init("condition", "conditions", .entry(isNumber: false)),
      ]
    case .outcome:
      return [
        .init("visit", nil, .visit), .init("instrument"), .init("total", nil, .number),
        .init("unit"), .init("item", "items", .entry(isNumber: true)),
      ]
    case .event:
      return [
        .init("kind", nil, choice(ClinicalEvent.Kind.self)), .init("date", "day", .date),
        .init("detail"),
      ]
    case .analysisRun, .motorUnit, .unitLink, .warning, .erasure: return []
    }
  }
}
