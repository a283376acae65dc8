/// The corner of a plot where a box of notes hides the least of the data.
enum NoteCorner {
  static func emptiest(
    _ series: [XYFigure.Series], frame: PlotFrame, width: Double, height: Double
  ) -> (x: Double, y: Double) {
    let xs = [frame.right - width - 8, frame.left + 10]
    let ys = [frame.top + 8, frame.bottom - height - 8]
    let marks = series.flatMap { samples($0, frame: frame) }
    var best = (x: xs[0], y: ys[0])
    var fewest = Int.max
    for y in ys {
      for x in xs {
        let hits = marks.count {
          $0.0 >= x - 6 && $0.0 <= x + width + 6 && $0.1 >= y - 6 && $0.1 <= y + height + 6
        }
        if hits < fewest { (fewest, best) = (hits, (x, y)) }
      }
    }
    return best
  }

  /// Places that a series covers: its points, and points along its lines and inside its bars.
  private static func samples(
    _ series: XYFigure.Series, frame: PlotFrame
  ) -> [(Double, Double)] {
    let points = zip(series.x, series.y).map { frame.point($0, $1) }
    switch series.mark {
    case .points: return points
    case .bars(let width):
      let base = frame.y.clampedPosition(0)
      return zip(series.x, points).flatMap { x, point in
        (0...4).flatMap { across in
          (0...8).map { up in
            let place = frame.x.position(x + width * (Double(across) / 4 - 0.5))
            return (place, base + (point.1 - base) * Double(up) / 8)
          }
        }
      }
    case .line, .dashedLine, .steps, .ribbon:
      return zip(points, points.dropFirst()).flatMap { from, to in
        (0...12).map { step in
          let share = Double(step) / 12
          return (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
        }
      }
    }
  }
}
