import Foundation

/// What a program fuzzes, and how libFuzzer gets to it.
public enum FuzzHarness {
  /// The target that the environment names, once a program has told its targets.
  nonisolated(unsafe) private static var chosen: FuzzTarget?

  /// Takes a program's targets; a name that is not among them ends the process with a list.
  ///
  /// To be called by the function `LLVMFuzzerInitialize` of each program, which libFuzzer calls before the
  /// first input.
  public static func choose(among targets: [FuzzTarget]) {
    let name = ProcessInfo.processInfo.environment["MOTORPOOL_FUZZ"] ?? ""
    guard let target = targets.first(where: { $0.name == name }) else {
      let names = targets.map(\.name).joined(separator: " ")
      FileHandle.standardError.write(Data("MOTORPOOL_FUZZ is one of: \(names)\n".utf8))
      exit(64)
    }
    chosen = target
  }

  /// Tries one input.
  ///
  /// A parser may return a value or throw an error of its own kind whose text is one line; anything else
  /// ends the process, which libFuzzer notes as a finding.
  static func run(_ input: [UInt8]) {
    guard let chosen else { fatalError("no target is chosen") }
    do {
      try chosen.run(input, FuzzFolder.shared)
    } catch {
      FuzzError.check(error, kind: chosen.kind(error))
    }
  }

  /// Where a release build begins: the package manager takes a function of the program's name for `main`, so
  /// that libFuzzer's own is not linked.
  public static func start(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  ) -> CInt {
    var count = count
    var arguments = arguments
    return runFuzzer(&count, &arguments, testOneInput)
  }
}

/// Called by libFuzzer once for each input; the target is named by `MOTORPOOL_FUZZ`.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzHarness.run([UInt8](UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// libFuzzer's own start, with the function that it calls for each input.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
