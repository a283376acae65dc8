import Foundation
import Signal

/// Starts the program again where OpenBLAS runs a kernel that is too old for the processor.
///
/// OpenBLAS reads its variable when it is loaded, which is before the program's first line, so only
/// a new start changes it. That costs some milliseconds once; the variable that marks the second
/// start keeps it from happening again.
package enum KernelRestart {
  /// The variable that OpenBLAS reads.
  package static let variable = "OPENBLAS_CORETYPE"
  /// Set in the environment of the second start to the kernel that was asked for.
  package static let marker = "MOTORPOOL_BLAS_KERNEL"

  /// The kernel to start again with; nil where there is nothing to gain, or after such a start.
  package static func kernel(environment: [String: String]) -> String? {
    if environment[marker] != nil { return nil }
    return BLASKernelChoice.better(
      than: BLASLibrary.kernel, on: BLASLibrary.processor, isDynamic: BLASLibrary.isDynamic,
      wanted: environment[variable])
  }

  /// Replaces this process by one with the better kernel, if there is one and it can.
  package static func startAgainIfNeeded() {
    guard let kernel = kernel(environment: ProcessInfo.processInfo.environment) else { return }
    setenv(variable, kernel, 1)
    setenv(marker, kernel, 1)
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", arguments)
    // The program runs on as it is; a later start must not believe otherwise.
    arguments.forEach { free($0) }
    unsetenv(variable)
    unsetenv(marker)
  }
}
