/// What became of a stored run that was made again.
package struct RerunSummary: Encodable {
  package let software = SoftwareVersion.text
  package let storedVersion: String
  package let inputHash: String
  package let isSame: Bool
  package let units: [RepeatedRun.Unit]
  package let onlyNow: [String]

  /// The summary of a run.
  package init(_ run: RepeatedRun) {
    storedVersion = run.storedVersion
    inputHash = run.inputHash
    isSame = run.isSame
    units = run.units
    onlyNow = run.onlyNow
  }
}
