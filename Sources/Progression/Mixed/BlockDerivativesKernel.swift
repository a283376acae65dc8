/// The second and third sums of the residual component, R^-1 G_0 R^-1 and its next power.
struct ResidualComponent: Sendable {
  /// Statistics with weights g / r^2.
  let second: BlockStatistics
  /// Statistics with weights g^2 / r^3.
  let third: BlockStatistics
  /// The sum of g / r over the rows.
  let trace: Double
  /// The sum of (g / r)^2 over the rows.
  let traceTrace: Double
}

extension BlockStatistics {
  /// Sums everything that derivatives with respect to the variance components need.
  ///
  /// - Parameters:
  ///   - pairs: for each component the ordered positions where E_r is one.
  ///   - residual: the residual component; without it index 0 of the result stays zero.
  func derivatives(
    lambda: [Double], evaluation: BlockEvaluation, pairs: [[(Int, Int)]],
    residual: ResidualComponent?, kernel: BlockKernel
  ) -> BlockDerivatives {
    let p = width - 1
    let count = pairs.count + 1
    let work = DerivativeWork(q: q, width: width, count: count)
    let contrast = evaluation.contrast
    let flat = PairList(pairs)
    values.withUnsafeBufferPointer { values in
      lambda.withUnsafeBufferPointer { lambda in
        guard var block = values.baseAddress, let factor = lambda.baseAddress else { return }
        for group in 0..<groups {
          kernel.prepare(block, lambda: factor, full: true)
          work.addComponents(
            kernel, contrast: contrast, covariance: evaluation.covariance, pairs: flat)
          if let residual {
            work.addResidual(
              kernel, second: residual.second, third: residual.third, group: group,
              contrast: contrast, covariance: evaluation.covariance, pairs: flat)
          }
          block += stride
        }
      }
    }
    var result = BlockDerivatives(count: count, p: p)
    work.reduce(into: &result)
    if let residual {
      work.reduceResidual(
        residual, contrast: contrast, covariance: evaluation.covariance, into: &result)
    }
    return result
  }
}

/// The positions of all components in one flat list.
struct PairList {
  let starts: [Int]
  let rows: [Int]
  let columns: [Int]

  init(_ pairs: [[(Int, Int)]]) {
    var starts = [0]
    for list in pairs { starts.append(starts[starts.count - 1] + list.count) }
    self.starts = starts
    rows = pairs.flatMap { $0.map(\.0) }
    columns = pairs.flatMap { $0.map(\.1) }
  }
}

/// Accumulators of the derivative sums, eight patients side by side.
final class DerivativeWork {
  let q: Int
  let width: Int
  let count: Int
  private let p: Int
  private let size: Int
  private let memory: UnsafeMutablePointer<Lanes>
  private let trace: UnsafeMutablePointer<Lanes>
  private let quadratic: UnsafeMutablePointer<Lanes>
  private let gradientX: UnsafeMutablePointer<Lanes>
  private let cross: UnsafeMutablePointer<Lanes>
  private let traceTrace: UnsafeMutablePointer<Lanes>
  private let traceCross: UnsafeMutablePointer<Lanes>
  private let quadraticQuadratic: UnsafeMutablePointer<Lanes>
  /// Residual component: first and second power, width x width.
  let residualFirst: UnsafeMutablePointer<Lanes>
  let residualSecond: UnsafeMutablePointer<Lanes>
  let residualTraces: UnsafeMutablePointer<Lanes>
  /// Scratch: e (q), B Phi (q x p), C (q x q), w and T w (count x q), residual work.
  let e: UnsafeMutablePointer<Lanes>
  let bPhi: UnsafeMutablePointer<Lanes>
  private let c: UnsafeMutablePointer<Lanes>
  private let w: UnsafeMutablePointer<Lanes>
  private let tw: UnsafeMutablePointer<Lanes>
  let scratch: UnsafeMutablePointer<Lanes>

  init(q: Int, width: Int, count: Int) {
    self.q = q
    self.width = width
    self.count = count
    p = width - 1
    let sizes = [
      count, count, count * p, count * p * p, count * count, count * count, count * count,
      width * width, width * width, 2, q, q * p, q * q, count * q, count * q,
      4 * q * q + 3 * q * width + q,
    ]
    size = sizes.reduce(0, +)
    memory = .allocate(capacity: size)
    memory.initialize(repeating: .zero, count: size)
    var next = memory
    let parts = sizes.map { size -> UnsafeMutablePointer<Lanes> in
      defer { next += size }
      return next
    }
    trace = parts[0]
    quadratic = parts[1]
    gradientX = parts[2]
    cross = parts[3]
    traceTrace = parts[4]
    traceCross = parts[5]
    quadraticQuadratic = parts[6]
    residualFirst = parts[7]
    residualSecond = parts[8]
    residualTraces = parts[9]
    e = parts[10]
    bPhi = parts[11]
    c = parts[12]
    w = parts[13]
    tw = parts[14]
    scratch = parts[15]
  }

