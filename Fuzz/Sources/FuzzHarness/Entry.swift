import Foundation

/// Called by libFuzzer once for each input; the target is named by `MOTORPOOL_FUZZ`.
///
/// A parser may return a value or throw an error of its own kind whose text is one line; anything else
/// ends the process, which libFuzzer notes as a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = [UInt8](UnsafeBufferPointer(start: start, count: count))
  do {
    try FuzzTarget.chosen.run(input, FuzzFolder.shared)
  } catch {
    FuzzError.check(error)
  }
  return 0
}

/// What libFuzzer calls before the first input: a name that is not known ends the process here.
@_cdecl("LLVMFuzzerInitialize")
public func initialise(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer)
  -> CInt
{
  _ = FuzzTarget.chosen
  return 0
}

/// libFuzzer's own start, with the function that it calls for each input.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Where a release build begins: the package manager takes a function of this name for `main`, so that
/// libFuzzer's own is not linked.
@_cdecl("motorpool_fuzz_main")
public func start(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var count = count
  var arguments = arguments
  return runFuzzer(&count, &arguments, testOneInput)
}
