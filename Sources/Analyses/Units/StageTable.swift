import Decomposition
import Reports
import Tables

/// The time that each stage of an analysis took, as people read it.
package enum StageTable {
  /// One line for each stage: seconds of wall time, and of processor time of all threads.
  package static func text(_ timings: [StageTiming]) -> String {
    var table = TextTable(["Stage", "Seconds", "CPU seconds"])
    for timing in timings {
      table.add([
        timing.stage, Formatting.fixed(timing.seconds, 3),
        Formatting.fixed(timing.processorSeconds, 3),
      ])
    }
    return table.text
  }
}
