import Benchmark
import Decomposition
import Foundation
import Recordings
import Signal
import Simulation

/// The sizes of a 64-channel surface recording of 40 s at 2,048 Hz.
private let channelCount = 64
private let sampleCount = 81_920
private let taps = 16
private let batch = 64

private func noise(_ count: Int, seed: UInt64) -> [Float] {
  var random = SeededGenerator(seed: seed)
  return (0..<count).map { _ in Float(random.normal()) }
}

private func noiseSignal() -> TimeMajorSignal {
  TimeMajorSignal(
    channels: (0..<channelCount).map { noise(sampleCount, seed: UInt64($0)) }, padding: 256)
}

/// The recording of the whole-decomposition benchmark: the reference recording where it is at
/// hand, else a simulated one of the same size.
private func recording() throws -> (channels: [[Float]], rate: Double, name: String) {
  let folder =
    ProcessInfo.processInfo.environment["MOTORPOOL_SHARED"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    + "/../../../../shared"
  let path = folder + "/data/hdsemg/sim64.wav"
  if FileManager.default.fileExists(atPath: path) {
    let opened = try Recording.open(
      path, options: RecordingOptions(millivoltsAtFullScale: 1.0959))
    return (try opened.emgSamples(), opened.samplingRate, "reference recording")
  }
  let simulated = try simulateArray(ArraySimulationConfiguration())
  return (simulated.signals, simulated.samplingRate, "simulated recording")
}

/// A model of 40 units made from a simulated recording with their true trains.
private let streamingModel: SeparationModel = {
  do {
    var configuration = ArraySimulationConfiguration()
    configuration.duration = 20
    let simulated = try simulateArray(configuration)
    return try SeparationModel(
      trains: simulated.activeUnits.prefix(40).map(\.spikeTimes), samples: simulated.signals,
      setUp: ChannelSetUp(
        channelCount: simulated.signals.count, samplingRate: simulated.samplingRate),
      configuration: ArrayConfiguration(),
      provenance: .init(software: "benchmark", recording: "simulated", sha256: ""))
  } catch {
    preconditionFailure("the simulated recording cannot be made: \(error)")
  }
}()

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .cpuTotal, .peakMemoryResident], maxDuration: .seconds(5),
    maxIterations: 200)

  for length in [256, 1_024, 4_096] {
    Benchmark("FFT, real, \(length) points, 1000 forward and back") { benchmark in
      let fft = RealFFT(length: length)
      let samples = noise(length, seed: 1)
      benchmark.startMeasurement()
      for _ in 0..<1_000 { blackHole(fft.inverse(fft.forward(samples))) }
    }
  }

  Benchmark("Zero-phase band-pass, 64 channels x 40 s") { benchmark in
    let channels = (0..<channelCount).map { noise(sampleCount, seed: UInt64($0)) }
    let filter = ZeroPhaseFilter(samplingRate: 2_048, lowEdge: 20, highEdge: 500)
    benchmark.startMeasurement()
    blackHole(filter.apply(channels))
  }

  Benchmark("Block spectra, 64 channels x 40 s") { benchmark in
    let signal = noiseSignal()
    benchmark.startMeasurement()
    blackHole(OverlapSaveSpectra(signal, filterLength: taps))
  }

  Benchmark("Cross-spectra to lagged correlations, 64 x 64 x 16") { benchmark in
    let spectra = OverlapSaveSpectra(noiseSignal(), filterLength: taps)
    benchmark.startMeasurement()
    blackHole(spectra.laggedCorrelations())
  }

  Benchmark("Whitening, order 1024") { benchmark in
    let lags = OverlapSaveSpectra(noiseSignal(), filterLength: taps).laggedCorrelations()
    benchmark.startMeasurement()
    blackHole(
      ExtendedCovariance(
        laggedCorrelations: lags, channelCount: channelCount, tapCount: taps,
        sampleCount: sampleCount))
  }

  Benchmark("Filter bank, 64 filters x 64 channels x 40 s") { benchmark in
    let spectra = OverlapSaveSpectra(noiseSignal(), filterLength: taps)
    let bank = noise(batch * taps * channelCount, seed: 2)
    benchmark.startMeasurement()
    blackHole(spectra.filter(bank: bank, filterCount: batch))
  }

  Benchmark("Fixed-point step, 64 candidates x 64 channels x 40 s") { benchmark in
    let spectra = OverlapSaveSpectra(noiseSignal(), filterLength: taps)
    let bank = noise(batch * taps * channelCount, seed: 3)
    benchmark.startMeasurement()
    blackHole(spectra.squaredOutputCorrelation(bank: bank, filterCount: batch))
  }

  kernelBenchmarks()

  Benchmark("Limit: SGEMM 1024 x 1024 x 1024") { benchmark in
    let a = noise(1_024 * 1_024, seed: 4)
    var c = [Float](repeating: 0, count: 1_024 * 1_024)
    benchmark.startMeasurement()
    DenseMatrix.multiply(a, a, into: &c, rows: 1_024, columns: 1_024, inner: 1_024)
    blackHole(c)
  }

  Benchmark("Streaming, one block of 100 ms, 64 channels, 40 units") { benchmark in
    var configuration = StreamingDecomposer.Configuration()
    configuration.lowestAgreement = 0
    var decomposer = StreamingDecomposer(streamingModel, configuration: configuration)
    let blocks = (0..<20).map { index in
      (0..<channelCount).map { noise(205, seed: UInt64(1_000 * index + $0)).map { 20 * $0 } }
    }
    for block in blocks { blackHole(decomposer.process(block)) }
    benchmark.startMeasurement()
    blackHole(decomposer.process(blocks[0]))
  }

  Benchmark(
    "Whole decomposition, 64 channels x 40 s",
    configuration: .init(maxDuration: .seconds(60), maxIterations: 3)
  ) { benchmark in
    let (channels, rate, _) = try recording()
    benchmark.startMeasurement()
    blackHole(try ArrayDecomposer().decompose(channels, samplingRate: rate))
  }
}
