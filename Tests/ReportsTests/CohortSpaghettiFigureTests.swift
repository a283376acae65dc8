import Testing

@testable import Reports

struct CohortSpaghettiFigureTests {
  private let mean = TrendLine(
    months: [-3, 0, 3], fit: [60, 50, 45], lower: [50, 42, 35], upper: [70, 60, 55])

  @Test func patientsUnderTheAxisAreCountedOncePerTick() throws {
    let patients = [
      CohortSpaghettiFigure.Patient(
        pseudonym: "A", months: [-3, 0, 0.1, 3], values: [9, 8, 8, 7]),
      .init(pseudonym: "B", months: [-3, 0], values: [90, 80]),
    ]
    let figure = CohortSpaghettiFigure(
      measure: "MUNIX", patients: patients, means: [.init(line: mean)]
    ).figure(id: "courses")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("Patients2002001"))
    #expect(figure.caption.hasPrefix("Grey: patients."))
  }

  @Test func armsAreColouredAndZerosDroppedWithANote() throws {
    let patients = [
      CohortSpaghettiFigure.Patient(pseudonym: "A", months: [0, 1], values: [10, 0], arm: 0),
      .init(pseudonym: "B", months: [2], values: [20], arm: 1),
      .init(pseudonym: "C", months: [], values: []),
    ]
    let figure = CohortSpaghettiFigure(
      measure: "MUNIX", patients: patients,
      means: [.init(arm: 0, line: mean), .init(arm: 1, line: mean)],
      arms: ["Control", "Treated"]
    ).figure(id: "courses")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("Treated"))
    // Patients at months 0, 1 and 2, counted for each arm.
    #expect(checker.text.contains("Control110"))
    #expect(checker.text.contains("Treated001"))
    #expect(figure.caption.contains("1 value that this axis cannot show left out."))
  }

  @Test func musclesStandInPanelsOfTheirOwn() throws {
    let muscles = ["abductor pollicis brevis", "tibialis anterior"]
    let patients = muscles.indices.map { facet in
      CohortSpaghettiFigure.Patient(
        pseudonym: "A", months: [0, 1, 2], values: [30, 20, 10], facet: facet)
    }
    let figure = CohortSpaghettiFigure(
      measure: "MUNIX", patients: patients,
      means: [.init(line: mean), .init(line: mean, facet: 1)], facets: muscles
    ).figure(id: "courses")
    let checker = check(try #require(figure.svg))
    for muscle in muscles { #expect(checker.text.contains(muscle)) }
    #expect(checker.text.components(separatedBy: "Months from start of therapy").count == 3)
    // A course in each panel, no line from one to the other.
    let courses = checker.attributes.filter { $0.name == "stroke-width" && $0.value == ".9" }
    #expect(courses.count == 2)
  }

  @Test func noValuesSaySo() {
    let figure = CohortSpaghettiFigure(measure: "MUNIX", patients: [], means: [])
    #expect(figure.figure(id: "courses").drawing == nil)
  }
}
