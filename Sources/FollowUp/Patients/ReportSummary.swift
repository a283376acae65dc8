import Registry

/// What `motorpool report --json` prints.
package struct ReportSummary: Encodable {
  package let patient: String
  package let output: String
  package let series: Int
  package let values: Int
  package let data: DataCitation

  /// The report of a patient's trends that was written into a file.
  package init(_ trends: PatientTrends, output: String) {
    self.init(
      patient: trends.subject.pseudonym, output: output, series: trends.series.count,
      values: trends.series.reduce(0) { $0 + $1.points.count }, data: trends.citation)
  }

  /// What was written, for people.
  package var text: String { "\(output): report of \(patient), \(series) series, \(values) values" }

  /// Makes one from its parts.
  package init(
    patient: String, output: String, series: Int, values: Int, data: DataCitation
  ) {
    self.patient = patient
    self.output = output
    self.series = series
    self.values = values
    self.data = data
  }
}
