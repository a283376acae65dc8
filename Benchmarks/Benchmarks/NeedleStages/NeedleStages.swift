import Benchmark
import Decomposition
import MotorUnits
import NeedleFigures
import Simulation

/// A simulated recording by scenario, made once and outside what is timed.
private func recording(_ scenario: NeedleScenario, seed: UInt64) throws
  -> SimulatedNeedleRecording
{
  try simulateNeedle(scenario.configuration(seed: seed))
}

private func decompose(_ recording: SimulatedNeedleRecording) throws -> NeedleResult {
  try NeedleDecomposition.decompose(
    channels: recording.signals, samplingRate: recording.samplingRate, parallelism: .single)
}

let benchmarks: @Sendable () -> Void = {
  let long = Benchmark.Configuration(
    metrics: [.cpuTotal, .wallClock, .peakMemoryResident], maxDuration: .seconds(30),
    maxIterations: 3)
  for scenario in [NeedleScenario.normal, .neuropathic, .myopathic, .rate25kHz, .channels4] {
    Benchmark("needle: 10 s, \(scenario.rawValue), one thread", configuration: long) { benchmark in
      let recording = try recording(scenario, seed: 7_001)
      benchmark.startMeasurement()
      blackHole(try decompose(recording))
      benchmark.stopMeasurement()
    }
  }
  let short = Benchmark.Configuration(
    metrics: [.cpuTotal, .wallClock, .peakMemoryResident], maxDuration: .seconds(10),
    maxIterations: 20)
  Benchmark("needle: measures of all units", configuration: short) { benchmark in
    let recording = try recording(.normal, seed: 7_001)
    let result = try decompose(recording)
    benchmark.startMeasurement()
    blackHole(needleUnitMeasures(result, channels: recording.signals))
    benchmark.stopMeasurement()
  }
  Benchmark("needle: interference pattern of 10 s", configuration: short) { benchmark in
    let recording = try recording(.normal, seed: 7_001)
    benchmark.startMeasurement()
    blackHole(interferencePattern(recording.signals[0], samplingRate: recording.samplingRate))
    benchmark.stopMeasurement()
  }
}
