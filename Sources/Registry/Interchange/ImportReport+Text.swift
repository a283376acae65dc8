extension ImportReport {
  /// The report for people: what was or would be stored, and the first fifty problems.
  ///
  /// - Parameter preview: the input where nothing was to be stored, whose columns are told; else nil.
  package func text(previewOf preview: ImportSource? = nil) -> String {
    var lines: [String] = []
    if let preview, let profile = preview.profile {
      let found = profile.description(header: preview.header)
      lines += found.columns.map { "column \($0)" }
      if profile.decimalComma { lines.append("numbers with a decimal comma") }
      if !found.unused.isEmpty {
        lines.append("columns not used: \(found.unused.joined(separator: ", "))")
      }
      lines.append("")
    }
    let what =
      isStored
      ? "stored"
      : errors.isEmpty
        ? "would be stored"
        : "nothing would be stored before \(errors.count) errors are mended; then"
    lines += [
      "\(what): \(newSubjects) patients, \(newVisits) visits, "
        + "\(newMeasurements) measurements, \(newOutcomes) outcomes, "
        + "\(newInterventions) therapies, \(newEvents) events; \(unchanged) known already"
    ]
    lines += problems.prefix(50).map(\.description)
    if problems.count > 50 { lines.append("and \(problems.count - 50) more") }
    return lines.joined(separator: "\n")
  }
}
