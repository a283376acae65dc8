/// Path data of SVG on a grid of a tenth of a user unit.
///
/// Moves are written relative to the rounded position of the one before, so that rounding never
/// adds up and dense figures stay small.
struct SVGPath: Sendable {
  private(set) var data = ""
  private var x = 0
  private var y = 0
  private var startX = 0
  private var startY = 0
  private var hasStart = false

  /// Whether nothing has been drawn.
  var isEmpty: Bool { data.isEmpty }

  /// Starts a new part of the path.
  mutating func move(_ px: Double, _ py: Double) {
    let (nx, ny) = (grid(px), grid(py))
    if hasStart {
      data += "m" + pair(nx - x, ny - y)
    } else {
      data += "M" + pair(nx, ny)
      hasStart = true
    }
    (x, y) = (nx, ny)
    (startX, startY) = (nx, ny)
  }

  /// A straight line to a point; nothing where it lies on the same grid point.
  mutating func line(_ px: Double, _ py: Double) {
    let (nx, ny) = (grid(px), grid(py))
    let (dx, dy) = (nx - x, ny - y)
    if dx == 0 && dy == 0 { return }
    if dx == 0 {
      data += "v" + NumberText.tenths(dy)
    } else if dy == 0 {
      data += "h" + NumberText.tenths(dx)
    } else {
      data += "l" + pair(dx, dy)
    }
    (x, y) = (nx, ny)
  }

  /// Closes the current part, which takes the pen back to the part's start.
  mutating func close() {
    if data.isEmpty { return }
    data += "z"
    (x, y) = (startX, startY)
  }

  /// Draws a polyline through points; a point that is not finite interrupts it.
  mutating func polyline(_ points: some Sequence<(Double, Double)>) {
    var isPenDown = false
    for (px, py) in points {
      guard px.isFinite, py.isFinite else {
        isPenDown = false
        continue
      }
      if isPenDown { line(px, py) } else { move(px, py) }
      isPenDown = true
    }
  }

  private func grid(_ value: Double) -> Int {
    guard value.isFinite else { return 0 }
    return Int((min(max(value, -1e6), 1e6) * 10).rounded())
  }

  private func pair(_ a: Int, _ b: Int) -> String {
    let second = NumberText.tenths(b)
    // A minus separates two numbers by itself.
    return NumberText.tenths(a) + (second.hasPrefix("-") ? "" : " ") + second
  }
}
