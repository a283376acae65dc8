import Foundation

/// What this process has used of the machine.
public enum ResourceUse {
  /// Processor seconds of all threads so far, user and system.
  public static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Largest resident memory in megabytes since the start or the last `resetPeak`; nil where the
  /// system does not tell.
  ///
  /// Read from the process's own entry: `getrusage` inherits its parent's peak over exec.
  public static var peakMegabytes: Double? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Double($0) })
    else { return nil }
    return kilobytes / 1_024
  }

  /// Starts the peak anew from what is resident now.
  public static func resetPeak() {
    // 5 stands for the peak alone (Linux, proc(5)).
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
  }
}
