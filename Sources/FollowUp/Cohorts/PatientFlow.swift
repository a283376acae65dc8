import Progression
import Registry
import Reports

/// What became of the patients of a cohort, counted by arm as in a CONSORT diagram.
package struct PatientFlow: Encodable {
  /// One box of the diagram.
  package struct Step: Encodable {
    /// What is counted.
    package let name: String
    /// Patients of each arm, in the order of `arms`.
    package let patients: [Int]
  }

  /// Names of the arms; one "all" where there are none.
  package let arms: [String]
  /// The boxes in order.
  package let steps: [Step]

  /// Counts the patients of a table and, where it comes from a registry, those without a value.
  ///
  /// Nil where no endings are known: whoever has no event would count as complete.
  package init?(_ data: CohortTable, cohort: CohortSeries?) {
    guard let attrition = data.attrition else { return nil }
    let courses = data.table.subjects
    let armOf = Dictionary(
      courses.compactMap { subject, rows in rows.first?.arm.map { (subject, $0) } },
      uniquingKeysWith: { first, _ in first })
    let names = Set(armOf.values).sorted()
    let arms = names.count > 1 ? names : ["all"]
    func counts(_ subjects: some Sequence<String>) -> [Int] {
      var result = [Int](repeating: 0, count: arms.count)
      for subject in subjects {
        let place = names.count > 1 ? armOf[subject].flatMap(arms.firstIndex(of:)) : 0
        if let place { result[place] += 1 }
      }
      return result
    }
    var steps: [Step] = []
    if let cohort {
      let recorded = cohort.subjects.map(\.arm)
      steps.append(
        Step(
          name: "recorded",
          patients: arms.map { arm in
            names.count > 1 ? recorded.count { $0 == arm } : recorded.count
          }))
    }
    let all = courses.map(\.subject)
    steps.append(Step(name: "with a value", patients: counts(all)))
    let therapy = courses.filter { $0.rows.contains { $0.therapyTime != nil } }
    if therapy.isEmpty {
      // Arms that are followed from baseline on have no times of therapy.
      let followed = courses.filter { Set($0.rows.map(\.time)).count > 1 }
      steps.append(
        Step(name: "with a later value", patients: counts(followed.map(\.subject))))
    } else {
      steps.append(
        Step(name: "with a start of therapy or control", patients: counts(therapy.map(\.subject))))
      let after = therapy.filter { _, rows in
        rows.contains { row in row.therapyTime.map { row.time > $0 } ?? false }
      }
      steps.append(Step(name: "with a value after it", patients: counts(after.map(\.subject))))
    }
    func ended(_ kinds: Set<Attrition.Event.Kind>) -> [Int] {
      counts(attrition.firstEvents.values.filter { kinds.contains($0.kind) }.map(\.subject))
    }
    steps.append(Step(name: "died", patients: ended([.death])))
    steps.append(
      Step(name: "tracheostomy or permanent ventilation", patients: ended([.tracheostomy])))
    steps.append(Step(name: "withdrawn or lost", patients: ended([.withdrawal, .other])))
    steps.append(
      Step(name: "stopped without a recorded reason", patients: counts(attrition.unexplained)))
    let gone = Set(attrition.firstEvents.keys).union(attrition.unexplained)
    steps.append(
      Step(name: "complete or still followed", patients: counts(all.filter { !gone.contains($0) })))
    self.arms = arms
    self.steps = steps
  }

  /// The flow as a table of a page.
  package var table: ReportTable {
    ReportTable(
      caption: "Flow of the patients",
      columns: [.init("Patients", isNumeric: false)] + arms.map { ReportTable.Column($0) },
      rows: steps.map { [$0.name] + $0.patients.map(String.init) },
      notes: ["Of several endings of a patient the first counts."])
  }
}
