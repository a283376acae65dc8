import Analyses
import Foundation
import Hummingbird
import Synchronization

/// What the viewer counts about itself, as text that Prometheus reads.
///
/// Numbers only: no route holds a name, and neither do these.
final class ServerMetrics: Sendable {
  /// Upper bounds of the classes of answer times, in seconds.
  static let bounds = [0.005, 0.02, 0.05, 0.3, 1, 5]

  private struct Counts {
    /// Answers by the first digit of their status.
    var answers = [Int](repeating: 0, count: 6)
    /// Answers within each bound, and those above the last.
    var classes = [Int](repeating: 0, count: ServerMetrics.bounds.count + 1)
    var seconds = 0.0
  }
  private let counts = Mutex(Counts())
  private let began = Date()

  /// Notes one answer.
  func note(status: Int, seconds: Double) {
    counts.withLock {
      $0.answers[min(max(status / 100, 0), 5)] += 1
      $0.classes[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
      $0.seconds += seconds
    }
  }

  /// The text exposition format, version 0.0.4.
  ///
  /// - Parameters:
  ///   - sessions: sessions that are open.
  ///   - jobs: decompositions by state.
  func text(sessions: Int, jobs: [String: Int]) -> String {
    let counts = counts.withLock { $0 }
    var lines: [String] = []
    func family(_ name: String, _ kind: String, _ help: String, _ samples: [(String, Double)]) {
      lines.append("# HELP \(name) \(help)")
      lines.append("# TYPE \(name) \(kind)")
      for (suffix, value) in samples {
        let isWhole = value == value.rounded() && abs(value) < 1e15
        lines.append("\(name)\(suffix) \(isWhole ? String(Int64(value)) : String(value))")
      }
    }
    family(
      "motorpool_build_info", "gauge", "Version and commit of the program.",
      [
        (
          "{version=\"\(SoftwareVersion.number)\",commit=\"\(SoftwareVersion.commit ?? "")\"}", 1.0
        )
      ])
    family(
      "motorpool_answers_total", "counter", "Answers by class of status.",
      (2...5).map { ("{status=\"\($0)xx\"}", Double(counts.answers[$0])) })
    var below = 0
    let buckets = zip(Self.bounds.map { String($0) } + ["+Inf"], counts.classes).map {
      bound, count in
      below += count
      return ("_bucket{le=\"\(bound)\"}", Double(below))
    }
    family(
      "motorpool_answer_seconds", "histogram", "Time to an answer.",
      buckets + [("_sum", counts.seconds), ("_count", Double(below))])
    family("motorpool_sessions", "gauge", "Open sessions.", [("", Double(sessions))])
    family(
      "motorpool_decompositions", "gauge", "Decompositions since the start, by state.",
      ["waiting", "running", "done", "cancelled", "failed"].map {
        ("{state=\"\($0)\"}", Double(jobs[$0] ?? 0))
      })
    family(
      "process_cpu_seconds_total", "counter", "Processor seconds of the server itself.",
      [("", Double(clock()) / Double(CLOCKS_PER_SEC))])
    family(
      "process_resident_memory_bytes", "gauge", "Memory that the server holds.",
      [("", Self.residentBytes)])
    family(
      "process_start_time_seconds", "gauge", "When the server was started, in Unix time.",
      [("", began.timeIntervalSince1970)])
    return lines.joined(separator: "\n") + "\n"
  }

  private static var residentBytes: Double {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return 0
    }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? (Double(fields[1]) ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}

/// Times every answer.
struct MetricsMiddleware: RouterMiddleware {
  let metrics: ServerMetrics

  func handle(
    _ request: Request, context: ViewerContext,
    next: (Request, ViewerContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    let response = try await next(request, context)
    metrics.note(
      status: response.status.code, seconds: (ContinuousClock.now - start) / .seconds(1))
    return response
  }
}
