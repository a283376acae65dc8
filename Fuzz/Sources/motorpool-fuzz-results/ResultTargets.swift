import Foundation
import FuzzHarness
import Reports

/// Results of decompositions, which the program itself wrote and reads again.
enum ResultTargets {
  static let all = [
    FuzzTarget(name: "results", kind: { $0 is ReportsError ? .text : .foreign }) { input, _ in
      let export = try DecompositionExport.reading(unitsJSON: Data(input), name: "units.json")
      for unit in export.units { precondition(unit.samples.count == unit.times.count, "times") }
      // Written and read again, it is the same.
      let again = try DecompositionExport.reading(
        unitsJSON: Data(export.unitsJSON().utf8), name: "again")
      precondition(again.units.map(\.times) == export.units.map(\.times), "times")
    }
  ]
}

/// What libFuzzer calls before the first input.
@_cdecl("LLVMFuzzerInitialize")
public func initialise(
  _ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer
) -> CInt {
  FuzzHarness.choose(among: ResultTargets.all)
  return 0
}

/// Where a release build begins.
@_cdecl("motorpool_fuzz_results_main")
public func start(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  FuzzHarness.start(count, arguments)
}
