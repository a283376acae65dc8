extension BlockStatistics {
  /// The sum over r, s of W_rs X'V^-1G_rV^-1G_sV^-1X, row-major p x p.
  ///
  /// Summed patient by patient as B'(sum W_rs E_r T E_s)B with the residual's terms apart, so that the
  /// matrices of the single pairs are never stored.
  func weightedCross(
    weights: [Double], lambda: [Double], evaluation: BlockEvaluation, pairs: [[(Int, Int)]],
    residual: ResidualComponent, sums: BlockDerivatives
  ) -> [Double] {
    let p = width - 1
    let count = pairs.count + 1
    precondition(weights.count == count * count, "one weight for each pair of components")
    let kernel = BlockKernel(q: q, width: width)
    let flat = PairList(pairs)
    // lanes: H (q x q), weighted E_s of the residual (q x q), g and B0 (q x p), H B (q x p), sum.
    let size = 2 * q * q + 3 * q * p + p * p
    var total = [Double](repeating: 0, count: p * p)
    var memory = [Lanes](repeating: .zero, count: size)
    memory.withUnsafeMutableBufferPointer { memory in
      values.withUnsafeBufferPointer { values in
        residual.second.values.withUnsafeBufferPointer { second in
          lambda.withUnsafeBufferPointer { lambda in
            guard let work = memory.baseAddress, var block = values.baseAddress,
              var block2 = second.baseAddress, let factor = lambda.baseAddress
            else { return }
            let h = work
            let coupling = h + q * q
            let g = coupling + q * q
            let b0 = g + q * p
            let hb = b0 + q * p
            let sum = hb + q * p
            for s in 1..<count {
              for x in flat.starts[s - 1]..<flat.starts[s] {
                coupling[flat.rows[x] * q + flat.columns[x]] += Lanes(repeating: weights[s])
              }
            }
            for _ in 0..<groups {
              kernel.prepare(block, lambda: factor, full: true)
              for k in 0..<q * q { h[k] = .zero }
              for r in 1..<count {
                for s in 1..<count where weights[r * count + s] != 0 {
                  let weight = weights[r * count + s]
                  for x in flat.starts[r - 1]..<flat.starts[r] {
                    for y in flat.starts[s - 1]..<flat.starts[s] {
                      h[flat.rows[x] * q + flat.columns[y]] +=
                        weight * kernel.t[flat.columns[x] * q + flat.rows[y]]
                    }
                  }
                }
              }
              let cross2 = block2 + q * (q + 1) / 2
              for i in 0..<q {
                for k in 0..<p {
                  var value = cross2[i * width + k]
                  for j in 0..<q {
                    let at = i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i
                    value -= block2[at] * kernel.n[j * width + k]
                  }
                  g[i * p + k] = value
                }
              }
              for i in 0..<q {
                for k in 0..<p {
                  var value = Lanes.zero
                  var product = Lanes.zero
                  for j in 0..<q {
                    value += kernel.u[j * q + i] * g[j * p + k]
                    product += h[i * q + j] * kernel.b[j * width + k]
                  }
                  b0[i * p + k] = value
                  hb[i * p + k] = product
                }
              }
              // B0'(2 sum W_0s E_s)B, made symmetric at the end.
              for i in 0..<q {
                for k in 0..<p {
                  var value = hb[i * p + k]
                  for j in 0..<q { value += 2 * (coupling[i * q + j] * b0[j * p + k]) }
                  hb[i * p + k] = value
                }
              }
              for k in 0..<p {
                for l in 0..<p {
                  var value = sum[k * p + l]
                  for i in 0..<q { value += kernel.b[i * width + k] * hb[i * p + l] }
                  sum[k * p + l] = value
                }
              }
              block += stride
              block2 += residual.second.stride
            }
            for k in 0..<p * p { total[k] = sum[k].sum() }
          }
        }
      }
    }
    var result = total
    for k in 0..<p {
      for l in 0..<p {
        result[k * p + l] =
          0.5 * (total[k * p + l] + total[l * p + k])
          + weights[0] * sums.residualSecond[k * p + l]
      }
    }
    return result
  }
}
