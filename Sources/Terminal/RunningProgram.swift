internal import CMalloc
import Foundation

/// The process that runs.
package enum RunningProgram {
  /// Its executable, to be started again for a part of the work.
  package static var path: String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
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
