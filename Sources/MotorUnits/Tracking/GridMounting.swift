import RealModule

/// How one mounting of an array lies relative to another: shift in millimetres and rotation.
public struct GridMounting: Sendable, Equatable, Codable {
  /// Shift along the first axis of the array in millimetres.
  public var shiftAlong: Double
  /// Shift along the second axis in millimetres.
  public var shiftAcross: Double
  /// Rotation about the centre of the array in degrees.
  public var rotationDegrees: Double

  /// A mounting from its parts; unmoved unless told otherwise.
  public init(shiftAlong: Double = 0, shiftAcross: Double = 0, rotationDegrees: Double = 0) {
    self.shiftAlong = shiftAlong
    self.shiftAcross = shiftAcross
    self.rotationDegrees = rotationDegrees
  }

  /// Places of the first mounting's frame in the frame of the moved array.
  ///
  /// An electrode of the moved array at `x` of its own frame stands at `c + R (x - c) + t` of the
  /// first frame, `c` being the centre of the array; this is the inverse.
  func inMovedFrame(_ positions: [[Double]], centre: [Double]) -> [[Double]] {
    let angle = rotationDegrees * Double.pi / 180
    let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
    return positions.map { position in
      let x = position[0] - centre[0] - shiftAlong
      let y = position[1] - centre[1] - shiftAcross
      return [centre[0] + x * cosine + y * sine, centre[1] - x * sine + y * cosine]
    }
  }
}
