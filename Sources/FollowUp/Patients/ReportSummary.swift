import Registry

/// What `motorpool report --json` prints.
package struct ReportSummary: Encodable {
  package let patient: String
  package let output: String
  package let series: Int
  package let values: Int
  package let data: DataCitation

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
