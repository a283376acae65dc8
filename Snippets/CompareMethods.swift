// Scores methods that count motor units on simulated muscles whose numbers are known.
// snippet.hide
#if canImport(MethodComparison)
  // snippet.show
  import MethodComparison
  import Signal
  import UnitNumber

  let configuration = PoolTable.Configuration(
    pools: 4, stages: [80, 20], methods: [.scan, .munix])
  let table = try PoolTable(
    configuration, estimator: try CMAPScanEstimator(fewUnits: nil), parallelism: Parallelism())
  for row in table.rows {
    print(row.method, row.medianRatios, row.slope ?? .nan)
  }
// snippet.hide
#endif
