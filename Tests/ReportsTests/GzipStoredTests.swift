import Testing

@testable import Reports

struct GzipStoredTests {
  @Test func checksumOfTheStandard() {
    #expect(GzipStored.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(GzipStored.crc32([]) == 0)
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 200_000])
  func blocksHoldTheContent(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let file = [UInt8](GzipStored.wrap(bytes))
    #expect(file.prefix(4) == [0x1F, 0x8B, 8, 0])
    var content: [UInt8] = []
    var position = 10
    var isLast = false
    while !isLast {
      isLast = file[position] == 1
      let length = Int(file[position + 1]) | Int(file[position + 2]) << 8
      let complement = Int(file[position + 3]) | Int(file[position + 4]) << 8
      #expect(length ^ complement == 0xFFFF)
      content += file[(position + 5)..<(position + 5 + length)]
      position += 5 + length
    }
    #expect(content == bytes)
    #expect(file.count - position == 8)
    #expect(Int(file[file.count - 4]) | Int(file[file.count - 3]) << 8 == count & 0xFFFF)
  }
}
