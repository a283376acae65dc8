import Testing

@testable import UnitNumber

@Suite struct RepeatedCMAPTests {
  @Test func responsesNearTheLargestTellTheError() {
    let found = RepeatedCMAP().standardError(of: 10, among: [10, 9.8, 9.6, 9.4, 2])
    #expect(found.responses == 3)
    // Standard deviation 0.2 of three.
    #expect(abs(found.error - 0.2 / 3.0.squareRoot()) < 1e-12)
  }

  @Test func tooFewTellNothing() {
    let found = RepeatedCMAP().standardError(of: 10, among: [10, 9.8, 3])
    #expect(found.responses == 2 && abs(found.error - 0.3) < 1e-12)
  }

  @Test func settingsDecide() {
    var settings = RepeatedCMAP()
    settings.nearLargest = 0.1
    #expect(settings.standardError(of: 10, among: [10, 9.8, 3]).responses == 3)
    settings.fewestResponses = 4
    settings.assumedError = 0.1
    #expect(settings.standardError(of: 10, among: [10, 9.8, 3]).error == 1)
  }
}
