import Foundation

/// A command run as a child, with what it cost.
public enum ChildProcess {
  /// Runs a program in a folder and waits for it.
  ///
  /// Its output is thrown away but for the last line on standard error. While `isStopped` holds the
  /// child is asked to end (SIGTERM), and after three seconds ended.
  ///
  /// - Returns: exit code (negative for a signal), processor seconds and peak memory of the child.
  public static func run(
    _ program: String, _ arguments: [String], in folder: String, environment: [String: String],
    isStopped: () -> Bool
  ) -> BatchRun.Outcome {
    let errors = folder + "/.stderr"
    defer { unlink(errors) }
    _ = FileManager.default.createFile(
      atPath: errors, contents: nil, attributes: [.posixPermissions: 0o600])
    let before = processorSeconds()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(forWritingAtPath: errors) ?? FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      return BatchRun.Outcome(
        exitCode: 75, message: "\(program): cannot be started (\(error.localizedDescription))",
        processorSeconds: 0, peakMegabytes: 0)
    }
    var peak = 0.0
    var asked: Date?
    while process.isRunning {
      peak = max(peak, peakMegabytes(of: process.processIdentifier))
      if isStopped() {
        if asked == nil {
          asked = Date()
          process.terminate()
        } else if let asked, -asked.timeIntervalSinceNow > 3 {
          kill(process.processIdentifier, SIGKILL)
        }
      }
      usleep(10_000)
    }
    process.waitUntilExit()
    let signal = process.terminationReason == .uncaughtSignal ? process.terminationStatus : 0
    let code = signal == 0 ? process.terminationStatus : -signal
    let text = FileManager.default.contents(atPath: errors).map {
      String(decoding: $0, as: UTF8.self)
    }
    let lines = (text ?? "").split(whereSeparator: \.isNewline).map(String.init)
    // What a terminal would be moved by is left out.
    let last = String(
      (lines.last ?? "").unicodeScalars.filter { $0.value >= 32 && $0.value != 127 })
    let message =
      code == 0
      ? "" : signal != 0 ? "ended by signal \(signal) (killed, or out of memory)" : last
    return BatchRun.Outcome(
      exitCode: code, message: message, processorSeconds: processorSeconds() - before,
      peakMegabytes: peak)
  }

  /// Processor seconds of this process without its children.
  static func ownProcessorSeconds() -> Double { processorSeconds(RUSAGE_SELF) }

  /// Processor seconds of all children that have ended, or of another choice.
  private static func processorSeconds(_ who: __rusage_who = RUSAGE_CHILDREN) -> Double {
    var usage = rusage()
    getrusage(who.rawValue, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  /// The most memory that a running process has held so far, as its system tells; 0 elsewhere.
  private static func peakMegabytes(of process: Int32) -> Double {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first
    else { return 0 }
    return (Double(kilobytes) ?? 0) / 1_024
  }
}
