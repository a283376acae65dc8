extension ImportProfile {
  /// A profile for a table with this header, from the usual names of columns.
  ///
  /// Columns are recognised by their own names, by common synonyms, and in wide tables by names
  /// that hold a kind with or without muscle and side: `munix|abductor pollicis brevis|left`,
  /// `munix_apb_left`. A column that ends in `se` after such a name holds its standard errors. It
  /// is meant to be looked at before it is used.
  public static func guess(header: [String], layout: Layout? = nil) -> ImportProfile {
    let isREDCap = header.contains { $0.hasPrefix("redcap_") }
    var profile = ImportProfile(
      name: isREDCap ? "redcap" : "table", layout: layout ?? (isREDCap ? .redcap : .table))
    profile.columns = [:]
    for column in header {
      guard let field = field(named: column), profile.columns[field] == nil else { continue }
      profile.columns[field] = column
    }
    // An own name wins over a synonym that stands further left.
    for field in ImportField.allCases where header.contains(field.rawValue) {
      profile.columns[field] = field.rawValue
    }
    let taken = Set(profile.columns.values)
    for column in header where !taken.contains(column) {
      if let prefix = attributePrefixes.first(where: column.hasPrefix) {
        profile.attributeColumns[String(column.dropFirst(prefix.count))] = column
      } else if let value = valueColumn(column) {
        profile.valueColumns.append(value)
      }
    }
    attachStandardErrors(header, &profile)
    return profile
  }

  /// What the columns of further covariates begin with in our exports.
  static let attributePrefixes = ["attribute:", "attribute_"]

  private static let synonyms: [String: ImportField] = [
    "id": .subject, "subject_id": .subject, "patient": .subject, "patient_id": .subject,
    "participant": .subject, "participant_id": .subject, "record_id": .subject,
    "pseudonym": .subject, "group": .arm, "treatment": .arm, "center": .site, "centre": .site,
    "visit_date": .date, "date_of_visit": .date, "exam_date": .date,
    "date_of_examination": .date, "day": .date, "datum": .date,
    "redcap_event_name": .visit, "visit_name": .visit, "nominal": .visit, "measure": .kind,
    "measurement": .kind, "result": .value, "se": .standardError, "units": .unit, "qc": .quality,
    "therapy_date": .therapyStart, "treatment_start": .therapyStart, "first_dose": .therapyStart,
    "onset": .onsetDate, "symptom_onset": .onsetDate,
  ]

  /// The field that a column's name or a label means; nil where it is none of the usual names.
  static func field(named text: String) -> ImportField? {
    let folded = fold(text)
    return synonyms[folded] ?? ImportField(rawValue: folded)
  }

  private static func fold(_ column: String) -> String {
    column.lowercased().split { " -_".contains($0) }.joined(separator: "_")
  }

  /// The meaning of a wide column's name, or nil where it is not one.
  static func valueColumn(_ column: String) -> ValueColumn? {
    if let kind = exactKind(column) { return ValueColumn(column: column, kind: kind) }
    let parts = column.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    if (3...4).contains(parts.count), let id = try? MeasurementKind.validatedID(parts[0]) {
      let kind = MeasurementKind(id: id)
      let side = parts[2].isEmpty ? nil : BodySide(reading: parts[2])
      guard parts[2].isEmpty || side != nil else { return nil }
      let replicate = parts.count == 4 ? Int(parts[3]) : nil
      guard parts.count == 3 || replicate != nil else { return nil }
      return ValueColumn(
        column: column, kind: kind, muscle: parts[1].isEmpty ? nil : parts[1], side: side,
        replicate: replicate)
    }
    return looseColumn(column)
  }

  /// `munix_apb_left`, `CMAP amplitude TA r`: kind first, then muscle abbreviation and side.
  private static func looseColumn(_ column: String) -> ValueColumn? {
    var words = column.lowercased().split { " -_.".contains($0) }.map(String.init)
    // The `r` of `alsfrs_r` is part of the score's name, no side.
    if let kind = exactKind(words.joined(separator: "-")) {
      return ValueColumn(column: column, kind: kind)
    }
    var side: BodySide?
    if words.count > 1, let last = words.last, let found = BodySide(reading: last) {
      side = found
      words.removeLast()
    }
    var muscle: String?
    if words.count > 1, let last = words.last, MuscleName.abbreviations[last] != nil {
      muscle = last
      words.removeLast()
    }
    guard let kind = exactKind(words.joined(separator: "-")) else { return nil }
    // Scores of the whole person have neither: another meaning of the word is more likely.
    if kind.isOutcome && (side != nil || muscle != nil) { return nil }
    return ValueColumn(column: column, kind: kind, muscle: muscle, side: side)
  }

  private static func exactKind(_ name: String) -> MeasurementKind? {
    let folded = name.lowercased()
    if let kind = MeasurementKind.known.first(where: { $0.id == folded }) { return kind }
    return kindSynonyms[folded.split { " -_".contains($0) }.joined(separator: "-")]
  }

  private static let kindSynonyms: [String: MeasurementKind] = [
    "alsfrs": .alsfrsTotal, "alsfrsr": .alsfrsTotal, "alsfrs-r": .alsfrsTotal,
    "alsfrs-r-total": .alsfrsTotal,
    "alsfrs-total": .alsfrsTotal, "svc": .slowVitalCapacity, "cmap": .cmapAmplitude,
    "mune-sta": .staUnitNumber, "mscan": .scanUnitCount, "n50": .scanN50,
  ]

  private static func attachStandardErrors(_ header: [String], _ profile: inout ImportProfile) {
    let taken = Set(profile.valueColumns.map(\.column))
    for index in profile.valueColumns.indices {
      let column = profile.valueColumns[index].column
      let candidates = ["|se", "_se", " se", "-se", ".se"].map { column + $0 }
      profile.valueColumns[index].standardErrorColumn = header.first {
        candidates.contains($0) && !taken.contains($0)
      }
    }
  }
}
