internal import CMalloc
import Foundation

/// The process that runs.
package enum RunningProgram {
  /// Its executable, to be started again for a part of the work.
  package static var path: String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
  }

  /// Puts a program that lies beside this one in its place; does not return.
  ///
  /// - Throws: `Failure.Message` where it is not there or cannot be started.
  package static func become(
    _ name: String, _ arguments: [String], ifMissing advice: String
  ) throws -> Never {
    let program = URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent(name).path
    guard access(program, X_OK) == 0 else {
      throw Failure.Message("\(program): \(advice)", code: 1)
    }
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    words.append(nil)
    execv(program, words)
    throw Failure.Message(
      "\(program): cannot be started: \(String(cString: strerror(errno)))", code: 1)
  }

  /// Lets go of the arrays of whole recordings as they end.
  ///
  /// Kept off the heap they leave no holes in it, and one heap for all threads is used again where several
  /// would each keep their own.
  package static func keepHeapSmall(arenas: Int32 = 1) {
    _ = mallopt(M_ARENA_MAX, arenas)
    _ = mallopt(M_MMAP_THRESHOLD, 16 << 20)
    _ = mallopt(M_TRIM_THRESHOLD, 64 << 20)
  }
}
