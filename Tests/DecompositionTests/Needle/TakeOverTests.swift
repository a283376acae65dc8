import Testing

@testable import Decomposition

@Suite struct TakeOverTests {
  @Test func missingUnitIsTakenOver() {
    let other = NeedleTestSignals.trueModel()
    var model = other
    model.units.remove(at: 1)
    let trains = model.units.map(\.firings)
    model.takeOver(from: other)
    #expect(model.units.count == 3)
    #expect(Array(model.units.map(\.firings).prefix(2)) == trains)
  }

  @Test func moreRegularTrainReplacesTheOwn() {
    let other = NeedleTestSignals.trueModel()
    var model = other
    model.units[1].firings = model.units[1].firings.enumerated().filter { $0.offset % 4 != 1 }
      .map(\.element)
    model.takeOver(from: other)
    #expect(model.units.count == 3)
    #expect(model.units.contains { $0.firings.count == other.units[1].firings.count })
  }

  @Test func trainThatExplainsNothingIsLeft() {
    let model = NeedleTestSignals.trueModel()
    var other = model
    // As regular as the own ones, but where nothing fires.
    other.units[0].firings = model.units[0].firings.map { min(model.signal.count - 1, $0 + 700) }
    var result = model
    result.takeOver(from: other)
    #expect(result.units.map(\.firings) == model.units.map(\.firings))
  }
}
