import ArgumentParser
import Batch
import Foundation
import Signal

/// Measures what decompositions of a mix of simulated recordings cost.
struct MeasureCosts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Processor time and memory of a mix of recordings.",
    discussion: """
      Prints a table, a recording a row. Sizes, rates, lengths, noise and forces are drawn by the \
      seed; every recording is simulated, decomposed on one thread by the program and thrown away.
      """)

  @Option(help: "The motorpool program, built for release.")
  var binary: String
  @Option(help: "Recordings.")
  var count = 40
  @Option(help: "Seed of the mix.")
  var seed: UInt64 = 1
  @Option(help: "Effort of the decompositions: quick, standard or thorough.")
  var effort = "standard"
  @Option(help: "Longest recording of an array in seconds.")
  var longest = 240.0

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "scale-suite-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    print("method\tchannels\trate_hz\tduration_s\tprocessor_s\tpeak_mb\tcommand")
    var generator = SeededGenerator(seed: seed)
    var measured = 0
    while measured < count {
      let recording = MixedRecording(&generator, longest: longest)
      let file = folder.appendingPathComponent("recording.bdf").path
      defer { try? FileManager.default.removeItem(atPath: file) }
      let made = run(
        recording.words + ["-o", file, "--truth", folder.path + "/truth.csv", "--force"], folder)
      guard made.exitCode == 0 else {
        throw ValidationError("\(recording.words.joined(separator: " ")): \(made.message)")
      }
      let effort = recording.method == "needle" ? [] : ["--effort", effort]
      let result = run(
        ["decompose", file, "-o", folder.path + "/result", "--force", "--threads", "1"] + effort,
        folder)
      // Recordings that hold nothing to decompose are refused at once and say nothing about cost.
      guard result.exitCode == 0 else { continue }
      measured += 1
      print(
        [
          recording.method, "\(recording.channels)", "\(recording.rate)", "\(recording.seconds)",
          String(format: "%.3f", result.processorSeconds),
          String(format: "%.1f", result.peakMegabytes), recording.words.joined(separator: " "),
        ].joined(separator: "\t"))
      fflush(nil)
    }
  }

  private func run(_ words: [String], _ folder: URL) -> BatchRun.Outcome {
    ChildProcess.run(
      URL(fileURLWithPath: binary).path, words, in: folder.path,
      environment: ProcessInfo.processInfo.environment, isStopped: { false })
  }
}

/// One recording of the mix, drawn by a generator.
struct MixedRecording {
  /// `array` or `needle`: what the cost model distinguishes.
  let method: String
  let channels: Int
  let rate: Double
  let seconds: Double
  /// The words that simulate it.
  let words: [String]

  init(_ generator: inout SeededGenerator, longest: Double) {
    func pick<Item>(_ items: [Item]) -> Item { items[Int(generator.next() % UInt64(items.count))] }
    func logarithmic(_ low: Double, _ high: Double) -> Double {
      (low * pow(high / low, generator.uniform())).rounded()
    }
    let seed = "\(generator.next() % 1_000_000)"
    let kind = generator.uniform()
    if kind < 0.2 {
      channels = pick([1, 1, 2, 3])
      rate = pick([10_000, 20_000, 25_000])
      seconds = logarithmic(5, 40)
      method = "needle"
      words = [
        "simulate", "needle", "--channels", "\(channels)", "--fs", "\(rate)", "--duration",
        "\(seconds)", "--kind", pick(["normal", "neuropathic", "myopathic"]), "--units",
        pick(["3", "6", "9"]), "--seed", seed,
      ]
      return
    }
    method = "array"
    seconds = logarithmic(6, longest)
    let common = [
      "--duration", "\(seconds)", "--snr", pick(["10", "15", "20", "25"]), "--level",
      pick(["10", "20", "35", "50"]), "--drive", pick(["trapezoid", "constant", "sine", "ramp"]),
      "--seed", seed,
    ]
    if kind < 0.35 {
      channels = pick([8, 16, 32])
      rate = 10_000
      words =
        ["simulate", "array", "--electrodes", "intramuscular", "--channels", "\(channels)"] + common
    } else {
      let grid = pick([(4, 4), (8, 4), (8, 8), (8, 8), (13, 5), (16, 8)])
      channels = grid.0 * grid.1
      rate = pick([1_000, 2_000, 2_048, 4_000])
      words =
        [
          "simulate", "array", "--rows", "\(grid.0)", "--columns", "\(grid.1)", "--fs", "\(rate)",
          "--simulator", pick(["tripole", "travelling-wave"]),
        ] + common
    }
  }
}
