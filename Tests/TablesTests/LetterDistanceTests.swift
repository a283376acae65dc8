import Testing

@testable import Tables

@Suite("Distance between words")
struct LetterDistanceTests {
  @Test(
    "Letters changed, added and left out are counted",
    arguments: [("", "", 0), ("scan", "scan", 0), ("scan", "scna", 2), ("kitten", "sitting", 3)])
  func counted(first: String, second: String, distance: Int) {
    #expect(LetterDistance.between(first, second, atMost: 5) == distance)
    #expect(LetterDistance.between(second, first, atMost: 5) == distance)
  }

  @Test("Beyond the limit there is no distance")
  func limited() {
    #expect(LetterDistance.between("kitten", "sitting", atMost: 2) == nil)
    #expect(LetterDistance.between("a", "abcdef", atMost: 2) == nil)
  }

  @Test("The nearest word is found, words that are like none are left alone")
  func nearest() {
    let words = ["decompose", "deidentify", "compare", "scan"]
    #expect(LetterDistance.nearest(to: "decompse", among: words) == "decompose")
    #expect(LetterDistance.nearest(to: "SCNA", among: words) == "scan")
    #expect(LetterDistance.nearest(to: "elephant", among: words) == nil)
  }
}
