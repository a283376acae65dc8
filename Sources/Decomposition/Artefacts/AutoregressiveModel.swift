import Signal

/// A channel as an autoregressive process: what a sample should be, given those around it.
///
/// The coefficients come from the autocorrelation by the recursion of Levinson 1947. The precision
/// matrix of the process is a band of `precision`, so missing samples follow from the others by a
/// banded system, and the same band tells how far each sample stands off what its neighbours say
/// (Janssen, Veldhuis and Vries 1986, IEEE Trans. Acoust. Speech Signal Process. 34).
struct AutoregressiveModel: Sendable {
  /// The precision at lags 0...order, in units of the variance of the innovations.
  let precision: [Double]
  /// What is taken off the channel before anything else.
  let mean: Float
  /// Order of the process.
  var order: Int { precision.count - 1 }

  /// The model of a channel.
  ///
  /// Its largest values are limited so that what is looked for does not
  /// shape what it is compared with. Nil where the channel is empty or constant.
  init?(
    _ samples: [Float], settings: ArrayConfiguration.Artefacts = ArrayConfiguration.Artefacts()
  ) {
    let order = settings.order
    let count = samples.count
    if count < 8 * order { return nil }
    let piece = 2_048
    let wanted = max(1, min(count / piece, 20))
    let size = min(piece, count)
    let starts = (0..<wanted).map { wanted == 1 ? 0 : $0 * (count - size) / (wanted - 1) }
    var probe: [Float] = []
    for start in starts {
      for index in stride(from: start, to: start + size, by: 4) { probe.append(samples[index]) }
    }
    probe.sort()
    let middle = probe[probe.count / 2]
    let deviations = probe.map { abs($0 - middle) }.sorted()
    let limit = settings.largestValue * 1.4826 * deviations[deviations.count / 2]
    if !(limit > 0) { return nil }
    var lags = [Double](repeating: 0, count: order + 1)
    for start in starts {
      let part = (start..<(start + size)).map {
        min(limit, max(-limit, samples[$0] - middle))
      }
      for lag in 0...order {
        lags[lag] += Double(
          VectorKernel.dot(
            part.span.extracting(lag..<size), part.span.extracting(0..<(size - lag))))
      }
    }
    lags[0] *= 1 + 1e-7
    if !(lags[0] > 0) { return nil }
    var a = [1.0] + [Double](repeating: 0, count: order)
    var error = lags[0]
    for step in 1...order {
      var sum = lags[step]
      for index in 1..<max(1, step) where step > 1 { sum += a[index] * lags[step - index] }
      let reflection = -sum / error
      var next = a
      for index in 1..<max(1, step) where step > 1 {
        next[index] = a[index] + reflection * a[step - index]
      }
      next[step] = reflection
      let smaller = error * (1 - reflection * reflection)
      if !(smaller > 1e-10 * lags[0]) { break }
      a = next
      error = smaller
    }
    precision = (0...order).map { lag in
      (0...(order - lag)).reduce(0) { $0 + a[$1] * a[$1 + lag] }
    }
    mean = middle
  }

  /// How far each sample stands off what those around it say, in arbitrary units; 0 at the ends.
  func deviations(of samples: [Float]) -> [Float] {
    let order = self.order
    let count = samples.count
    var result = [Float](repeating: 0, count: count)
    if count <= 2 * order { return result }
    let weights = precision.map { Float($0 / precision[0]) }
    let centred = samples.map { $0 - mean }
    let chunk = 4_096
    for start in stride(from: order, to: count - order, by: chunk) {
      let size = min(chunk, count - order - start)
      for lag in -order...order {
        VectorKernel.addScaled(
          centred, from: start + lag, weights[abs(lag)], into: &result, at: start, count: size)
      }
    }
    return result
  }

  /// How far one sample of a window stands off, in the units of `deviations`.
  func deviation(at index: Int, in window: [Double]) -> Double {
    var sum = precision[0] * window[index]
    for lag in 1...order {
      if index >= lag { sum += precision[lag] * window[index - lag] }
      if index + lag < window.count { sum += precision[lag] * window[index + lag] }
    }
    return sum / precision[0]
  }

  /// Replaces the samples of a window at ascending places by what the others say.
  func mend(_ window: inout [Double], at missing: [Int]) {
    if missing.isEmpty { return }
    mend(&window, at: missing, factor: factor(of: missing))
  }

  /// Lower band of the Cholesky factor of the precision of ascending places.
  ///
  /// Row by row, entry (i, i - k) at k. It depends on the distances of the places alone.
  func factor(of missing: [Int]) -> [Double] {
    let order = self.order
    var band = [Double](repeating: 0, count: missing.count * (order + 1))
    for row in missing.indices {
      for back in 0...min(row, order) {
        let lag = missing[row] - missing[row - back]
        if lag > order { break }
        band[row * (order + 1) + back] = precision[lag] * (back == 0 ? 1 + 1e-9 : 1)
      }
    }
    for row in missing.indices {
      let base = row * (order + 1)
      for back in stride(from: min(row, order), through: 0, by: -1) {
        let other = (row - back) * (order + 1)
        var sum = band[base + back]
        for further in (back + 1)..<(order + 1) where further <= row && further - back <= order {
          sum -= band[base + further] * band[other + further - back]
        }
        band[base + back] = back == 0 ? max(sum, 1e-12).squareRoot() : sum / band[other]
      }
    }
    return band
  }

  /// The same with a factor that is known.
  func mend(_ window: inout [Double], at missing: [Int], factor band: [Double]) {
    let order = self.order
    let count = missing.count
    for place in missing { window[place] = 0 }
    var right = missing.map { -deviation(at: $0, in: window) * precision[0] }
    for row in 0..<count {
      var sum = right[row]
      for back in 1..<(min(row, order) + 1) {
        sum -= band[row * (order + 1) + back] * right[row - back]
      }
      right[row] = sum / band[row * (order + 1)]
    }
    for row in stride(from: count - 1, through: 0, by: -1) {
      var sum = right[row]
      for ahead in 1..<(min(count - 1 - row, order) + 1) {
        sum -= band[(row + ahead) * (order + 1) + ahead] * right[row + ahead]
      }
      right[row] = sum / band[row * (order + 1)]
    }
    for row in 0..<count { window[missing[row]] = right[row] }
  }

  /// Replaces the samples of a channel at ascending places by what the others say.
  func mend(_ samples: inout [Float], at missing: [Int]) {
    let order = self.order
    var first = 0
    while first < missing.count {
      // Places farther apart than the order do not depend on each other.
      var last = first
      while last + 1 < missing.count && missing[last + 1] - missing[last] <= order { last += 1 }
      let low = max(0, missing[first] - order)
      let high = min(samples.count, missing[last] + order + 1)
      var window = samples[low..<high].map { Double($0 - mean) }
      mend(&window, at: missing[first...last].map { $0 - low })
      for place in missing[first...last] { samples[place] = Float(window[place - low]) + mean }
      first = last + 1
    }
  }
}
