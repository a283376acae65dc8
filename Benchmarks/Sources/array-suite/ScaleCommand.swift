import ArgumentParser
import ArrayFigures
import Foundation

/// Measures processor time and memory over channels and length.
struct ScaleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale", abstract: "CPU time and peak memory over channels and length.",
    discussion: """
      Every decomposition runs in a process of its own. Recordings above 90 s go through \
      segments, as the command line does it.
      """)

  @Option(parsing: .upToNextOption, help: "Channels, at 40 s each.")
  var channels = [16, 32, 64, 128, 256]
  @Option(parsing: .upToNextOption, help: "Seconds, with 64 channels each.")
  var seconds = [10.0, 40, 120, 600]
  @Flag(help: "Also an hour of 64 channels.")
  var hour = false
  @Flag(help: "Force that changes from contraction to contraction, and moving electrodes.")
  var dynamic = false
  @Flag(help: "Also print where the time goes.")
  var timings = false
  @Option(help: "Seed of the muscle.")
  var seed: UInt64 = 1
  @Option(help: "Threads.")
  var threads = 1

  func run() throws {
    for line in ScaleFigure.heading { print(line) }
    var figures: [ScaleFigure] = []
    for count in channels { figures.append(try measure(channels: count, seconds: 40)) }
    for length in seconds + (hour ? [3_600] : []) where length != 40 || !channels.contains(64) {
      figures.append(try measure(channels: 64, seconds: length))
    }
    print()
    let wide = figures.filter { $0.seconds == 40 }
    let long = figures.filter { $0.channels == 64 }
    for (name, part, size) in [
      ("channels", wide, { (figure: ScaleFigure) in Double(figure.channels) }),
      ("length", long, { (figure: ScaleFigure) in figure.seconds }),
    ] {
      guard
        let time = ScaleFigure.exponent(part, of: \.processorSeconds, over: size),
        let memory = ScaleFigure.exponent(part, of: { $0.megabytes ?? 1 }, over: size)
      else { continue }
      print(
        "exponent over \(name): " + String(format: "CPU time %.2f, memory %.2f", time, memory))
    }
  }

  private func measure(channels: Int, seconds: Double) throws -> ScaleFigure {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("array-suite-\(ProcessInfo.processInfo.processIdentifier).f32")
    defer {
      try? FileManager.default.removeItem(at: file)
      try? FileManager.default.removeItem(at: file.appendingPathExtension("json"))
    }
    _ = try own(
      [
        file.path, "--simulate", "\(channels)", "--seconds", "\(seconds)", "--seed", "\(seed)",
      ] + (dynamic ? ["--dynamic"] : []))
    let figure = try JSONDecoder().decode(ScaleFigure.self, from: own([file.path]))
    print(figure.row)
    if timings {
      for timing in figure.timings {
        print("  \(timing.stage) " + String(format: "%.2f CPU s", timing.processorSeconds))
      }
    }
    fflush(nil)
    return figure
  }

  /// What this program prints when it runs `measure` anew.
  private func own(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = Bundle.main.executableURL
    process.arguments = ["measure"] + arguments + ["--threads", "\(threads)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ExitCode.failure }
    return data
  }
}
