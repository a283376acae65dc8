import Foundation

/// Adds up wall and CPU time by stage.
struct StageClock {
  private var totals: [StageTiming] = []
  private let clock = ContinuousClock()

  /// Runs `body` and books its time under a stage.
  mutating func measure<Result>(
    _ stage: DecompositionStage, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = clock.now
    let startOfCPU = Self.processorSeconds()
    let result = try body()
    let wall = (clock.now - start) / .seconds(1)
    let processor = Self.processorSeconds() - startOfCPU
    if let index = totals.firstIndex(where: { $0.stage == stage.rawValue }) {
      totals[index].seconds += wall
      totals[index].processorSeconds += processor
    } else {
      totals.append(
        StageTiming(stage: stage.rawValue, seconds: wall, processorSeconds: processor))
    }
    return result
  }

  /// The stages in the order in which they first ran.
  var timings: [StageTiming] { totals }

  /// Processor time of all threads of this process so far, in seconds.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
