import Benchmark
import Foundation
import Signal

/// The loops that stand in C beside the Swift that they replace, on the sizes of a recording: runs of
/// 16 taps of 64 channels at 400 discharges of a unit, and the 61,440 samples of one source.
func kernelBenchmarks() {
  var random = SeededGenerator(seed: 11)
  let signal = (0..<(61_440 * 64)).map { _ in Float(random.uniform() - 0.5) }
  let places = (0..<400).map { _ in random.index(below: 61_400) * 64 }
  var source = signal[0..<61_440].map { $0 }
  // Neighbouring samples of a source are alike.
  for index in 1..<source.count { source[index] = 0.4 * source[index] + 0.6 * source[index - 1] }
  let peaks = source

  Benchmark("Kernel: scaled addition, 100 x 400 runs of 1,024, C") { benchmark in
    var sum = [Float](repeating: 0, count: 1_024)
    benchmark.startMeasurement()
    for _ in 0..<100 {
      for place in places {
        VectorKernel.addScaled(signal, from: place, 1, into: &sum, at: 0, count: 1_024)
      }
    }
    blackHole(sum)
  }
  Benchmark("Kernel: scaled addition, 100 x 400 runs of 1,024, Swift") { benchmark in
    var sum = [Float](repeating: 0, count: 1_024)
    benchmark.startMeasurement()
    for _ in 0..<100 {
      for place in places {
        PlainKernel.addScaled(signal, from: place, 1, into: &sum, at: 0, count: 1_024)
      }
    }
    blackHole(sum)
  }
  Benchmark("Kernel: maxima of cells of 15, 1,000 x 61,440, C") { benchmark in
    benchmark.startMeasurement()
    for _ in 0..<1_000 { blackHole(VectorKernel.cellMaxima(peaks.span, cell: 15)) }
  }
  Benchmark("Kernel: maxima of cells of 15, 1,000 x 61,440, Swift") { benchmark in
    benchmark.startMeasurement()
    for _ in 0..<1_000 { blackHole(PlainKernel.cellMaxima(peaks.span, cell: 15)) }
  }
}
