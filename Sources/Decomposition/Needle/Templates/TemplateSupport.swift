import Foundation

extension NeedleModel {
  /// Cuts an averaged template to the stretch around its energy peak that stands out from the
  /// averaging error of `firings` potentials, with tapered ends.
  func supported(_ template: [Float], firings: Int) -> [Float] {
    let limits = configuration.templates
    let rate = signal.rate
    let channels = signal.channels.count
    let smooth = max(1, Int(limits.supportSmoothing * rate))
    var energy = [Float](repeating: 0, count: length)
    for channel in 0..<channels {
      for index in 0..<length {
        let value = template[channel * length + index]
        energy[index] += value * value
      }
    }
    let level = movingMean(energy, width: smooth).map { max(0, $0).squareRoot() }
    let error =
      Float(channels).squareRoot() / Float(max(limits.supportFirings, firings)).squareRoot()
    let bound = Float(limits.supportLevel) * error
    let gap = Int(limits.supportGap * rate)
    let centre = level.indices.max { level[$0] < level[$1] } ?? half
    var low = centre
    var probe = centre
    while probe > 0 && low - probe < gap {
      probe -= 1
      if level[probe] > bound { low = probe }
    }
    var high = centre
    probe = centre
    while probe < length - 1 && probe - high < gap {
      probe += 1
      if level[probe] > bound { high = probe }
    }
    let taper = Int(limits.supportTaper * rate)
    var gate = [Float](repeating: 0, count: length)
    for index in max(0, low - taper)...min(length - 1, high + taper) { gate[index] = 1 }
    var kernel = (0...2 * taper).map {
      Float(0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / Double(2 * taper + 1)))
    }
    let total = kernel.reduce(0, +)
    kernel = kernel.map { $0 / total }
    var result = template
    for index in 0..<length {
      var weight: Float = 0
      for (offset, value) in kernel.enumerated() {
        // Beyond the window the gate is continued, so that a full support is not tapered twice.
        let source = min(length - 1, max(0, index + offset - taper))
        weight += value * gate[source]
      }
      for channel in 0..<channels { result[channel * length + index] *= weight }
    }
    return result
  }

  /// Moves a unit's template so that its energy peak is central, and its firings with it.
  mutating func recentre(_ unit: Int) {
    let template = units[unit].template
    let channels = signal.channels.count
    var best = 0
    var bestEnergy: Float = -1
    for index in 0..<length {
      var energy: Float = 0
      for channel in 0..<channels {
        let value = template[channel * length + index]
        energy += value * value
      }
      if energy > bestEnergy {
        bestEnergy = energy
        best = index
      }
    }
    let shift = best - half
    if abs(shift) <= 2 { return }
    var moved = [Float](repeating: 0, count: template.count)
    for channel in 0..<channels {
      for index in 0..<length where index + shift >= 0 && index + shift < length {
        moved[channel * length + index] = template[channel * length + index + shift]
      }
    }
    units[unit].template = moved
    let last = signal.count - 1
    units[unit].firings = units[unit].firings.map { min(last, max(0, $0 + shift)) }
  }
}

/// The mean over a centred window; the window is cut at the ends but divided by its full width.
func movingMean(_ values: [Float], width: Int) -> [Float] {
  let before = width / 2
  let after = width - 1 - before
  var cumulative = [Double](repeating: 0, count: values.count + 1)
  for index in values.indices { cumulative[index + 1] = cumulative[index] + Double(values[index]) }
  return values.indices.map { index in
    let low = max(0, index - before)
    let high = min(values.count, index + after + 1)
    return Float((cumulative[high] - cumulative[low]) / Double(width))
  }
}
