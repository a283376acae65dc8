/// Reduction of a sampled trace to what a figure of a given width can show.
enum TraceReduction {
  /// Smallest and largest value per column, in sample order.
  ///
  /// - Returns: the trace itself where it has at most two samples a column; else two points per
  ///   column at the column's centre. Positions are in samples. Values that are not finite are
  ///   left out.
  static func envelope(_ values: [Float], columns: Int) -> [(position: Double, value: Double)] {
    precondition(columns > 0, "a trace needs at least one column")
    if values.count <= 2 * columns {
      return values.enumerated().compactMap { index, value in
        value.isFinite ? (Double(index), Double(value)) : nil
      }
    }
    var result: [(position: Double, value: Double)] = []
    result.reserveCapacity(2 * columns)
    for column in 0..<columns {
      let start = column * values.count / columns
      let end = (column + 1) * values.count / columns
      var low = Float.infinity
      var high = -Float.infinity
      var lowIndex = start
      var highIndex = start
      for index in start..<end where values[index].isFinite {
        if values[index] < low { (low, lowIndex) = (values[index], index) }
        if values[index] > high { (high, highIndex) = (values[index], index) }
      }
      guard low <= high else { continue }
      let centre = Double(start + end - 1) / 2
      if lowIndex <= highIndex {
        result.append((centre, Double(low)))
        result.append((centre, Double(high)))
      } else {
        result.append((centre, Double(high)))
        result.append((centre, Double(low)))
      }
    }
    return result
  }
}
