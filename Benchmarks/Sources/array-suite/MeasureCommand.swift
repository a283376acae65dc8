import ArgumentParser
import ArrayFigures
import Foundation
import Signal

/// One step of the scaling benchmark, in a process of its own.
struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Simulate a recording into a file, or decompose it and print what it took.")

  @Argument(help: "The file with the samples; the truth stands beside it as .json.")
  var file: String
  @Option(help: "Simulate this many channels instead of decomposing.")
  var simulate: Int?
  @Option(help: "Seconds to simulate.")
  var seconds = 40.0
  @Option(help: "Seed of the muscle to simulate.")
  var seed: UInt64 = 1
  @Flag(help: "Simulate changing force and moving electrodes.")
  var dynamic = false
  @Option(help: "Threads.")
  var threads = 1

  func run() throws {
    let url = URL(fileURLWithPath: file)
    if let simulate {
      _ = try ScaleRecording(
        channels: simulate, seconds: seconds, seed: seed, isDynamic: dynamic, file: url,
        threads: threads)
      return
    }
    let figure = try ScaleFigure(
      of: ScaleRecording(besides: url), file: url, parallelism: Parallelism(threadCount: threads))
    print(String(decoding: try JSONEncoder().encode(figure), as: UTF8.self))
  }
}
