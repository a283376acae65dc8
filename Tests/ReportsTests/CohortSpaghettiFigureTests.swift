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
      measure: "MUNIX", patients: patients, means: [.init(name: "All", line: mean)]
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
      means: [.init(name: "Control", line: mean), .init(name: "Treated", line: mean)]
    ).figure(id: "courses")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("Treated"))
    #expect(figure.caption.contains("1 value that this axis cannot show left out."))
  }

  @Test func noValuesSaySo() {
    let figure = CohortSpaghettiFigure(measure: "MUNIX", patients: [], means: [])
    #expect(figure.figure(id: "courses").drawing == nil)
  }
}
