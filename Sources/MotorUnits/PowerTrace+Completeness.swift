import Decomposition

extension PowerTrace {
  /// Mean power in squared microvolts of the initial rest, before the first discharge.
  ///
  /// Nil where there is less than 0.9 s of it, or where the part before the first identified
  /// discharge is no quieter than a tenth of the recording's mean power (units that were not
  /// identified may already be active).
  public func restPower(
    firstDischarge: Double, settings: CountSettings = CountSettings()
  ) -> Double? {
    let bins = Int((firstDischarge - settings.restMargin) / binDuration)
    if Double(bins) * binDuration < settings.leastRest || bins > signal.count { return nil }
    let rest = signal.prefix(bins).reduce(0, +) / Double(bins)
    let mean = signal.reduce(0, +) / Double(max(1, signal.count))
    return rest < settings.restShare * mean ? rest : nil
  }

  /// Share of the EMG power between two times (s) that the identified units explain.
  ///
  /// 1 - max(residual - noise, 0) / (signal - noise), within 0...1, with the noise power from the
  /// initial rest where it is known. Nil in a window without power above the noise.
  public func completeness(
    from start: Double, to end: Double, noise: Double?, settings: CountSettings = CountSettings()
  ) -> Double? {
    let first = max(0, Int((start / binDuration).rounded(.down)))
    let last = min(signal.count, Int((end / binDuration).rounded(.up)))
    if first >= last { return nil }
    let count = Double(last - first)
    let total = signal[first..<last].reduce(0, +) / count
    let left = residual[first..<last].reduce(0, +) / count
    let floor = noise ?? 0
    let active = total - floor
    if active <= settings.leastActive * total { return nil }
    return min(1, max(0, 1 - max(left - floor, 0) / active))
  }
}
