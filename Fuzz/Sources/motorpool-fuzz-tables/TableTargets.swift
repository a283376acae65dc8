import Foundation
import FuzzHarness
import Tables

/// Tables of text cells.
enum TableTargets {
  static let all = [
    FuzzTarget(name: "tables", kind: { $0 is TableError ? .text : .foreign }) { input, _ in
      let table = try DelimitedTable(data: Data(input), source: "a.csv")
      for row in table.rows { precondition(row.cells.count == table.header.count, "row") }
      // Written and read again, a table is the same.
      let again = try DelimitedTable(text: table.text(), source: "again", separator: ",")
      precondition(again.header == table.header, "header \(table.header) \(again.header)")
      precondition(again.rows.map(\.cells) == table.rows.map(\.cells), "cells")
    }
  ]
}

/// What libFuzzer calls before the first input.
@_cdecl("LLVMFuzzerInitialize")
public func initialise(
  _ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer
) -> CInt {
  FuzzHarness.choose(among: TableTargets.all)
  return 0
}

/// Where a release build begins.
@_cdecl("motorpool_fuzz_tables_main")
public func start(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  FuzzHarness.start(count, arguments)
}
