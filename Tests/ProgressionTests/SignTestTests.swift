import Progression
import Testing

@Suite struct SignTestTests {
  @Test func exactBinomial() {
    let test = SignTest([1, 2, 3, 4, 5, 6, 7, 8, -1, -2, 0])
    #expect(test.positive == 8 && test.negative == 2 && test.zero == 1)
    // 2 (1 + 10 + 45) / 1024
    #expect(agree(test.p, 112.0 / 1024, relative: 1e-12))
    #expect(SignTest([1, -1]).p == 1)
  }
}
