extension DerivativeWork {
  /// Adds one group's sums of the residual component G_0.
  ///
  /// With U' = I - M S and N = M Z'R^-1[X y]: V^-1[X y] = R^-1([X y] - Z N), so that every product
  /// with G_0 comes from the weighted sums S2, S3 and Z'[X y] of the same weights.
  @inline(__always)
  func addResidual(
    _ kernel: BlockKernel, second: BlockStatistics, third: BlockStatistics, group: Int,
    contrast: [Double], covariance: [Double], pairs: PairList
  ) {
    let (q, width) = (self.q, self.width)
    let p = width - 1
    let s2 = scratch
    let s3 = s2 + q * q
    let ms = s3 + q * q
    let t0 = ms + q * q
    let g = t0 + q * q
    let mg = g + q * width
    let b0 = mg + q * width
    let e0 = b0 + q * width
    let (m, n, u) = (kernel.m, kernel.n, kernel.u)
    second.values.withUnsafeBufferPointer { secondValues in
      third.values.withUnsafeBufferPointer { thirdValues in
        guard let secondBase = secondValues.baseAddress, let thirdBase = thirdValues.baseAddress
        else { return }
        let offset = q * (q + 1) / 2
        let from2 = secondBase + group * second.stride
        let from3 = thirdBase + group * third.stride
        var index = 0
        for i in 0..<q {
          for j in 0...i {
            s2[i * q + j] = from2[index]
            s2[j * q + i] = from2[index]
            s3[i * q + j] = from3[index]
            s3[j * q + i] = from3[index]
            index += 1
          }
        }
        let cross2 = from2 + offset
        let cross3 = from3 + offset
        // g = Z'R^-1G_0V^-1[X y] = Z2 - S2 N, and B0 = U g = Z'V^-1G_0V^-1[X y].
        for i in 0..<q {
          for k in 0..<width {
            var sum = cross2[i * width + k]
            for j in 0..<q { sum -= s2[i * q + j] * n[j * width + k] }
            g[i * width + k] = sum
          }
        }
        for i in 0..<q {
          for k in 0..<width {
            var first = Lanes.zero
            var product = Lanes.zero
            for j in 0..<q {
              first += u[j * q + i] * g[j * width + k]
              product += m[i * q + j] * g[j * width + k]
            }
            b0[i * width + k] = first
            mg[i * width + k] = product
          }
        }
        for k in 0..<width {
          for l in 0...k {
            var first = Lanes.zero
            var next = Lanes.zero
            for i in 0..<q {
              let nk = n[i * width + k]
              first += nk * g[i * width + l] + cross2[i * width + k] * n[i * width + l]
              var cubic = Lanes.zero
              for j in 0..<q { cubic += s3[i * q + j] * n[j * width + l] }
              next +=
                nk * (cross3[i * width + l] - cubic) + cross3[i * width + k] * n[i * width + l]
                + g[i * width + k] * mg[i * width + l]
            }
            residualFirst[k * width + l] -= first
            residualSecond[k * width + l] -= next
          }
        }
      }
    }
    addResidualTraces(m: m, s2: s2, s3: s3, ms: ms)
    // T0 = U S2 U' through ms = S2 U'.
    for i in 0..<q {
      for j in 0..<q {
        var sum = Lanes.zero
        for r in 0..<q { sum += s2[i * q + r] * u[r * q + j] }
        ms[i * q + j] = sum
      }
    }
    for i in 0..<q {
      for j in 0..<q {
        var sum = Lanes.zero
        for r in 0..<q { sum += u[r * q + i] * ms[r * q + j] }
        t0[i * q + j] = sum
      }
      var sum = Lanes.zero
      for k in 0..<width { sum += b0[i * width + k] * contrast[k] }
      e0[i] = sum
    }
    for s in 1..<count {
      var trace = Lanes.zero
      var cross = Lanes.zero
      var quadratic = Lanes.zero
      for x in pairs.starts[s - 1]..<pairs.starts[s] {
        let (i, j) = (pairs.rows[x], pairs.columns[x])
        trace += t0[i * q + j]
        for k in 0..<p { cross += bPhi[i * p + k] * b0[j * width + k] }
        quadratic += e0[i] * e[j]
      }
      addCoupling(s, trace: trace, cross: cross, quadratic: quadratic)
    }
  }

  /// tr(M S2), and tr(M S2 M S2) - 2 tr(M S3).
  @inline(__always)
  private func addResidualTraces(
    m: UnsafeMutablePointer<Lanes>, s2: UnsafeMutablePointer<Lanes>,
    s3: UnsafeMutablePointer<Lanes>, ms: UnsafeMutablePointer<Lanes>
  ) {
    var first = Lanes.zero
    var second = Lanes.zero
    for i in 0..<q {
      for j in 0..<q {
        var sum = Lanes.zero
        for r in 0..<q { sum += m[i * q + r] * s2[r * q + j] }
        ms[i * q + j] = sum
        second -= 2 * (m[i * q + j] * s3[j * q + i])
      }
      first += ms[i * q + i]
    }
    for i in 0..<q {
      for j in 0..<q { second += ms[i * q + j] * ms[j * q + i] }
    }
    residualTraces[0] -= first
    residualTraces[1] += second
  }

  /// Completes the residual component with the sums over all rows.
  func reduceResidual(
    _ residual: ResidualComponent, contrast: [Double], covariance: [Double],
    into result: inout BlockDerivatives
  ) {
    let p = width - 1
    var first = residual.second.totals
    var second = residual.third.totals
    for k in 0..<width {
      for l in 0...k {
        first[k * width + l] += residualFirst[k * width + l].sum()
        first[l * width + k] = first[k * width + l]
        second[k * width + l] += residualSecond[k * width + l].sum()
        second[l * width + k] = second[k * width + l]
      }
    }
    result.trace[0] = residual.trace + residualTraces[0].sum()
    result.traceTrace[0] = residual.traceTrace + residualTraces[1].sum()
    result.quadratic[0] = SymmetricMatrix.form(first, width, contrast, contrast)
    result.quadraticQuadratic[0] = SymmetricMatrix.form(second, width, contrast, contrast)
    var traceCross = 0.0
    for k in 0..<p {
      var sum = 0.0
      for l in 0..<width { sum += first[k * width + l] * contrast[l] }
      result.gradientX[k] = sum
      for l in 0..<p {
        result.cross[k * p + l] = first[k * width + l]
        result.residualSecond[k * p + l] = second[k * width + l]
        traceCross += covariance[k * p + l] * second[l * width + k]
      }
    }
    result.traceCross[0] = traceCross
  }
}
