import Testing

@testable import Tables

@Suite("Headers as spreadsheets write them")
struct TableHeaderTests {
  private func table(_ text: String) throws -> DelimitedTable {
    try DelimitedTable(text: text, source: "t.csv")
  }

  @Test(arguments: ["sep=;\r\n", "SEP=;\n", "\"sep=;\"\r\n", "sep=;;;\n"])
  func aLineThatNamesTheSeparatorIsNoRow(first: String) throws {
    let read = try table("\u{FEFF}" + first + "id;munix\r\nP1;120,5\r\n")
    #expect(read.header == ["id", "munix"])
    #expect(read.rows.map(\.cells) == [["P1", "120,5"]])
    #expect(read.rows.map(\.line) == [3])
  }

  @Test func titlesAboveTheHeaderArePassedOver() throws {
    let read = try table(
      "Study ABC;;\nExport of 01.03.2025;;\n\nid;date;munix\nP1;10.01.2025;120\n")
    #expect(read.header == ["id", "date", "munix"])
    #expect(read.rows.map(\.line) == [5])
  }

  @Test func rowsOfEmptyCellsAreNoRows() throws {
    let read = try table("id;munix\nP1;120\n;\n ; \nP2;90\n;\n")
    #expect(read.rows.map(\.cells) == [["P1", "120"], ["P2", "90"]])
  }

  @Test func groupsAboveColumnsAreJoinedWithThem() throws {
    let read = try table(
      ";;APB left;;ADM right;\nid;date;MUNIX;CMAP;MUNIX;CMAP\nP1;2025-01-10;120;8;99;7\n")
    #expect(
      read.header == [
        "id", "date", "MUNIX APB left", "CMAP APB left", "MUNIX ADM right", "CMAP ADM right",
      ])
    let spanned = try table(
      "id,date,APB left,,ADM left,\n,,MUNIX,CMAP,MUNIX,CMAP\nP1,2025-01-10,1,2,3,4\n")
    #expect(
      spanned.header[2...] == [
        "MUNIX APB left", "CMAP APB left", "MUNIX ADM left", "CMAP ADM left",
      ])
    #expect(spanned.header[..<2] == ["id", "date"])
  }

  @Test func aColumnThatCountsTheRowsIsLeftOut() throws {
    let read = try table(",id,munix\n0,P1,120\n1,P2,90\n")
    #expect(read.header == ["id", "munix"])
    #expect(read.rows.map(\.cells) == [["P1", "120"], ["P2", "90"]])
    #expect(throws: TableError.self) { try table(",id,munix\nx,P1,120\ny,P2,90\n") }
  }

  @Test func aTableOfTextAloneBeginsWithItsHeader() throws {
    let read = try table("subject,arm\nP1,a\nP2,b\n")
    #expect(read.header == ["subject", "arm"])
    #expect(read.rows.count == 2)
    #expect(try table("id,0,3,6\nP1,4,5,6\n").header == ["id", "0", "3", "6"])
  }

  @Test func aDecimalCommaIsNoSeparator() throws {
    let read = try table("a;b\n1,5;2,5\n3,5;4,5\n")
    #expect(read.header == ["a", "b"])
    #expect(try table("a,b\n1.5,x;y\n2.5,z\n").header == ["a", "b"])
  }
}
