import Foundation
import Testing

@testable import Tables

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
    #expect(throws: TableError.self) { try DelimitedTable(text: text, source: "t") }
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

  @Test(arguments: ["sep=;", "sep=a", "SEP=xxx", "\"sep=;", "sep=\"", "sep=\u{900}", "\u{FEFF}"])
  func columnsCalledLikeTheBeginningOfAFileAreReadBack(_ name: String) throws {
    for header in [[name], [name, "b"]] {
      let table = DelimitedTable(header: header, rows: [header.map { _ in "2" }])
      for separator in [",", ";", "\t"] as [Character] {
        let read = try DelimitedTable(text: table.text(separator: separator), source: "t")
        #expect(read.header == table.header)
        #expect(read.rows.map(\.cells) == table.rows.map(\.cells))
      }
    }
  }

  @Test func aRowOfNothingButItsNumberIsEmpty() throws {
    let table = try DelimitedTable(text: ",a,b\n0,1,2\n1,,\n2,3,4\n", source: "t")
    #expect(table.header == ["a", "b"])
    #expect(table.rows.map(\.cells) == [["1", "2"], ["3", "4"]])
    #expect(table.rows.map(\.line) == [2, 4])
  }

  @Test(arguments: ["sep=\n1\n", "sep=\r\n1\r\n"])
  func lineEndsAreNoSeparators(_ text: String) throws {
    let table = try DelimitedTable(text: text, source: "t")
    #expect(table.header == ["sep="])
    #expect(table.rows.map(\.cells) == [["1"]])
  }

  @Test func utf16IsReadByItsMarkAndBytesAreRefused() throws {
    let text = "subject,note\nA,größer\n"
    for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
      let mark: [UInt8] = encoding == .utf16LittleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
      let data = Data(mark) + (try #require(text.data(using: encoding)))
      #expect(try DelimitedTable(data: data, source: "t").rows.map(\.cells) == [["A", "größer"]])
    }
    for bytes: [UInt8] in [[0x61, 0x2C, 0x62, 0x0A, 0x00, 0x2C, 0x31], [0xFF, 0xFE, 0x61]] {
      #expect(throws: TableError.self) {
        try DelimitedTable(data: Data(bytes), source: "t")
      }
    }
  }

  @Test func decimalCommasAreToldFromSeparators() throws {
    func commas(_ cells: [String]) -> Bool {
      DelimitedTable(header: ["y", "z"], rows: cells.map { [$0, "a,b"] })
        .writesDecimalCommas(in: ["y"])
    }
    #expect(commas(["84,5", "80", "-3,25"]))
    #expect(!commas(["84,5", "80.1"]) && !commas(["84", "80"]) && !commas(["1,234,567"]))
  }
}
