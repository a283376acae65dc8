import RealModule

/// The columns of a mixed model, with the rows of each patient standing together.
struct MixedModelDesign: Sendable {
  let model: MixedModel
  /// Patients in order of first appearance.
  let subjects: [String]
  /// The first row of each patient among the sorted rows, and the end.
  let starts: [Int]
  /// For each sorted row its place in the table.
  let order: [Int]
  /// The fixed effects.
  let names: [String]
  /// Fixed-effect columns, row-major n x p, orthonormalised: X = orthonormal * triangle.
  let orthonormal: [Double]
  /// The upper triangular factor, row-major p x p.
  let triangle: [Double]
  /// Random-effect columns, row-major n x q, divided by `scales`.
  let random: [Double]
  /// Root mean squares of the random-effect columns.
  let scales: [Double]
  let layout: RandomLayout
  /// y less its least-squares fit on the fixed effects.
  let residual: [Double]
  /// The least-squares coefficients.
  let olsCoefficients: [Double]
  /// Known standard errors of the rows, where the model uses them.
  let standardErrors: [Double]?
  /// The muscles, where the model has them.
  let muscles: [String]
  /// Whether there is a (t - T)+ column.
  let hasTherapy: Bool
  /// For each patient the weights of the fixed effects in its slope before therapy, n x p.
  let slopeContrasts: [Double]
  /// For each patient the weights of the fixed effects in its change of slope, n x p.
  let changeContrasts: [Double]
  /// Months of the sorted rows.
  let times: [Double]
  /// (t - T)+ of the sorted rows.
  let post: [Double]
  /// Therapy month of each patient.
  let therapy: [Double?]

  var n: Int { order.count }
  var p: Int { names.count }
  var q: Int { layout.q }

  init(_ table: LongitudinalTable, model: MixedModel) throws {
    self.model = model
    let index = SubjectIndex(table.rows.map(\.subject))
    subjects = index.names
    (order, starts) = MixedModelDesign.sorted(index)
    hasTherapy = table.rows.contains { $0.therapyTime != nil }
    let lag = model.onsetLag
    times = order.map { table.rows[$0].time }
    therapy = starts.dropLast().map { [order] in table.rows[order[$0]].therapyTime }
    post = order.map { row in
      table.rows[row].therapyTime.map { max(0, table.rows[row].time - $0 - lag) } ?? 0
    }
    var columns = FixedColumns(table: table, order: order, post: post)
    try columns.build(model, hasTherapy: hasTherapy)
    muscles = columns.muscles
    names = columns.names
    slopeContrasts = MixedModelDesign.contrasts(columns.timeFactors, starts)
    changeContrasts = MixedModelDesign.contrasts(columns.postFactors, starts)
    let n = order.count
    let p = names.count
    guard n > p else {
      throw ProgressionError.invalidTable(
        found: "\(n) rows for \(p) fixed effects", expected: "more rows than fixed effects")
    }
    let y = order.map { table.rows[$0].value }
    let fixed = try OrthonormalColumns(columns.columns, names: names, y: y)
    orthonormal = fixed.rows
    triangle = fixed.triangle
    residual = fixed.residual
    olsCoefficients = fixed.coefficients
    (layout, random, scales) = MixedModelDesign.randomColumns(
      table, order: order, post: hasTherapy ? post : nil, model: model,
      muscleCodes: columns.muscleCodes, muscleCount: columns.muscles.count)
    // As many effects as values would leave nothing to tell them from the residual.
    for term in layout.terms {
      let effects = term.size * term.copies.count * subjects.count
      guard subjects.count > 1, order.count > effects else {
        throw ProgressionError.invalidTable(
          found: "\(order.count) rows of \(subjects.count) subjects for \(effects) random effects "
            + "(\(term.effects.joined(separator: ", ")) of each \(term.grouping))",
          expected: "at least 2 subjects and more rows than random effects")
      }
    }
    let treated = starts.indices.dropLast().filter { [starts, post] subject in
      post[starts[subject]..<starts[subject + 1]].contains { $0 > 0 }
    }
    guard !hasTherapy || model.randomEffects == .m1 || treated.count > 1 else {
      throw ProgressionError.notEstimable(
        effect: "the variation of post between subjects",
        reason: "only one has visits after a first dose (model m1 does without it)")
    }
    if model.measurementError == .ignored {
      standardErrors = nil
    } else {
      standardErrors = try order.map { row in
        guard let error = table.rows[row].standardError else {
          throw ProgressionError.invalidRow(
            row: row + 1, found: "no standard error",
            expected: "one in every row, as the model uses known measurement errors")
        }
        return error
      }
    }
  }