  deinit {
    memory.deinitialize(count: size)
    memory.deallocate()
  }

  /// Adds one group's sums over the variance components.
  @inline(__always)
  func addComponents(
    _ kernel: BlockKernel, contrast: [Double], covariance: [Double], pairs: PairList
  ) {
    let b = kernel.b
    let t = kernel.t
    for i in 0..<q {
      var sum = Lanes.zero
      for k in 0..<width { sum += b[i * width + k] * contrast[k] }
      e[i] = sum
      for k in 0..<p {
        var product = Lanes.zero
        for l in 0..<p { product += b[i * width + l] * covariance[l * p + k] }
        bPhi[i * p + k] = product
      }
    }
    for i in 0..<q {
      for j in 0...i {
        var sum = Lanes.zero
        for k in 0..<p { sum += bPhi[i * p + k] * b[j * width + k] }
        c[i * q + j] = sum
        c[j * q + i] = sum
      }
    }
    for r in 1..<count {
      let list = pairs.starts[r - 1]..<pairs.starts[r]
      let wr = w + r * q
      for i in 0..<q { wr[i] = .zero }
      var sum = Lanes.zero
      for x in list {
        let (i, j) = (pairs.rows[x], pairs.columns[x])
        sum += t[i * q + j]
        wr[i] += e[j]
        for k in 0..<p {
          for l in 0...k {
            cross[(r * p + k) * p + l] += b[i * width + k] * b[j * width + l]
          }
        }
      }
      trace[r] += sum
      var dot = Lanes.zero
      for i in 0..<q {
        dot += wr[i] * e[i]
        var product = Lanes.zero
        for j in 0..<q { product += t[i * q + j] * wr[j] }
        tw[r * q + i] = product
      }
      quadratic[r] += dot
      for k in 0..<p {
        var product = Lanes.zero
        for i in 0..<q { product += b[i * width + k] * wr[i] }
        gradientX[r * p + k] += product
      }
      for s in 1...r {
        var tt = Lanes.zero
        var tc = Lanes.zero
        for x in list {
          let (i, j) = (pairs.rows[x], pairs.columns[x])
          for y in pairs.starts[s - 1]..<pairs.starts[s] {
            let (k, l) = (pairs.rows[y], pairs.columns[y])
            let factor = t[j * q + k]
            tt += factor * t[l * q + i]
            tc += factor * c[l * q + i]
          }
        }
        traceTrace[r * count + s] += tt
        traceCross[r * count + s] += tc
        var product = Lanes.zero
        for i in 0..<q { product += wr[i] * tw[s * q + i] }
        quadraticQuadratic[r * count + s] += product
      }
    }
  }

  /// Adds to the sums that couple the residual component with a variance component.
  @inline(__always)
  func addCoupling(
    _ s: Int, trace: Lanes, cross: Lanes, quadratic: Lanes
  ) {
    traceTrace[s * count] += trace
    traceCross[s * count] += cross
    quadraticQuadratic[s * count] += quadratic
  }

  /// Sums the lanes.
  func reduce(into result: inout BlockDerivatives) {
    for r in 1..<max(count, 1) {
      result.trace[r] = trace[r].sum()
      result.quadratic[r] = quadratic[r].sum()
      for k in 0..<p {
        result.gradientX[r * p + k] = gradientX[r * p + k].sum()
        for l in 0...k {
          let sum = cross[(r * p + k) * p + l].sum()
          result.cross[(r * p + k) * p + l] = sum
          result.cross[(r * p + l) * p + k] = sum
        }
      }
      for s in 0...r {
        let at = r * count + s
        let mirror = s * count + r
        result.traceTrace[at] = traceTrace[at].sum()
        result.traceCross[at] = traceCross[at].sum()
        result.quadraticQuadratic[at] = quadraticQuadratic[at].sum()
        result.traceTrace[mirror] = result.traceTrace[at]
        result.traceCross[mirror] = result.traceCross[at]
        result.quadraticQuadratic[mirror] = result.quadraticQuadratic[at]
      }
    }
  }
}
