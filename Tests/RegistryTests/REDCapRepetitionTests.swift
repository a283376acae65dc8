import Tables
import Testing

@testable import Registry

@Suite("Repeated events and instruments of REDCap")
struct REDCapRepetitionTests {
  private func read(_ text: String) throws -> TableImport {
    let table = try DelimitedTable(text: text, source: "t.csv")
    return try TableImport(table, profile: .guess(table: table))
  }

  @Test func theInstanceIsPartOfARepeatedEvent() throws {
    let back = try read(
      """
      record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,visit_date,munix_apb_left
      P01,baseline_arm_1,,,2025-01-10,120
      P01,follow_up_arm_1,,1,2025-02-12,112
      P01,follow_up_arm_1,,2,2025-03-11,104
      """)
    #expect(back.problems.isEmpty)
    #expect(
      back.document.values.map(\.date.description) == ["2025-01-10", "2025-02-12", "2025-03-11"])
    #expect(back.document.visits.count == 3)
  }

  @Test func instrumentsOfOneInstanceShareItsDay() throws {
    let back = try read(
      """
      record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,visit_date,munix_apb_left
      P01,follow_up_arm_1,emg,1,,112
      P01,follow_up_arm_1,emg,2,,104
      P01,follow_up_arm_1,visit,1,2025-02-12,
      P01,follow_up_arm_1,visit,2,2025-03-11,
      """)
    #expect(back.problems.isEmpty)
    #expect(back.document.values.map(\.value) == [112, 104])
    #expect(back.document.values.map(\.date.description) == ["2025-02-12", "2025-03-11"])
  }

  @Test func aTableWithoutEventsCanRepeatInstruments() throws {
    let back = try read(
      """
      record_id,redcap_repeat_instrument,redcap_repeat_instance,visit_date,munix_apb_left
      P01,emg,1,2025-02-12,112
      P01,emg,2,2025-03-11,104
      """)
    #expect(back.problems.isEmpty)
    #expect(back.document.values.map(\.date.description) == ["2025-02-12", "2025-03-11"])
  }

  @Test func aScoreCalledAlsfrsRHasNoSide() {
    let profile = ImportProfile.guess(header: ["record_id", "visit_date", "alsfrs_r"])
    #expect(profile.valueColumns.map(\.kind) == [.alsfrsTotal])
    #expect(profile.valueColumns.first?.side == nil)
    #expect(ImportProfile.guess(header: ["id", "date", "svc_l"]).valueColumns.isEmpty)
  }
}
