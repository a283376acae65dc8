/// Packs of recordings of about equal cost, so that tasks of a cluster end together.
public enum Shards {
  /// Seconds of processor time that one task should take: minutes, since a cluster needs about a
  /// second to start one.
  public static let targetSeconds = 180.0

  /// How many packs a list is worth at `targetSeconds` each, 1 at least.
  public static func count(_ items: [BatchItem]) -> Int {
    let total = items.reduce(0) { $0 + $1.predictedSeconds }
    return max(1, min(items.count, Int((total / targetSeconds).rounded(.up))))
  }

  /// The pack of each item, 0 to `count` - 1.
  ///
  /// The dearest first, each to the pack that is cheapest
  /// so far (Graham 1969, SIAM J. Appl. Math. 17). Ties go to the lower index.
  public static func assignment(_ items: [BatchItem], count: Int) -> [Int] {
    precondition(count >= 1, "at least one pack")
    let order = items.indices.sorted {
      items[$0].predictedSeconds != items[$1].predictedSeconds
        ? items[$0].predictedSeconds > items[$1].predictedSeconds : $0 < $1
    }
    var heap = (0..<count).map { (load: 0.0, pack: $0) }
    func isBefore(_ a: Int, _ b: Int) -> Bool {
      (heap[a].load, heap[a].pack) < (heap[b].load, heap[b].pack)
    }
    var packs = [Int](repeating: 0, count: items.count)
    for item in order {
      packs[item] = heap[0].pack
      heap[0].load += max(0, items[item].predictedSeconds)
      var place = 0
      while true {
        var least = place
        for child in [2 * place + 1, 2 * place + 2] where child < count && isBefore(child, least) {
          least = child
        }
        if least == place { break }
        heap.swapAt(place, least)
        place = least
      }
    }
    return packs
  }
}
