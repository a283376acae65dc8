/// Samples of a channel that say nothing by themselves: no numbers, held values, cut-off peaks.
struct UnusableSamples: Sendable {
  /// Samples that are not numbers, and runs of one value, ascending.
  var lost: [Int] = []
  /// Samples at the upper (true) or lower limit of the input, ascending.
  var clipped: [(place: Int, isHigh: Bool)] = []

  init(_ samples: [Float], samplingRate: Double, settings: ArrayConfiguration.Lost) {
    let count = samples.count
    if count < 2 { return }
    var isLost = [Bool](repeating: false, count: count)
    for index in 0..<count where !samples[index].isFinite { isLost[index] = true }
    markClipping(samples, isLost: isLost, settings: settings)
    var isClipped = [Bool](repeating: false, count: count)
    for (place, _) in clipped { isClipped[place] = true }
    markRuns(
      samples, longest: max(8, Int(settings.shortestRun * samplingRate)), except: isClipped,
      in: &isLost)
    lost = (0..<count).filter { isLost[$0] }
  }

  /// Runs of one value, unless the channel's values repeat anyway, as coarse steps make them.
  private func markRuns(
    _ samples: [Float], longest: Int, except isClipped: [Bool], in isLost: inout [Bool]
  ) {
    var runs: [Range<Int>] = []
    var repeats = 0
    var start = 0
    for index in 1...samples.count {
      if index < samples.count && samples[index] == samples[start] { continue }
      if index - start >= longest && !isClipped[start] {
        runs.append(start..<index)
      } else if !isClipped[start] {
        repeats += index - start - 1
      }
      start = index
    }
    let covered = runs.reduce(0) { $0 + $1.count }
    if covered == samples.count || 4 * repeats > samples.count - covered { return }
    for run in runs { for index in run { isLost[index] = true } }
  }

  /// A signal has few values near its largest one; an input that is cut off has a heap there.
  private mutating func markClipping(
    _ samples: [Float], isLost: [Bool], settings: ArrayConfiguration.Lost
  ) {
    var lowest = Float.infinity
    var highest = -Float.infinity
    for (index, value) in samples.enumerated() where !isLost[index] {
      lowest = min(lowest, value)
      highest = max(highest, value)
    }
    if !(highest > lowest) { return }
    let width = settings.heapWidth * (highest - lowest)
    var counts = [0, 0, 0, 0]
    for (index, value) in samples.enumerated() where !isLost[index] {
      if value >= highest - width {
        counts[0] += 1
      } else if value >= highest - 9 * width {
        counts[1] += 1
      }
      if value <= lowest + width {
        counts[2] += 1
      } else if value <= lowest + 9 * width {
        counts[3] += 1
      }
    }
    // The heap holds more than the eight times wider stretch below it.
    let isHigh = counts[0] >= settings.fewestClipped && counts[0] > counts[1]
    let isLow = counts[2] >= settings.fewestClipped && counts[2] > counts[3]
    if !isHigh && !isLow { return }
    for (index, value) in samples.enumerated() where !isLost[index] {
      if isHigh && value >= highest - width {
        clipped.append((index, true))
      } else if isLow && value <= lowest + width {
        clipped.append((index, false))
      }
    }
  }
}
