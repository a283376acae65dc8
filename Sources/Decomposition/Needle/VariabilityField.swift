/// The variability of all potentials of a stretch at once, around every firing.
///
/// With the covariance C = 1 + sum of b b' over the components b of all firings near a sample, the
/// best estimate of a potential w there is w' C^-1 r over w' C^-1 w (generalised least squares). By
/// Woodbury's identity both follow from the inner products of w, r and the components.
struct VariabilityField {
  /// A firing of a unit whose potential varies.
  struct Event {
    let time: Int
    let unit: Int
    /// Inner products of its components with the residual of all units, in nats.
    var projections: [Float]
  }

  let model: NeedleModel
  let variability: [ShapeVariability]
  var events: [Event]
  /// For each event the inner products with the components of earlier ones near it: the earlier
  /// event and a matrix of own x its components, in nats.
  let overlaps: [[(event: Int, products: [Float])]]

  /// How far from a firing its variability counts, in seconds.
  private static let reachSeconds = 0.004
  /// The same in samples.
  let reach: Int

  /// `residual` is what all units leave.
  init(_ model: NeedleModel, residual: [[Float]]) {
    self.model = model
    let known = model.units.indices.map { ShapeVariability(model, unit: $0, residual: residual) }
    variability = known
    reach = Int(Self.reachSeconds * model.signal.rate)
    let nat = model.signal.nat
    var events: [Event] = []
    for unit in model.units.indices {
      for time in model.units[unit].firings where !known[unit].components.isEmpty {
        let projections = known[unit].components.map {
          model.innerProduct($0, residual, at: time) / nat
        }
        events.append(Event(time: time, unit: unit, projections: projections))
      }
    }
    events.sort { ($0.time, $0.unit) < ($1.time, $1.unit) }
    var overlaps: [[(event: Int, products: [Float])]] = []
    overlaps.reserveCapacity(events.count)
    var own: [Int: [Float]] = [:]
    for (index, event) in events.enumerated() {
      let components = known[event.unit].components
      var near: [(event: Int, products: [Float])] = []
      var other = index
      while other >= 0 && event.time - events[other].time <= 2 * reach {
        if other == index, let same = own[event.unit] {
          near.append((index, same))
        } else {
          let lag = event.time - events[other].time
          let products = components.flatMap { first in
            known[events[other].unit].components.map { second in
              model.innerProduct(second, first, lag: lag) / nat
            }
          }
          if other == index { own[event.unit] = products }
          near.append((other, products))
        }
        other -= 1
      }
      overlaps.append(near)
    }
    self.events = events
    self.overlaps = overlaps
  }

  /// The residual less what the components most probably contribute to it.
  ///
  /// Found firing by firing, in turns, as in the method of Gauss and Seidel.
  func explained(_ residual: [[Float]]) -> [[Float]] {
    var sizes = events.map { [Float](repeating: 0, count: $0.projections.count) }
    var left = events.map(\.projections)
    let factors = events.indices.map { index -> [Float] in
      let count = sizes[index].count
      var matrix = overlaps[index][0].products
      for component in 0..<count { matrix[component * count + component] += 1 }
      choleskyFactor(&matrix, count: count)
      return matrix
    }
    for _ in 0..<4 {
      for index in events.indices {
        let count = sizes[index].count
        // With its own present share added back.
        var target = left[index]
        let own = overlaps[index][0].products
        for a in 0..<count {
          for b in 0..<count { target[a] += own[a * count + b] * sizes[index][b] }
        }
        solveCholesky(factors[index], &target, count: count)
        let change = (0..<count).map { target[$0] - sizes[index][$0] }
        sizes[index] = target
        for (other, products) in overlaps[index] {
          let width = sizes[other].count
          for b in 0..<width {
            var sum: Float = 0
            for a in 0..<count { sum += products[a * width + b] * change[a] }
            left[other][b] -= sum
          }
        }
        var later = index + 1
        while later < events.count && events[later].time - events[index].time <= 2 * reach {
          let products = overlaps[later][later - index].products
          for a in sizes[later].indices {
            var sum: Float = 0
            for b in 0..<count { sum += products[a * count + b] * change[b] }
            left[later][a] -= sum
          }
          later += 1
        }
      }
    }
    var result = residual
    for (event, size) in zip(events, sizes) {
      var sum = [Float](repeating: 0, count: model.length * model.signal.channels.count)
      for (component, share) in zip(variability[event.unit].components, size) {
        for index in sum.indices { sum[index] += share * component[index] }
      }
      for channel in result.indices {
        addTemplate(
          sum, offset: channel * model.length, length: model.length, at: [event.time],
          half: model.half, scale: -1, to: &result[channel])
      }
    }
    return result
  }
}

extension VariabilityField {
  /// The variance at each sample that the components leave over, 1 where only noise is.
  ///
  /// `residual` is what all units leave; each unit adds its mean square around its firings.
  func remainder(_ residual: [[Float]]) -> [Float] {
    let left = explained(residual)
    let rate = model.signal.rate
    var result = [Float](repeating: 1, count: model.signal.count)
    let smooth = max(1, Int(0.002 * rate))
    for unit in model.units.indices {
      let (rows, values) = model.windows(left, at: model.units[unit].firings, reach: model.half)
      if rows < 12 { continue }
      let squares = columnTrimmedMean(values.map { $0 * $0 }, rows: rows, trim: 0.1)
      var power = [Float](repeating: 0, count: model.length)
      let channels = Float(model.signal.channels.count)
      for index in squares.indices { power[index % model.length] += squares[index] / channels }
      let level =
        Array(power.sorted()[..<(model.length / 4)]).reduce(0, +) / Float(model.length / 4)
      let extra = movingMean(power, width: smooth).map { max(0, $0 - max(1, level)) }
      addTemplate(
        extra, offset: 0, length: model.length, at: model.units[unit].firings, half: model.half,
        scale: 1, to: &result)
    }
    return result
  }
}

extension NeedleModel {
  /// The inner product of two waveforms of template length, the second `lag` samples later.
  func innerProduct(_ a: [Float], _ b: [Float], lag: Int) -> Float {
    if abs(lag) >= length { return 0 }
    var sum: Float = 0
    for channel in signal.channels.indices {
      let start = channel * length
      sum += dot(
        a, from: start + max(0, lag), b, from: start + max(0, -lag), count: length - abs(lag))
    }
    return sum
  }

  /// The inner product of a waveform centred at a sample with channels.
  func innerProduct(_ a: [Float], _ channels: [[Float]], at time: Int) -> Float {
    var sum: Float = 0
    let start = time - half
    for (channel, samples) in channels.enumerated() {
      let low = max(0, -start)
      let high = min(length, samples.count - start)
      if low >= high { continue }
      sum += dot(a, from: channel * length + low, samples, from: start + low, count: high - low)
    }
    return sum
  }
}
