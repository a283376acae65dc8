// Estimates the number of motor units of a muscle from a CMAP scan.
// snippet.hide
#if canImport(UnitNumber)
  // snippet.show
  import Foundation
  import UnitNumber

  let scan = try CMAPScan.open(URL(fileURLWithPath: "scan.csv"))
  let estimate = try CMAPScanEstimator().estimate(scan)
  if let reason = estimate.noEstimateReason {
    print("no estimate:", reason)
  } else {
    print(estimate.unitCount, "motor units, 90 % interval", estimate.interval90)
  }
  for flag in estimate.flags { print(flag.kind.rawValue, flag.reason) }
// snippet.hide
#endif
