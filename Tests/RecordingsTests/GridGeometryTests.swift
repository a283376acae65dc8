import Testing

@testable import Recordings

@Suite struct GridGeometryTests {
  @Test(arguments: [
    ("GR08MM1305", 13, 5, 8.0, 64), ("Muscle - HD04MM1305 (7)", 13, 5, 4.0, 64),
    ("gr10mm0808", 8, 8, 10.0, 64), ("HD10MM0808", 8, 8, 10.0, 64), ("HD10MM0804", 8, 4, 10.0, 32),
  ])
  func readsMakersCodes(
    _ text: String, _ rows: Int, _ columns: Int, _ distance: Double, _ count: Int
  ) throws {
    let geometry = try #require(GridGeometry(code: text))
    #expect(geometry.rows == rows && geometry.columns == columns)
    #expect(geometry.interElectrodeDistanceMillimetres == distance)
    #expect(geometry.electrodeCount == count)
  }

  @Test func makersOrdersFollowTheDataSheets() throws {
    func site(_ code: String, _ electrode: Int) throws -> ElectrodeGrid.Position? {
      let geometry = try #require(GridGeometry(code: code))
      return geometry.grid(channels: Array(0..<geometry.electrodeCount))?
        .position(ofChannel: electrode - 1)
    }
    // Missing corner at the right, columns downwards from right to left.
    #expect(try site("HD08MM1305", 1) == .init(row: 1, column: 4))
    #expect(try site("HD08MM1305", 13) == .init(row: 0, column: 3))
    #expect(try site("HD04MM1305", 64) == .init(row: 12, column: 0))
    #expect(try site("GR10MM0808", 1) == .init(row: 7, column: 0))
    #expect(try site("HD10MM0808", 8) == .init(row: 0, column: 7))
    #expect(try site("GR10MM0804", 1) == .init(row: 7, column: 3))
    #expect(try site("HD10MM0804", 9) == .init(row: 0, column: 1))
  }

  @Test func anUnknownLayoutIsNotInvented() {
    #expect(GridGeometry(code: "HD05MM0804") == nil)
    // Whoever states it as the grid accepts channels column by column.
    #expect(GridGeometry(option: "HD05MM0804")?.columns == 4)
    #expect(GridGeometry(option: "2x3,1e308") == nil)
    #expect(GridGeometry(option: "2x3,0") == nil)
  }

  @Test(arguments: ["", "GR08MM", "GR08MM13x5", "GRxxMM1305", "GR00MM1305", "AB08MM1305"])
  func otherTextIsNoCode(_ text: String) { #expect(GridGeometry(code: text) == nil) }

  @Test func columnsOfTheThirteenByFiveArrayRunDownAndUp() throws {
    let geometry = try #require(GridGeometry(code: "GR08MM1305"))
    let grid = try #require(geometry.grid(channels: Array(100..<164)))
    #expect(grid.position(ofChannel: 100) == .init(row: 1, column: 0))
    #expect(grid.position(ofChannel: 111) == .init(row: 12, column: 0))
    #expect(grid.position(ofChannel: 112) == .init(row: 12, column: 1))
    #expect(grid.position(ofChannel: 124) == .init(row: 0, column: 1))
    #expect(grid.position(ofChannel: 125) == .init(row: 0, column: 2))
    #expect(grid.position(ofChannel: 163) == .init(row: 12, column: 4))
    #expect(grid.channel(at: .init(row: 0, column: 0)) == nil)
    #expect(grid.distanceMillimetres(111, 112) == 8)
    #expect(geometry.grid(channels: Array(0..<63)) == nil)
    let part = try #require(geometry.grid(electrodes: [(0, 1), (1, 13)]))
    #expect(part.position(ofChannel: 1) == .init(row: 12, column: 1))
    #expect(geometry.grid(electrodes: [(0, 65)]) == nil)
    #expect(geometry.grid(electrodes: [(0, 3), (1, 3)]) == nil)
  }

  @Test func readsOptions() throws {
    let plain = try #require(GridGeometry(option: "8x4"))
    #expect(plain.interElectrodeDistanceMillimetres == nil)
    #expect(
      try #require(plain.grid(channels: Array(0..<32))).position(ofChannel: 9)
        == .init(row: 1, column: 1))
    #expect(GridGeometry(option: "13x5,8mm")?.interElectrodeDistanceMillimetres == 8)
    // 64 channels on 13 x 5: the corner is missing.
    #expect(GridGeometry(option: "13x5,8")?.grid(channels: Array(0..<64)) != nil)
    #expect(GridGeometry(option: "GR10MM0808")?.rows == 8)
    for text in ["", "8", "8x", "0x8", "8x8,", "8x8,-1", "8x8x8", "-1x8", "65x2", "8x8,nan"] {
      #expect(GridGeometry(option: text) == nil, "\(text)")
    }
  }
}
