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
  @Option(help: "Recordings of each header, which differ in muscle, force and noise.")
  var contents = 1

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "scale-suite-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    print("method\tchannels\trate_hz\tduration_s\tprocessor_s\tpeak_mb\tcommand")
    var generator = SeededGenerator(seed: seed)
    var measured = 0
    var last: MixedRecording?
    while measured < count {
      let recording =
        if let last, measured % contents > 0 {
          last.withOtherContent(&generator)
        } else {
          MixedRecording(&generator, longest: longest)
        }
      last = recording
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
  /// The words that simulate what a header tells.
  private let header: [String]
  /// The words that simulate what it does not tell.
  private let content: [String]
  /// The words that simulate it.
  var words: [String] { header + content }

  init(_ generator: inout SeededGenerator, longest: Double) {
    let kind = generator.uniform()
    if kind < 0.2 {
      channels = generator.pick([1, 1, 2, 3])
      rate = generator.pick([10_000, 20_000, 25_000])
      seconds = generator.logarithmic(5, 40)
      method = "needle"
      header = [
        "simulate", "needle", "--channels", "\(channels)", "--fs", "\(rate)", "--duration",
        "\(seconds)",
      ]
    } else {
      method = "array"
      seconds = generator.logarithmic(6, longest)
      if kind < 0.35 {
        channels = generator.pick([8, 16, 32])
        rate = 10_000
        header = [
          "simulate", "array", "--electrodes", "intramuscular", "--channels", "\(channels)",
          "--duration", "\(seconds)",
        ]
      } else {
        let grid = generator.pick([(4, 4), (8, 4), (8, 8), (8, 8), (13, 5), (16, 8)])
        channels = grid.0 * grid.1
        rate = generator.pick([1_000, 2_000, 2_048, 4_000])
        header = [
          "simulate", "array", "--rows", "\(grid.0)", "--columns", "\(grid.1)", "--fs", "\(rate)",
          "--duration", "\(seconds)",
        ]
      }
    }
    content = Self.content(of: header, &generator)
  }

  private init(_ other: MixedRecording, content: [String]) {
    method = other.method
    channels = other.channels
    rate = other.rate
    seconds = other.seconds
    header = other.header
    self.content = content
  }

  /// A recording whose header says the same.
  func withOtherContent(_ generator: inout SeededGenerator) -> MixedRecording {
    MixedRecording(self, content: Self.content(of: header, &generator))
  }

  private static func content(
    of header: [String], _ generator: inout SeededGenerator
  ) -> [String] {
    let seed = ["--seed", "\(generator.next() % 1_000_000)"]
    if header[1] == "needle" {
      return [
        "--kind", generator.pick(["normal", "neuropathic", "myopathic"]),
        "--units", generator.pick(["3", "6", "9"]),
      ] + seed
    }
    let common = [
      "--snr", generator.pick(["10", "15", "20", "25"]),
      "--level", generator.pick(["10", "20", "35", "50"]),
      "--drive", generator.pick(["trapezoid", "constant", "sine", "ramp"]),
    ]
    if header.contains("intramuscular") { return common + seed }
    return common + ["--simulator", generator.pick(["tripole", "travelling-wave"])] + seed
  }
}

extension SeededGenerator {
  fileprivate mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int(next() % UInt64(items.count))]
  }

  fileprivate mutating func logarithmic(_ low: Double, _ high: Double) -> Double {
    (low * pow(high / low, uniform())).rounded()
  }
}
