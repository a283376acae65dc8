import Benchmark
import Foundation
import Signal

/// The loop that stands in C beside the Swift that it replaces, on the 61,440 samples of one source.
func kernelBenchmarks() {
  var random = SeededGenerator(seed: 11)
  var source = (0..<61_440).map { _ in Float(random.uniform() - 0.5) }
  // Neighbouring samples of a source are alike.
  for index in 1..<source.count { source[index] = 0.4 * source[index] + 0.6 * source[index - 1] }
  let peaks = source

  Benchmark("Kernel: maxima of cells of 15, 1,000 x 61,440, C") { benchmark in
    benchmark.startMeasurement()
    for _ in 0..<1_000 { blackHole(VectorKernel.cellMaxima(peaks.span, cell: 15)) }
  }
  Benchmark("Kernel: maxima of cells of 15, 1,000 x 61,440, Swift") { benchmark in
    benchmark.startMeasurement()
    for _ in 0..<1_000 { blackHole(PlainKernel.cellMaxima(peaks.span, cell: 15)) }
  }
}
