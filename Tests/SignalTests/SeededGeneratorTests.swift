import Testing

@testable import Signal

@Suite struct SeededGeneratorTests {
  @Test func sameSeedSameNumbersOtherStreamOthers() {
    var a = SeededGenerator(seed: 9, stream: 2)
    var b = SeededGenerator(seed: 9, stream: 2)
    var c = SeededGenerator(seed: 9, stream: 3)
    let first = (0..<100).map { _ in a.next() }
    #expect(first == (0..<100).map { _ in b.next() })
    #expect(first != (0..<100).map { _ in c.next() })
  }

  @Test func momentsOfTheDistributions() {
    var random = SeededGenerator(seed: 10)
    let count = 200_000
    let normal = (0..<count).map { _ in random.normal() }
    let mean = normal.reduce(0, +) / Double(count)
    let variance = normal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    // Five standard errors of the mean and of the variance.
    #expect(abs(mean) < 5 / Double(count).squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / Double(count)).squareRoot())
    let exponential = (0..<count).map { _ in random.exponential() }
    #expect(abs(exponential.reduce(0, +) / Double(count) - 1) < 5 / Double(count).squareRoot())
    let uniform = (0..<count).map { _ in random.uniform(2, 4) }
    #expect(uniform.allSatisfy { $0 >= 2 && $0 < 4 })
    #expect((0..<1_000).allSatisfy { _ in random.index(below: 7) < 7 })
  }
}
