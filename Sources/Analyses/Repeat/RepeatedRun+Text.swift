import Reports
import Tables

extension RepeatedRun {
  /// What became of the run, for people: that it is the same, or the units that are not.
  package var text: String {
    let count = units.count
    if isSame {
      return "the same: \(count) unit\(count == 1 ? "" : "s"), every discharge where it was "
        + "(stored by version \(storedVersion))"
    }
    let kept = units.filter(\.isSame).count
    var table = TextTable(["Stored", "Now", "RoA"])
    for unit in units where !unit.isSame {
      table.add([unit.stored, unit.now ?? "-", Formatting.fixed(unit.agreement, 4)])
    }
    for name in onlyNow { table.add(["-", name, ""]) }
    return """
      not the same: \(kept) of \(count) units have every discharge where it was, \
      \(onlyNow.count) are new (stored by version \(storedVersion), this is \
      \(SoftwareVersion.number))
      \(table.text)
      """
  }
}
