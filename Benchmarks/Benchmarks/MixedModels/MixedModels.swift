import Benchmark
import CohortFigures
import Progression

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.cpuTotal, .wallClock, .peakMemoryResident], warmupIterations: 2,
    maxDuration: .seconds(5), maxIterations: 200)

  for patients in BenchmarkCohort.sizes {
    Benchmark("M3 fit, \(patients) patients x 8 visits") { benchmark in
      let table = BenchmarkCohort.table(patients: patients)
      benchmark.startMeasurement()
      blackHole(try MixedModel().fit(table))
    }

    Benchmark("M3 fit with Kenward-Roger, \(patients) patients x 8 visits") { benchmark in
      let table = BenchmarkCohort.table(patients: patients)
      benchmark.startMeasurement()
      blackHole(try MixedModel().fit(table).kenwardRoger().effects)
    }
  }

  Benchmark("Integrated posterior, 40 patients x 8 visits") { benchmark in
    let fit = try MixedModel().fit(BenchmarkCohort.table(patients: 40))
    benchmark.startMeasurement()
    blackHole(try fit.integratedPosterior())
  }
}
