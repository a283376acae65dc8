extension NeedleModel {
  /// Re-estimates every template by robust backfitting on the residual, unit after unit.
  mutating func updateTemplates(rounds: Int = 2) {
    var residual = residual()
    let channels = signal.channels.count
    let limits = configuration.templates
    for _ in 0..<rounds {
      for unit in units.indices where units[unit].firings.count >= limits.fewestFirings {
        let (rows, values) = windows(residual, at: units[unit].firings, reach: half)
        if rows < limits.fewestFirings { continue }
        var template = columnTrimmedMean(values, rows: rows, trim: limits.trim)
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
