/// Builds the fixed-effect columns of a mixed model and their names.
struct FixedColumns {
  let table: LongitudinalTable
  let order: [Int]
  let post: [Double]
  private(set) var names: [String] = []
  private(set) var columns: [[Double]] = []
  /// For each effect the factor that time carries in it, row by row; nil where it has none.
  private(set) var timeFactors: [[Double]?] = []
  /// The same for (t - T)+.
  private(set) var postFactors: [[Double]?] = []
  private(set) var muscles: [String] = []
  private(set) var muscleCodes: [Int] = []

  init(table: LongitudinalTable, order: [Int], post: [Double]) {
    self.table = table
    self.order = order
    self.post = post
  }

  mutating func build(_ model: MixedModel, hasTherapy: Bool) throws {
    let n = order.count
    let time = order.map { table.rows[$0].time }
    if model.muscles {
      let labels = try order.map { row in
        guard let muscle = table.rows[row].muscle else {
          throw ProgressionError.invalidRow(
            row: row + 1, found: "no muscle", expected: "one in every row of a model with muscles")
        }
        return muscle
      }
      muscles = Set(labels).sorted()
      let codes = Dictionary(uniqueKeysWithValues: muscles.enumerated().map { ($1, $0) })
      muscleCodes = labels.map { codes[$0] ?? 0 }
      for (code, muscle) in muscles.enumerated() {
        add("\(model.placeName)\(muscle)", muscleCodes.map { $0 == code ? 1 : 0 })
      }
    } else {
      add("(Intercept)", [Double](repeating: 1, count: n))
    }
    let ones = [Double](repeating: 1, count: n)
    add(model.timeName, time, timeFactor: ones)
    if hasTherapy {
      try checkTherapy(model, time)
      if model.levelStep { add("step", post.map { $0 > 0 ? 1 : 0 }) }
      add("post", post, postFactor: ones)
    }
    if model.armEffects != .none { try addArms(model, time: time, hasTherapy: hasTherapy) }
    for covariate in model.covariates { try add(covariate, model, time, hasTherapy) }
  }

  /// A change of slope needs visits on both sides of the first dose.
  private func checkTherapy(_ model: MixedModel, _ time: [Double]) throws {
    guard post.contains(where: { $0 > 0 }) else {
      throw ProgressionError.notEstimable(
        effect: "post", reason: "no visit comes after the first dose")
    }
    let isBefore = order.indices.contains { index in
      table.rows[order[index]].therapyTime.map { time[index] < $0 + model.onsetLag } ?? true
    }
    guard isBefore else {
      throw ProgressionError.notEstimable(
        effect: "post", reason: "no visit comes before the first dose")
    }
  }

  private mutating func add(
    _ name: String, _ column: [Double], timeFactor: [Double]? = nil, postFactor: [Double]? = nil
  ) {
    names.append(name)
    columns.append(column)
    timeFactors.append(timeFactor)
    postFactors.append(postFactor)
  }

  private mutating func addArms(_ model: MixedModel, time: [Double], hasTherapy: Bool) throws {
    let arms = try order.map { row in
      guard let arm = table.rows[row].arm else {
        throw ProgressionError.invalidRow(
          row: row + 1, found: "no arm", expected: "one in every row of a model with arms")
      }
      return arm
    }
    let levels = Set(arms).sorted()
    guard levels.count > 1 else {
      throw ProgressionError.notEstimable(
        effect: "the effect of the arm", reason: "every row has the arm \(levels.first ?? "none")")
    }
    guard let control = model.control(among: levels), levels.contains(control) else {
      throw ProgressionError.invalidTable(
        found: "arms \(levels.joined(separator: ", "))",
        expected: "the control arm \(model.controlArm ?? "")")
    }
    let others = levels.filter { $0 != control }
    for arm in others {
      let indicator = arms.map { $0 == arm ? 1.0 : 0.0 }
      let suffix = others.count == 1 ? "arm" : "arm\(arm)"
      if model.armEffects == .all {
        add(suffix, indicator)
        add(
          "\(model.timeName):\(suffix)", zip(indicator, time).map(*), timeFactor: indicator)
      }
      if hasTherapy {
        add("post:\(suffix)", zip(indicator, post).map(*), postFactor: indicator)
      }
    }
    if !hasTherapy && model.armEffects == .slopeChange {
      throw ProgressionError.notEstimable(
        effect: "post:arm", reason: "no row has a therapy time")
    }
  }

  private mutating func add(
    _ covariate: String, _ model: MixedModel, _ time: [Double], _ hasTherapy: Bool
  ) throws {
    let isTime = covariate.hasPrefix("\(model.timeName):")
    let isPost = hasTherapy && covariate.hasPrefix("post:")
    let prefix = isTime ? model.timeName.count + 1 : (isPost ? 5 : 0)
    let name = String(covariate.dropFirst(prefix))
    let values = try order.map { row in
      guard let value = table.rows[row].covariates[name] else {
        throw ProgressionError.invalidRow(
          row: row + 1, found: "no covariate \(name)", expected: "a number in every row")
      }
      return value
    }
    let column = isTime || isPost ? zip(isTime ? time : post, values).map(*) : values
    add(
      covariate, column, timeFactor: isTime ? values : nil, postFactor: isPost ? values : nil)
  }
}
