/// Adds up wall time by stage.
struct StageClock {
  private var totals: [(stage: String, time: Duration)] = []
  private let clock = ContinuousClock()

  /// Runs `body` and books its time under a stage.
  mutating func measure<Result>(_ stage: String, _ body: () throws -> Result) rethrows -> Result {
    let start = clock.now
    let result = try body()
    let elapsed = clock.now - start
    if let index = totals.firstIndex(where: { $0.stage == stage }) {
      totals[index].time += elapsed
    } else {
      totals.append((stage, elapsed))
    }
    return result
  }

  /// The stages in the order in which they first ran.
  var timings: [StageTiming] {
    totals.map { StageTiming(stage: $0.stage, seconds: $0.time / .seconds(1)) }
  }
}
