/// A long table as patients with a baseline and planned visits.
struct TrialData {
  struct Patient {
    let subject: String
    let arm: Int
    let baseline: Double?
    /// Values at the visits.
    let values: [Double?]
    /// Covariates less their means.
    let covariates: [Double]

    /// What a model of correlated visits takes: places of the visits and values there.
    ///
    /// - Parameter hasBaselineVisit: whether baseline is the first visit; else values are changes from it.
    func course(hasBaselineVisit: Bool) -> [(place: Int, value: Double)] {
      guard !hasBaselineVisit else {
        return (baseline.map { [(0, $0)] } ?? [])
          + values.enumerated().compactMap { k, v in v.map { (k + 1, $0) } }
      }
      return baseline.map { start in
        values.enumerated().compactMap { k, v in v.map { (k, $0 - start) } }
      } ?? []
    }
  }

  let patients: [Patient]
  let arms: [String]
  let visits: [Double]
  let covariateNames: [String]
  let meanBaseline: Double
  let remarks: [String]

  /// Visits that a covariance of their own can be estimated for.
  private static let visitLimit = 24

  init(_ table: LongitudinalTable, _ model: RandomisedArms) throws {
    let names = table.arms
    guard names.count > 1 else {
      throw ProgressionError.notEstimable(
        effect: "the effect of the arm", reason: "there are \(names.count) arms")
    }
    guard let control = MixedModel(controlArm: model.controlArm).control(among: names),
      names.contains(control)
    else {
      throw ProgressionError.invalidTable(
        found: "arms \(names.joined(separator: ", "))",
        expected: "the control arm \(model.controlArm ?? "")")
    }
    guard Set(table.rows.map(\.muscle)).count == 1 else {
      throw ProgressionError.invalidTable(
        found: "several muscles", expected: "one, as visits are compared one by one")
    }
    let arms = [control] + names.filter { $0 != control }
    self.arms = arms
    let origin = table.rows.map(\.time).min() ?? 0
    let subjects = table.subjects
    let nominal = model.visits == nil ? table.nominalVisits : nil
    if let nominal, nominal.count > Self.visitLimit {
      throw ProgressionError.invalidTable(
        found: "\(nominal.count) nominal visits after baseline",
        expected: "at most \(Self.visitLimit), as they are compared one by one")
    }
    let courses = subjects.map { _, rows in
      rows.compactMap { row in
        (nominal == nil ? row.time - (row.therapyTime ?? origin) : row.visit).map {
          (time: $0, value: row.value)
        }
      }
    }
    let grid =
      nominal.map { VisitGrid(nominal: $0) }
      ?? VisitGrid(courses.map { $0.map(\.time) }, limit: Self.visitLimit, named: model.visits)
    var remarks = grid.remarks(courses.map { $0.map(\.time) })
    let unscheduled = table.rows.count - courses.reduce(0) { $0 + $1.count }
    if unscheduled > 0 {
      remarks.append(
        "\(unscheduled) \(unscheduled == 1 ? "value" : "values") without a nominal visit left out")
    }
    var withoutArm = 0
    var withoutBaseline = 0
    var withoutSlope = 0
    struct Raw {
      let subject: String
      let arm: Int
      let baseline: Double?
      let values: [Double?]
      let covariates: [Double]
    }
    var raw: [Raw] = []
    for ((subject, rows), course) in zip(subjects, courses) {
      guard let first = rows.first, let arm = first.arm.flatMap({ arms.firstIndex(of: $0) }) else {
        withoutArm += 1
        continue
      }
      let before = course.filter { $0.time <= 0 }
      let values = grid.values(course)
      // Several values of the last time before therapy count as their mean.
      let start = before.map(\.time).max().map { last -> Double in
        let own = before.filter { $0.time == last }
        return own.reduce(0) { $0 + $1.value } / Double(own.count)
      }
      guard start != nil || model.method == .clda else {
        withoutBaseline += 1
        continue
      }
      var covariates: [Double] = []
      for name in model.covariates {
        guard let value = first.covariates[name] else {
          throw ProgressionError.invalidTable(
            found: "no \(name) in the first row of a patient", expected: "one for every patient")
        }
        covariates.append(value)
      }
      if model.includesPreSlope {
        guard Set(before.map(\.time)).count > 1,
          let line = LeastSquares(
            columns: [before.map { _ in 1 }, before.map(\.time)], y: before.map(\.value))
        else {
          withoutSlope += 1
          continue
        }
        covariates.append(line.coefficients[1])
      }
      raw.append(
        Raw(
          subject: subject, arm: arm, baseline: start, values: values,
          covariates: covariates))
    }
    if withoutArm > 0 { remarks.append("\(withoutArm) patients without an arm left out") }
    if withoutBaseline > 0 {
      remarks.append("\(withoutBaseline) patients without a baseline left out")
    }
    if withoutSlope > 0 {
      remarks.append("\(withoutSlope) patients without two visits before therapy left out")
    }
    // A visit that an arm never kept has no difference.
    let kept = grid.visits.indices.filter { visit in
      arms.indices.allSatisfy { arm in
        raw.contains { $0.arm == arm && $0.values[visit] != nil }
      }
    }
    if kept.count < grid.visits.count {
      let dropped = Set(grid.visits.indices).subtracting(kept)
      let values = raw.reduce(0) { sum, own in sum + dropped.count { own.values[$0] != nil } }
      remarks.append(
        "\(dropped.count) \(dropped.count == 1 ? "visit" : "visits") that not all arms have left out, "
          + "with \(values) \(values == 1 ? "value" : "values")")
    }
    let baselines = raw.compactMap(\.baseline)
    guard !kept.isEmpty, !baselines.isEmpty else {
      throw ProgressionError.notEstimable(
        effect: "the difference of the arms",
        reason: baselines.isEmpty
          ? "no patient has a baseline" : "no visit after baseline has values in every arm")
    }
    visits = kept.map { grid.visits[$0] }
    meanBaseline = baselines.reduce(0, +) / Double(baselines.count)
    let covariateNames = model.covariates + (model.includesPreSlope ? ["slope before"] : [])
    self.covariateNames = covariateNames
    let means = covariateNames.indices.map { k in
      raw.reduce(0) { $0 + $1.covariates[k] } / Double(raw.count)
    }
    patients = raw.map { own in
      Patient(
        subject: own.subject, arm: own.arm, baseline: own.baseline,
        values: kept.map { own.values[$0] },
        covariates: zip(own.covariates, means).map { $0 - $1 })
    }
    self.remarks = remarks
  }

  /// Patients with a value at a visit, by arm.
  func counts(_ visit: Int) -> [Int] {
    arms.indices.map { arm in
      patients.count { $0.arm == arm && $0.values[visit] != nil }
    }
  }
}
