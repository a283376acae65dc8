import Foundation
import Testing

@testable import Registry

@Suite struct DelimitedTableTests {
  @Test func quotesLineEndsAndMarksAreRead() throws {
    let text = "\u{FEFF}a;b;c\r\n\"1;\"\"x\"\"\r\ny\";2;\r\r\n3;;4\n\n"
    let table = try DelimitedTable(text: text, source: "t")
    #expect(table.header == ["a", "b", "c"])
    #expect(table.rows.map(\.cells) == [["1;\"x\"\r\ny", "2", ""], ["3", "", "4"]])
    #expect(table.rows.map(\.line) == [2, 5])
  }

  @Test(arguments: [
    "", "\n\n", "a,a\n1,2\n", "a,,b\n", "a,b\n1,2,3\n", "a,b\n\"1,2\n", "a,b\n\"1\"2,3\n",
  ]) func damagedTablesAreRefused(_ text: String) {
    #expect(throws: RegistryError.self) { try DelimitedTable(text: text, source: "t") }
  }

  @Test func shortRowsAreFilledAndLatin1IsRead() throws {
    let table = try DelimitedTable(data: Data([0x61, 0x2C, 0x62, 0x0A, 0xFC, 0x0A]), source: "t")
    #expect(table.rows.map(\.cells) == [["ü", ""]])
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let cells = ["", " x ", "a\"b", "a,b", "a;b", "a\nb", "\r", "é", "\"\"", "-1.5"]
    let table = DelimitedTable(header: ["one", "two"], rows: cells.map { [$0, "z"] })
    for separator in [",", ";", "\t"] as [Character] {
      #expect(
        try DelimitedTable(text: table.text(separator: separator), source: "t").rows.map(\.cells)
          == table.rows.map(\.cells))
    }
  }
}
