import Testing

@testable import MotorUnits

@Suite struct GridInterpolationTests {
  let grid = TrackingExamples.grid(5, 5)

  private func field(_ place: [Double]) -> Float {
    Float(10 + 0.2 * place[0] - 0.01 * place[1] * place[1])
  }

  @Test func smoothFieldsAreReproducedBetweenElectrodes() {
    let source = GridInterpolation.Source(positions: grid, length: 10, ridge: 0.001)
    let places = [[0.0, 0], [4, 4], [-6, 3]]
    let interpolation = GridInterpolation(from: source, to: places)
    for (p, place) in places.enumerated() {
      var value: Float = 0
      for (e, electrode) in grid.enumerated() {
        value += interpolation.weights[p * grid.count + e] * field(electrode)
      }
      #expect(abs(value - field(place)) < 0.3)
    }
  }

  @Test func reliabilityFallsOutsideTheArray() {
    let source = GridInterpolation.Source(positions: grid, length: 10, ridge: 0.02)
    let reliability = GridInterpolation(
      from: source, to: [[0, 0], [16, 0], [22, 0], [60, 0]]
    ).reliability
    #expect(reliability[0] > 0.95)
    #expect(reliability[1] < reliability[0] && reliability[2] < reliability[1])
    #expect(reliability[3] < 0.01)
  }

  @Test func aMovedFrameIsUndone() {
    let mounting = GridMounting(shiftAlong: 3, shiftAcross: -2, rotationDegrees: 90)
    // The electrode at (8, 0) of the moved array lies at (3, 6) of the first frame.
    let place = mounting.inMovedFrame([[3, 6]], centre: [0, 0])[0]
    #expect(abs(place[0] - 8) < 1e-9 && abs(place[1]) < 1e-9)
  }
}
