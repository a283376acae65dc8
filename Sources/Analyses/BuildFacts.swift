import Foundation
import Signal

/// What decides speed and the last digits of results: processor, kernels, threads and loaded libraries.
package enum BuildFacts {
  /// One line a fact, the version first.
  ///
  /// - Parameter kernelRemark: how the kernel of BLAS came to be chosen; nil for its own choice.
  package static func text(kernelRemark: String? = nil) -> String {
    let processor = BLASLibrary.processor.map { "\($0.vendor.rawValue), \(words($0.instructions))" }
    let rows = [
      ("Processor", processor ?? "not x86-64"),
      ("BLAS kernel", BLASLibrary.kernel + (kernelRemark.map { " (\($0))" } ?? "")),
      ("BLAS library", BLASLibrary.build),
      ("Threads", "\(Parallelism().threadCount) (BLAS 1)"),
    ]
    return
      ([SoftwareVersion.full]
      + (rows + libraries.map { ("Library", $0) }).map {
        $0.0.padding(toLength: 14, withPad: " ", startingAt: 0) + $0.1
      })
      .joined(separator: "\n")
  }

  /// The files of the numerical and file libraries that this process has loaded, sorted.
  private static var libraries: [String] {
    let names = ["openblas", "fftw3f", "lapack", "matio", "sndfile", "sqlite3"]
    // A file of the system's own has no size: it is read to its end.
    let data = try? FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd()
    let maps = String(decoding: data ?? Data(), as: UTF8.self)
    let paths = maps.split(separator: "\n").compactMap { line -> String? in
      guard let slash = line.firstIndex(of: "/") else { return nil }
      let path = String(line[slash...])
      let file = path.split(separator: "/").last ?? ""
      return names.contains { file.hasPrefix("lib\($0)") } ? path : nil
    }
    return Set(paths).sorted()
  }

  private static func words(_ instructions: BLASKernelChoice.InstructionSet) -> String {
    switch instructions {
    case .sse: "SSE"
    case .avx: "AVX"
    case .avx2: "AVX2 with FMA"
    case .avx512: "AVX-512"
    }
  }
}
