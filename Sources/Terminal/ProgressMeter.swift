import Analyses
import Foundation
import Synchronization

/// Progress with the time left, on standard error, only on a terminal and only for long work.
package final class ProgressMeter: Sendable {
  private struct State {
    var shown = false
    var last = ContinuousClock.now
    var start = ContinuousClock.now
    var pass = 0
  }

  private let title: String
  private let state = Mutex(State())
  private let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1

  package init(_ title: String) {
    self.title = title
  }

  /// Shows how much is done (0...1), at most five times a second and not in the first second.
  package func update(_ fraction: Double, detail: String = "") {
    guard isTerminal else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      let elapsed = (now - state.start) / .seconds(1)
      if elapsed < 1 || (state.shown && now - state.last < .milliseconds(200)) { return }
      state.shown = true
      state.last = now
      let percent = Int((100 * min(1, max(0, fraction))).rounded())
      var line = "\(title): \(percent) %"
      if fraction > 0.01 && fraction < 1 {
        line += ", at most \(Self.clock(elapsed * (1 - fraction) / fraction)) left"
      }
      if !detail.isEmpty { line += " (\(detail))" }
      _ = StandardStream.write("\r\u{1B}[K" + TerminalText.safe(line), to: STDERR_FILENO)
    }
  }

  /// Shows the progress of an analysis; where the work begins anew the time left counts from there.
  ///
  /// - Throws: `CancellationError` where the user wants the work to end.
  @Sendable package func show(_ progress: AnalysisProgress) throws {
    if Interruption.exitCode != nil {
      finish()
      throw CancellationError()
    }
    state.withLock { state in
      if state.pass != progress.pass { state.start = .now }
      state.pass = progress.pass
    }
    update(progress.fraction, detail: progress.detail)
  }

  /// Shows the share of the work that is done, 0 to 1.
  ///
  /// - Throws: `CancellationError` where the user wants the work to end.
  @Sendable package func share(_ fraction: Double) throws { try show(AnalysisProgress(fraction)) }

  /// Clears the line.
  package func finish() {
    guard isTerminal else { return }
    state.withLock { state in
      if state.shown { _ = StandardStream.write("\r\u{1B}[K", to: STDERR_FILENO) }
      state.shown = false
    }
  }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
