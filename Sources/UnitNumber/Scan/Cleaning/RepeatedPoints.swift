/// Points that were written twice: the same stimulus with the same response as the one before.
///
/// Responses of coarse resolution agree by chance as well. They do so as often over two points as
/// over one, which tells the chance.
enum RepeatedPoints {
  static func find(
    _ points: ScanPoints, settings: ScanConfiguration.Cleaning
  ) -> Set<Int> {
    func isEqual(_ first: Int, _ second: Int) -> Bool {
      points.stimulus[first] == points.stimulus[second]
        && points.response[first] == points.response[second]
    }
    guard points.count > 3 else { return [] }
    let next = (1..<points.count).filter { isEqual($0, $0 - 1) }
    let overOne = (2..<points.count).count {
      points.response[$0] == points.response[$0 - 2] && !isEqual($0, $0 - 1)
        && !isEqual($0 - 1, $0 - 2)
    }
    guard Double(next.count) > settings.repeatFactor * Double(overOne) + 1 else { return [] }
    return Set(next)
  }
}
