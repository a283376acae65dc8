import RealModule

/// The dense work on eight patients at once, shared by every step of the mixed model.
///
/// With S = Z'R^-1Z and V = Z Lambda Lambda' Z' + R of one patient: A = Lambda'S Lambda + I,
/// M = Lambda A^-1 Lambda', N = M Z'R^-1[X y], B = Z'V^-1[X y], T = Z'V^-1Z. Everything exists on the
/// boundary of the parameters too (Bates et al. 2015, section 3).
final class BlockKernel {
  let q: Int
  let width: Int
  private let memory: UnsafeMutablePointer<Lanes>
  private let count: Int
  /// S, q x q.
  let s: UnsafeMutablePointer<Lanes>
  /// M, q x q.
  let m: UnsafeMutablePointer<Lanes>
  /// T, q x q.
  let t: UnsafeMutablePointer<Lanes>
  /// I - M S, q x q, the transpose of U.
  let u: UnsafeMutablePointer<Lanes>
  /// N, q x width.
  let n: UnsafeMutablePointer<Lanes>
  /// B, q x width.
  let b: UnsafeMutablePointer<Lanes>
  private let a: UnsafeMutablePointer<Lanes>
  private let k: UnsafeMutablePointer<Lanes>
  /// The product of the squared pivots of A in each lane, |A|.
  private(set) var determinant = Lanes(repeating: 1)

  init(q: Int, width: Int) {
    precondition(q > 0 && width > 0, "a block needs random effects and columns")
    self.q = q
    self.width = width
    count = 6 * q * q + 2 * q * width
    memory = .allocate(capacity: count)
    memory.initialize(repeating: .zero, count: count)
    s = memory
    m = s + q * q
    t = m + q * q
    u = t + q * q
    a = u + q * q
    k = a + q * q
    n = k + q * q
    b = n + q * width
  }

  deinit {
    memory.deinitialize(count: count)
    memory.deallocate()
  }

  /// Fills every matrix for one group; with `full` false T and U are left out.
  @inline(__always)
  func prepare(_ statistics: UnsafePointer<Lanes>, lambda: UnsafePointer<Double>, full: Bool) {
    let q = self.q
    let width = self.width
    let cross = statistics + q * (q + 1) / 2
    var packed = statistics
    for i in 0..<q {
      for j in 0...i {
        s[i * q + j] = packed.pointee
        s[j * q + i] = packed.pointee
        packed += 1
      }
    }
    factor(lambda)
    // K = L^-1 Lambda', then M = K'K.
    for column in 0..<q {
      for row in 0..<q {
        var sum = Lanes(repeating: row <= column ? lambda[column * q + row] : 0)
        for j in 0..<row { sum -= a[row * q + j] * k[j * q + column] }
        // `factor` leaves reciprocals on the diagonal.
        k[row * q + column] = sum * a[row * q + row]
      }
    }
    for i in 0..<q {
      for j in 0...i {
        var sum = Lanes.zero
        for r in 0..<q { sum += k[r * q + i] * k[r * q + j] }
        m[i * q + j] = sum
        m[j * q + i] = sum
      }
    }
    for i in 0..<q {
      for c in 0..<width {
        var sum = Lanes.zero
        for j in 0..<q { sum += m[i * q + j] * cross[j * width + c] }
        n[i * width + c] = sum
      }
    }
    guard full else { return }
    for i in 0..<q {
      for c in 0..<width {
        var sum = cross[i * width + c]
        for j in 0..<q { sum -= s[i * q + j] * n[j * width + c] }
        b[i * width + c] = sum
      }
    }
    for i in 0..<q {
      for j in 0..<q {
        var sum = Lanes(repeating: i == j ? 1 : 0)
        for r in 0..<q { sum -= m[i * q + r] * s[r * q + j] }
        u[i * q + j] = sum
      }
    }
    for i in 0..<q {
      for j in 0...i {
        var sum = Lanes.zero
        for r in 0..<q { sum += s[i * q + r] * u[r * q + j] }
        t[i * q + j] = sum
        t[j * q + i] = sum
      }
    }
  }

  /// The Cholesky factor of A = Lambda'S Lambda + I, with reciprocals on its diagonal.
  @inline(__always)
  private func factor(_ lambda: UnsafePointer<Double>) {
    let q = self.q
    // S Lambda stands in k for the moment.
    for i in 0..<q {
      for j in 0..<q {
        var sum = Lanes.zero
        for r in j..<q where lambda[r * q + j] != 0 { sum += s[i * q + r] * lambda[r * q + j] }
        k[i * q + j] = sum
      }
    }
    for i in 0..<q {
      for j in 0...i {
        var sum = Lanes(repeating: i == j ? 1 : 0)
        for r in i..<q where lambda[r * q + i] != 0 { sum += k[r * q + j] * lambda[r * q + i] }
        a[i * q + j] = sum
      }
    }
    var product = Lanes(repeating: 1)
    for j in 0..<q {
      var diagonal = a[j * q + j]
      for r in 0..<j { diagonal -= a[j * q + r] * a[j * q + r] }
      product *= diagonal
      let inverse = Lanes(repeating: 1) / diagonal.squareRoot()
      a[j * q + j] = inverse
      for i in j + 1..<max(q, j + 1) {
        var sum = a[i * q + j]
        for r in 0..<j { sum -= a[i * q + r] * a[j * q + r] }
        a[i * q + j] = sum * inverse
      }
    }
    determinant = product
  }

  /// The natural logarithms of the determinants, summed over the lanes.
  @inline(__always)
  func logDeterminant() -> Double {
    // One logarithm for each lane, as a product over lanes could overflow.
    var sum = 0.0
    for lane in 0..<Lanes.scalarCount { sum += Double.log(determinant[lane]) }
    return sum
  }
}
