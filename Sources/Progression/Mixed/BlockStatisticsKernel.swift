import RealModule

/// Eight patients side by side: one lane each.
typealias Lanes = SIMD8<Double>

/// Sufficient statistics of the patients for one set of row weights.
///
/// For each patient Z'WZ (packed lower triangle) and Z'W[X y]; [X y]'W[X y] only in sum. Patients
/// stand eight to a group, one in each lane; the lanes left over in the last group are zero, and so
/// are the columns of a muscle that a patient lacks, which leaves every result unchanged.
struct BlockStatistics: Sendable {
  /// Random effects of one patient.
  let q: Int
  /// Columns of [X y].
  let width: Int
  /// Groups of eight patients.
  let groups: Int
  /// For each group q (q + 1)/2 + q * width lanes.
  let values: [Lanes]
  /// [X y]'W[X y] over all rows, row-major.
  let totals: [Double]

  var stride: Int { q * (q + 1) / 2 + q * width }

  /// Sums the rows of a design; without weights every row counts one.
  init(_ design: MixedModelDesign, weights: [Double]? = nil, subjects: Range<Int>? = nil) {
    let q = design.q
    let p = design.p
    let width = p + 1
    let triangle = q * (q + 1) / 2
    let stride = triangle + q * width
    let range = subjects ?? 0..<design.subjects.count
    let groups = (range.count + Lanes.scalarCount - 1) / Lanes.scalarCount
    precondition(weights.map { $0.count == design.n } ?? true, "one weight for each row")
    var totals = [Double](repeating: 0, count: width * width)
    var values = [Lanes](repeating: .zero, count: max(1, groups * stride))
    var extended = [Double](repeating: 0, count: width)
    values.withUnsafeMutableBytes { bytes in
      let lanes = bytes.bindMemory(to: Double.self)
      design.random.withUnsafeBufferPointer { random in
        design.orthonormal.withUnsafeBufferPointer { fixed in
          extended.withUnsafeMutableBufferPointer { x in
            totals.withUnsafeMutableBufferPointer { totals in
              for (position, subject) in range.enumerated() {
                let base =
                  position / Lanes.scalarCount * stride * Lanes.scalarCount
                  + position % Lanes.scalarCount
                for row in design.starts[subject]..<design.starts[subject + 1] {
                  let weight = weights?[row] ?? 1
                  for k in 0..<p { x[k] = fixed[row * p + k] }
                  x[p] = design.residual[row]
                  for a in 0..<width {
                    let scaled = weight * x[a]
                    for b in 0...a { totals[a * width + b] += scaled * x[b] }
                  }
                  for a in 0..<q {
                    let scaled = weight * random[row * q + a]
                    if scaled == 0 { continue }
                    let diagonal = base + a * (a + 1) / 2 * Lanes.scalarCount
                    for b in 0...a {
                      lanes[diagonal + b * Lanes.scalarCount] += scaled * random[row * q + b]
                    }
                    let cross = base + (triangle + a * width) * Lanes.scalarCount
                    for b in 0..<width { lanes[cross + b * Lanes.scalarCount] += scaled * x[b] }
                  }
                }
              }
            }
          }
        }
      }
    }
    for a in 0..<width {
      for b in a + 1..<max(width, a + 1) { totals[a * width + b] = totals[b * width + a] }
    }
    self.q = q
    self.width = width
    self.groups = groups
    self.values = values
    self.totals = totals
  }
}
