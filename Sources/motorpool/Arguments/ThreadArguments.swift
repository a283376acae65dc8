import ArgumentParser
import Signal

/// How many threads a command works with.
struct ThreadArguments: ParsableArguments {
  @Option(help: "Threads to use (default: all cores); the result does not depend on it.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads \(threads): at least one thread is needed")
    }
  }

  /// The threads that were asked for.
  var parallelism: Parallelism { Parallelism(threadCount: threads) }
}
