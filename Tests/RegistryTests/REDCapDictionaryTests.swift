import Tables
import Testing

@testable import Registry

@Suite("The data dictionary of a REDCap project")
struct REDCapDictionaryTests {
  private static let dictionary = """
    "Variable / Field Name","Form Name","Section Header","Field Type","Field Label","Choices, Calculations, OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",Identifier?,"Branching Logic (Show field only if...)","Required Field?"
    record_id,base,,text,Study ID,,,,,,,,
    dob,base,,text,Date of birth,,,date_dmy,,,y,,
    q1,base,,radio,Group,"1, stem cells | 2, sham",,,,,,,
    q2,emg,,text,<b>Date of visit</b>,,,date_dmy,,,y,,
    q3,emg,,text,"MUNIX of the abductor pollicis brevis, left",,,number,5,500,,,
    q4,emg,,text,"CMAP amplitude, TA right (uV)",,,number,,,,,
    q5,emg,,radio,Visit status,"1, done | 2, missed | 99, not known",,,,,,,
    q6,emg,,calc,ALSFRS-R total,"sum([a],[b])",,,0,48,,,
    q7,emg,,text,CMAP amplitude in furlongs (furlong),,,,,,,,
    q8,emg,,text,Slow vital capacity (mL),,,number,,,,,
    q9,emg,,text,MUNIX TA (Hz),,,number,,,,,
    """

  private func read(_ text: String, missing: [String] = []) throws -> (TableImport, [String]) {
    let table = try DelimitedTable(text: text, source: "t.csv")
    let fields = try REDCapDictionary(
      DelimitedTable(text: Self.dictionary, source: "d.csv"), source: "d.csv")
    var profile = ImportProfile.guess(table: table)
    profile.missingValues += missing
    let notes = profile.apply(fields, header: table.header)
    profile.takeStyles(of: table)
    return (try TableImport(table, profile: profile), notes)
  }

  private static let rows = """
    record_id,redcap_event_name,dob,q1,q2,q3,q4,q5,q6
    P01,baseline_arm_1,1960-02-03,1,2025-01-10,120,6400,1,41
    P02,baseline_arm_1,1961-02-03,2,2025-01-11,812,-99,99,
    """

  @Test func labelsTellWhatColumnsHold() throws {
    let (back, notes) = try read(Self.rows, missing: ["-99"])
    #expect(back.problems.filter { $0.severity == .error }.isEmpty)
    #expect(notes == ["dob: identifies a person by the dictionary; not read"])
    #expect(back.document.subjects.map(\.arm) == ["stem cells", "sham"])
    #expect(back.document.visits.map(\.date?.description) == ["2025-01-10", "2025-01-11"])
    #expect(back.document.visits.map(\.status) == [.done, .done])
    let munix = back.document.values.filter { $0.kind == .munix }
    #expect(munix.map(\.value) == [120, 812])
    #expect(munix.map(\.muscle) == ["abductor pollicis brevis", "abductor pollicis brevis"])
    #expect(munix.map(\.side) == [.left, .left])
    let amplitude = back.document.values.filter { $0.kind == .cmapAmplitude }
    #expect(amplitude.map(\.muscle) == ["tibialis anterior"])
    #expect(abs((amplitude.first?.value ?? 0) - 6.4) < 1e-9)
    #expect(back.document.values.filter { $0.kind == .alsfrsTotal }.map(\.value) == [41])
  }

  @Test func aValueOutsideTheLimitsIsAWarning() throws {
    let (back, _) = try read(Self.rows, missing: ["-99"])
    let warnings = back.problems.filter { $0.severity == .warning }
    #expect(warnings.count == 1)
    #expect(warnings.first?.message.contains("812 is outside the dictionary's limits") == true)
  }

  @Test func anIdentifierIsNeverAnAttribute() throws {
    let (back, notes) = try read("record_id,q2,q3,attribute_dob\nP01,2025-01-10,3,x")
    #expect(notes.isEmpty)
    #expect(back.document.subjects.first?.attributes == ["dob": "x"])
    let table = try DelimitedTable(text: "record_id,dob\nP01,1960-02-03", source: "t.csv")
    var profile = ImportProfile.guess(table: table)
    profile.attributeColumns["birth"] = "dob"
    let fields = try REDCapDictionary(
      DelimitedTable(text: Self.dictionary, source: "d.csv"), source: "d.csv")
    #expect(profile.apply(fields, header: table.header).count == 1)
    #expect(profile.attributeColumns.isEmpty)
  }

  @Test func unitsOfLabelsAreUnderstoodOrTheColumnIsLeft() throws {
    let (back, notes) = try read("record_id,q2,q7,q8,q9\nP01,2025-01-10,3,3100,7")
    #expect(notes == ["q9: its label says Hz, munix is in 1; not read"])
    #expect(back.document.values.map(\.kind.id) == ["svc-litres"])
    #expect(back.document.values.map(\.value) == [3.1])
  }

  @Test func aTableThatIsNoDictionaryIsRefused() throws {
    #expect(throws: RegistryError.self) {
      try REDCapDictionary(DelimitedTable(text: "a,b\n1,2", source: "d.csv"), source: "d.csv")
    }
  }

  @Test func aProfileWithoutRulesIsStillRead() throws {
    let profile = ImportProfile.guess(header: ["id", "date", "munix"])
    #expect(profile.columnRules == nil)
    #expect(
      REDCapDictionary.choices("1, Left, upper | 2, Right") == ["1": "Left, upper", "2": "Right"])
  }
}
