import MethodComparison

/// All methods scored on simulated pools.
package struct PoolTableSummary: Encodable {
  package let software = SoftwareVersion.text
  package let configuration: PoolTable.Configuration
  package let rows: [PoolTable.Row]

  /// The summary of a table.
  package init(_ table: PoolTable) {
    configuration = table.configuration
    rows = table.rows
  }
}
