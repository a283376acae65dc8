// Compares the slopes of a patient's measures before and after therapy.
// snippet.hide
#if canImport(FollowUp)
  // snippet.show
  import FollowUp
  import Registry

  let registry = try PatientRegistry.open(path: "registry.sqlite", createIfMissing: false)
  let request = PatientTrends.Request(measures: ["munix"], muscle: "apb")
  let trends = try PatientTrends("P001", registry, request: request)
  for series in trends.series {
    if let fit = series.fit {
      print(series.kind.id, series.place, fit.before.percent, fit.after.percent)
      print("difference", fit.difference.percentInterval, "p", fit.difference.p)
    } else {
      print(series.kind.id, series.place, series.reason ?? "")
    }
  }
// snippet.hide
#endif
