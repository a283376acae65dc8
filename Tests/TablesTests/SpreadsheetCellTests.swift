import Foundation
import Testing

@testable import Tables

@Suite struct SpreadsheetCellTests {
  private static let cells = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "'=1", "''-x", "-", "=",
    "plain", "-3.5", "+2", "-1,5", "'quoted'", "", "1e-5", "O'Neill", "–5",
  ]

  @Test func noCellBeginsWithWhatASpreadsheetRuns() {
    for cell in Self.cells {
      let written = SpreadsheetCell.neutral(cell)
      let isNumber = Double(written.replacingOccurrences(of: ",", with: ".")) != nil
      #expect(isNumber || !"=+-@\t\r".contains(written.first ?? "x"), "\(written)")
    }
    #expect(SpreadsheetCell.neutral("-3.5") == "-3.5")
    #expect(SpreadsheetCell.neutral("=1+1") == "'=1+1")
  }

  @Test func everyCellComesBack() throws {
    for cell in Self.cells {
      #expect(SpreadsheetCell.original(SpreadsheetCell.neutral(cell)) == cell)
    }
    let table = DelimitedTable(
      header: ["a", "=b"], rows: Self.cells.map { [$0, "x"] })
    #expect(!table.text().contains("\n="))
    let read = try DelimitedTable(text: table.text(), source: "t")
    #expect(read.header == table.header)
    #expect(read.rows.map(\.cells) == table.rows.map(\.cells))
  }
}
