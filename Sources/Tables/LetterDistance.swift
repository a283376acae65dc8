/// How many letters have to be changed, added or left out to turn one text into another.
package enum LetterDistance {
  /// The distance of two texts, as a count; nil where it is larger than the limit or a text is longer
  /// than 100 letters.
  ///
  /// Source: Levenshtein 1966, Soviet Physics Doklady 10.
  package static func between(_ first: String, _ second: String, atMost limit: Int) -> Int? {
    let (a, b) = (Array(first), Array(second))
    guard abs(a.count - b.count) <= limit, a.count <= 100, b.count <= 100 else { return nil }
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let next = min(row[j], row[j + 1]) + 1
        let change = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(next, change)
      }
    }
    return row[b.count] <= limit ? row[b.count] : nil
  }

  /// The known word that is most like a text, upper and lower case alike; nil where all differ from it
  /// by more than a third of its letters, or two.
  package static func nearest(to text: String, among words: some Sequence<String>) -> String? {
    let wanted = text.lowercased()
    let limit = max(2, text.count / 3)
    let ranked = words.compactMap { word in
      between(wanted, word.lowercased(), atMost: limit).map { (word: word, distance: $0) }
    }
    return ranked.min { $0.distance < $1.distance }?.word
  }
}
