import RealModule

/// How the arrays of all visits lie to each other, from every pair of visits.
///
/// Two visits with few common units may be laid wrongly; a way over a third visit then fits better.
struct VisitMountings {
  /// The mounting of the second visit's array for each pair, by `pairIndex`.
  private(set) var mountings: [GridMounting]

  /// - Parameters:
  ///   - count: visits.
  ///   - engines: similarities of each pair of visits; nil where they cannot be compared.
  ///   - centres: centre of the array of each visit in millimetres, in its own frame.
  init(
    count: Int, engines: [SimilarityEngine?], centres: [[Double]], search: MountingSearch,
    direct: [GridMounting]
  ) {
    mountings = direct
    var scores = engines.indices.map { index in
      engines[index].map { search.score($0.similarity(direct[index], isComplete: false)) } ?? 0
    }
    let first = direct
    for a in 0..<count {
      for b in a + 1..<count {
        let index = Self.index(a, b, count: count)
        guard let engine = engines[index], engine.hasGeometry, search.largestShift > 0 else {
          continue
        }
        for c in 0..<count where c != a && c != b {
          let (one, two) = (Self.index(a, c, count: count), Self.index(c, b, count: count))
          guard engines[one] != nil, engines[two] != nil else { continue }
          let way = Self.transform(first, a, c, centres, count).then(
            Self.transform(first, c, b, centres, count))
          let mounting = way.mounting(centre: centres[b])
          let score = search.score(engine.similarity(mounting, isComplete: false))
          if score > scores[index] {
            scores[index] = score
            mountings[index] = mounting
          }
        }
      }
    }
  }

  /// Place of a pair of visits in a list of all of them.
  static func index(_ a: Int, _ b: Int, count: Int) -> Int {
    let (low, high) = (min(a, b), max(a, b))
    return low * count - low * (low + 1) / 2 + high - low - 1
  }

  private static func transform(
    _ mountings: [GridMounting], _ a: Int, _ b: Int, _ centres: [[Double]], _ count: Int
  ) -> RigidMotion {
    let mounting = mountings[index(a, b, count: count)]
    let motion = RigidMotion(mounting, centre: centres[max(a, b)])
    return a < b ? motion : motion.inverse
  }
}

/// A turn and a shift of the plane: from the frame of one array to that of another.
struct RigidMotion {
  var degrees: Double
  var along: Double
  var across: Double

  init(degrees: Double, along: Double, across: Double) {
    self.degrees = degrees
    self.along = along
    self.across = across
  }

  /// Places of the moved array's frame in that of the first.
  init(_ mounting: GridMounting, centre: [Double]) {
    degrees = mounting.rotationDegrees
    let turned = Self.turned(centre[0], centre[1], degrees)
    along = centre[0] + mounting.shiftAlong - turned.0
    across = centre[1] + mounting.shiftAcross - turned.1
  }

  private static func turned(_ x: Double, _ y: Double, _ degrees: Double) -> (Double, Double) {
    let angle = degrees * Double.pi / 180
    let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
    return (x * cosine - y * sine, x * sine + y * cosine)
  }

  var inverse: RigidMotion {
    let back = Self.turned(-along, -across, -degrees)
    return RigidMotion(degrees: -degrees, along: back.0, across: back.1)
  }

  /// This motion after another one: from the frame of `other` over its target to this target.
  func then(_ other: RigidMotion) -> RigidMotion {
    let moved = Self.turned(other.along, other.across, degrees)
    return RigidMotion(
      degrees: degrees + other.degrees, along: along + moved.0, across: across + moved.1)
  }

  func mounting(centre: [Double]) -> GridMounting {
    let turned = Self.turned(centre[0], centre[1], degrees)
    return GridMounting(
      shiftAlong: along - centre[0] + turned.0, shiftAcross: across - centre[1] + turned.1,
      rotationDegrees: degrees)
  }
}