  /// The factors of each patient's first row, patients by effects.
  private static func contrasts(_ factors: [[Double]?], _ starts: [Int]) -> [Double] {
    let p = factors.count
    var result = [Double](repeating: 0, count: (starts.count - 1) * p)
    for (k, factor) in factors.enumerated() {
      guard let factor else { continue }
      for subject in 0..<starts.count - 1 { result[subject * p + k] = factor[starts[subject]] }
    }
    return result
  }

  private static func sorted(_ index: SubjectIndex) -> (order: [Int], starts: [Int]) {
    var starts = [Int](repeating: 0, count: index.names.count + 1)
    for code in index.codes { starts[code + 1] += 1 }
    for i in index.names.indices { starts[i + 1] += starts[i] }
    var next = starts
    var order = [Int](repeating: 0, count: index.codes.count)
    for (row, code) in index.codes.enumerated() {
      order[next[code]] = row
      next[code] += 1
    }
    return (order, starts)
  }

  private static func randomColumns(
    _ table: LongitudinalTable, order: [Int], post: [Double]?, model: MixedModel,
    muscleCodes: [Int], muscleCount: Int
  ) -> (RandomLayout, [Double], [Double]) {
    let time = model.timeName
    var groups: [(grouping: String, effects: [String], copies: [[Int]])] = []
    var q = 2
    switch (model.randomEffects, post != nil) {
    case (.m1, _), (.m2, false), (.m3, false):
      groups = [("subject", ["(Intercept)", time], [[0, 1]])]
    case (.m2, true):
      groups = [("subject", ["(Intercept)", time, "post"], [[0, 1, 2]])]
      q = 3
    case (.m3, true):
      groups = [("subject", ["(Intercept)", time], [[0, 1]]), ("subject", ["post"], [[2]])]
      q = 3
    case (.uncorrelated, let hasPost):
      groups = [("subject", ["(Intercept)"], [[0]]), ("subject", [time], [[1]])]
      if hasPost {
        groups.append(("subject", ["post"], [[2]]))
        q = 3
      }
    }
    let shared = q
    let stride = model.muscleSlopes ? 2 : 1
    if muscleCount > 0 {
      let copies = (0..<muscleCount).map { muscle in
        (0..<stride).map { shared + stride * muscle + $0 }
      }
      groups.append(
        ("subject:\(model.placeName)", Array(["(Intercept)", time].prefix(stride)), copies))
      q += stride * muscleCount
    }
    let n = order.count
    var columns = [Double](repeating: 0, count: n * q)
    var squares = [Double](repeating: 0, count: 3)
    for i in 0..<n {
      let t = table.rows[order[i]].time
      columns[i * q] = 1
      columns[i * q + 1] = t
      if shared == 3, let post { columns[i * q + 2] = post[i] }
      squares[1] += t * t
      if let post { squares[2] += post[i] * post[i] }
      if muscleCount > 0 {
        columns[i * q + shared + stride * muscleCodes[i]] = 1
        if stride == 2 { columns[i * q + shared + 2 * muscleCodes[i] + 1] = t }
      }
    }
    // Scales of the effects, so that the parameters of the optimiser are of one magnitude.
    func scale(_ k: Int) -> Double {
      k == 0 || squares[k] == 0 ? 1 : (squares[k] / Double(n)).squareRoot()
    }
    let scales = (0..<q).map { $0 < shared ? scale($0) : scale(($0 - shared) % stride) }
    for i in 0..<n {
      for k in 0..<q { columns[i * q + k] /= scales[k] }
    }
    return (RandomLayout(groups, q: q), columns, scales)
  }
}

extension MixedModelDesign {
  /// The same columns for a model without known errors.
  func ignoringErrors(_ model: MixedModel) -> MixedModelDesign {
    MixedModelDesign(copying: self, model: model)
  }

  private init(copying other: MixedModelDesign, model: MixedModel) {
    self.model = model
    subjects = other.subjects
    starts = other.starts
    order = other.order
    names = other.names
    orthonormal = other.orthonormal
    triangle = other.triangle
    random = other.random
    scales = other.scales
    layout = other.layout
    residual = other.residual
    olsCoefficients = other.olsCoefficients
    standardErrors = nil
    muscles = other.muscles
    hasTherapy = other.hasTherapy
    times = other.times
    post = other.post
    therapy = other.therapy
    slopeContrasts = other.slopeContrasts
    changeContrasts = other.changeContrasts
  }
}
