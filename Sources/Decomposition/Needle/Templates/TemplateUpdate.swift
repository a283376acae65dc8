extension NeedleModel {
  /// Re-estimates every template by robust backfitting on the residual, unit after unit.
  mutating func updateTemplates(rounds: Int = 2) {
    var residual = residual()
    let channels = signal.channels.count
    for _ in 0..<rounds {
      for unit in units.indices where units[unit].firings.count >= 5 {
        let (rows, values) = windows(residual, at: units[unit].firings, reach: half)
        if rows < 5 { continue }
        var template = columnTrimmedMean(values, rows: rows, trim: 0.2)
        for index in 0..<channels * length { template[index] += units[unit].template[index] }
        template = supported(template, firings: rows)
        superpose(units[unit], scale: 1, on: &residual)
        units[unit].template = template
        superpose(units[unit], scale: -1, on: &residual)
      }
    }
    for unit in units.indices { recentre(unit) }
  }
}
