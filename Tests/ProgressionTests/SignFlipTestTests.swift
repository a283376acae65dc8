import Progression
import Testing

@Suite struct SignFlipTestTests {
  @Test func allPatternsAreCounted() {
    var generator = TestGenerator(3)
    let test = SignFlipTest([1, 2, 4], using: &generator)
    #expect(test.isExact && test.permutations == 8)
    #expect(test.p == 0.25)
    // Fisher's example of ten paired differences: 10 of 1,024 patterns... counted by brute force.
    let values = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2.0]
    var hits = 0
    let observed = abs(values.reduce(0, +))
    for pattern in 0..<1024 {
      var sum = 0.0
      for (bit, value) in values.enumerated() {
        sum += pattern >> bit & 1 == 1 ? value : -value
      }
      if abs(sum) >= observed - 1e-9 { hits += 1 }
    }
    #expect(SignFlipTest(values, using: &generator).p == Double(hits) / 1024)
  }

  @Test func randomPatternsAreReproducible() {
    let values = (0..<30).map { Double($0 % 7) - 2 }
    var first = TestGenerator(5)
    var second = TestGenerator(5)
    #expect(SignFlipTest(values, using: &first) == SignFlipTest(values, using: &second))
  }

  /// The sums over groups of eight give what adding value by value gives, for every remainder.
  @Test(arguments: [21, 24, 63, 64, 65, 130]) func drawsAreThoseOfSingleSigns(_ count: Int) {
    let values = (0..<count).map { Double(($0 * 7919) % 101) / 10 - 4 }
    let draws = 500
    let observed = abs(values.reduce(0, +))
    var generator = TestGenerator(9)
    var hits = 0
    for _ in 0..<draws {
      var bits: UInt64 = 0
      var sum = 0.0
      for i in 0..<count {
        if i % 64 == 0 { bits = generator.next() }
        sum += bits & 1 == 1 ? values[i] : -values[i]
        bits >>= 1
      }
      if abs(sum) >= observed - 1e-9 { hits += 1 }
    }
    var again = TestGenerator(9)
    let test = SignFlipTest(values, draws: draws, using: &again)
    #expect(!test.isExact && test.p == Double(hits + 1) / Double(draws + 1))
  }
}
