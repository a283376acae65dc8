/// The matched output of one unit where other potentials vary beneath it.
struct OverlaidOutput {
  /// w' C^-1 r at each sample, in nats.
  var output: [Float]
  /// w' C^-1 w at each sample, in nats.
  var energy: [Float]
}

extension OverlaidOutput {
  /// The most components taken into account at once.
  private static let limit = 24

  /// `plain` is the matched output of `unit` in `residual`, what all other units leave.
  init(_ field: VariabilityField, unit: Int, output plain: [Float], residual: [[Float]]) {
    let model = field.model
    let template = model.units[unit].template
    let nat = model.signal.nat
    output = plain
    energy = [Float](
      repeating: model.innerProduct(template, template, lag: 0) / nat, count: plain.count)
    let events = field.events.indices.filter { field.events[$0].unit != unit }
    if events.isEmpty { return }
    let reach = field.reach
    // Inner products of the components of each unit with the template at each lag behind them.
    let lagged = field.variability.indices.map { other in
      other == unit
        ? []
        : field.variability[other].components.map { component in
          (-2 * reach...2 * reach).map { model.innerProduct(component, template, lag: $0) / nat }
        }
    }
    let projections = events.map { index in
      let event = field.events[index]
      return field.variability[event.unit].components.map {
        model.innerProduct($0, residual, at: event.time) / nat
      }
    }
    var first = 0
    var sample = max(0, field.events[events[0]].time - reach)
    while sample < plain.count {
      while first < events.count && field.events[events[first]].time < sample - reach { first += 1 }
      if first == events.count { break }
      let start = field.events[events[first]].time - reach
      if start > sample {
        sample = start
        continue
      }
      // All samples up to the next change of the set of near firings.
      var last = first
      while last + 1 < events.count && field.events[events[last + 1]].time <= sample + reach {
        last += 1
      }
      var end = min(plain.count, field.events[events[first]].time + reach + 1)
      if last + 1 < events.count { end = min(end, field.events[events[last + 1]].time - reach) }
      end = max(end, sample + 1)
      solve(
        sample..<end, near: (first...last).map { (events[$0], projections[$0]) }, field: field,
        lagged: lagged)
      sample = end
    }
  }

  private mutating func solve(
    _ samples: Range<Int>, near: [(event: Int, projections: [Float])], field: VariabilityField,
    lagged: [[[Float]]]
  ) {
    var members: [(place: Int, component: Int)] = []
    for place in near.indices {
      for component in near[place].projections.indices where members.count < Self.limit {
        members.append((place, component))
      }
    }
    let count = members.count
    var factor = [Float](repeating: 0, count: count * count)
    for a in 0..<count {
      for b in 0...a {
        let later = near[members[a].place].event
        let earlier = near[members[b].place].event
        let width = field.events[earlier].projections.count
        factor[a * count + b] =
          field.overlaps[later][later - earlier].products[
            members[a].component * width + members[b].component] + (a == b ? 1 : 0)
      }
    }
    choleskyFactor(&factor, count: count)
    var solved = members.map { near[$0.place].projections[$0.component] }
    forwardSolve(factor, &solved, count: count)
    let size = samples.count
    // Columns of the inner products for all samples at once: the solution runs along the samples.
    var columns = [Float](repeating: 0, count: count * size)
    for (index, member) in members.enumerated() {
      let event = field.events[near[member.place].event]
      copyWindow(
        lagged[event.unit][member.component],
        from: samples.lowerBound - event.time + 2 * field.reach, count: size, to: &columns,
        at: index * size)
    }
    let first = samples.lowerBound
    columns.withUnsafeMutableBufferPointer { columns in
      output.withUnsafeMutableBufferPointer { output in
        energy.withUnsafeMutableBufferPointer { energy in
          guard let columns = columns.baseAddress, let output = output.baseAddress,
            let energy = energy.baseAddress
          else { return }
          for row in 0..<count {
            let own = columns + row * size
            for inner in 0..<row {
              let scale = factor[row * count + inner]
              let earlier = columns + inner * size
              for index in 0..<size { own[index] -= scale * earlier[index] }
            }
            let scale = 1 / factor[row * count + row]
            let value = solved[row]
            for index in 0..<size {
              own[index] *= scale
              output[first + index] -= own[index] * value
              energy[first + index] -= own[index] * own[index]
            }
          }
        }
      }
    }
    let least = 1e-3 * (energy.first ?? 1)
    for sample in samples { energy[sample] = max(least, energy[sample]) }
  }
}
