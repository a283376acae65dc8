import ArgumentParser
import Batch
import Foundation
import Signal

/// Plans many recordings past one machine: a queue with measured times of tasks.
struct SimulateQueue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "A cluster's queue with measured times and killed tasks.",
    discussion: """
      Times are drawn, with replacement, from the status files of a run of motorpool bids that is \
      given; packs are made as motorpool slurm submit makes them.
      """)

  @Argument(help: "Output folder of motorpool bids with the recordings to draw from.")
  var output: String
  @Option(help: "Recordings.")
  var recordings = 10_000
  @Option(parsing: .upToNextOption, help: "Nodes.")
  var nodes = [1, 10, 100]
  @Option(help: "Cores of a node.")
  var cores = 16
  @Option(help: "Probability that a task is killed.")
  var kills = 0.01
  @Option(help: "Seed.")
  var seed: UInt64 = 1
  @Option(help: "Runs of the queue, of which the median is printed.")
  var runs = 11

  func run() throws {
    let statuses = RecordingStatus.all(in: output).values.filter { $0.state == .done }
      .sorted { $0.index < $1.index }
    guard !statuses.isEmpty else {
      throw ValidationError("\(output): no recordings that are done; run motorpool bids first")
    }
    var generator = SeededGenerator(seed: seed)
    let drawn = (0..<recordings).map { _ in
      statuses[Int(generator.next() % UInt64(statuses.count))]
    }
    let mean = statuses.reduce(0) { $0 + $1.processorSeconds } / Double(statuses.count)
    let items = drawn.enumerated().map { index, status in
      var item = BatchItem(index: index, path: "\(index)", name: "\(index)")
      // Runs that were not submitted as a job array predicted nothing.
      item.predictedSeconds = status.predictedSeconds > 0 ? status.predictedSeconds : mean
      return item
    }
    let count = min(Shards.count(items), 1_000)
    var packs = [[Double]](repeating: [], count: count)
    for (place, pack) in Shards.assignment(items, count: count).enumerated() {
      packs[pack].append(drawn[place].processorSeconds)
    }
    let all = statuses.map(\.processorSeconds)
    let total = drawn.reduce(0) { $0 + $1.processorSeconds }
    print(
      "\(statuses.count) measured recordings: \(text(all.reduce(0, +) / Double(all.count))) CPU-s "
        + "each (\(text(all.min() ?? 0)) to \(text(all.max() ?? 0))), peak "
        + "\(text(statuses.map(\.peakMegabytes).max() ?? 0)) MB")
    print(
      "\(recordings) recordings: \(text(total / 3_600)) CPU hours in \(count) packs of "
        + "\(text(total / Double(count))) CPU-s on average")
    print("nodes\tcores\twall_h\tideal_h\tkills\tlost_cpu_h\trecordings_without_result")
    for nodes in nodes {
      var outcomes = (0..<runs).map { _ in
        QueueSimulation(cores: nodes * cores, packs: packs, killProbability: kills)
          .run(&generator)
      }
      outcomes.sort { $0.wallSeconds < $1.wallSeconds }
      let median = outcomes[runs / 2]
      print(
        [
          "\(nodes)", "\(nodes * cores)", text(median.wallSeconds / 3_600),
          text(total / 3_600 / Double(nodes * cores)), "\(median.kills)",
          text(median.lostSeconds / 3_600), "\(outcomes.map(\.lostRecordings).max() ?? 0)",
        ].joined(separator: "\t"))
    }
  }

  private func text(_ value: Double) -> String {
    String(format: value < 10 ? "%.3f" : "%.1f", value)
  }
}
