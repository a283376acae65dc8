import Decomposition
import Foundation
import MotorUnits
import Testing
import UnitNumber

@testable import Analyses

@Suite struct ConfigurationChangesTests {
  @Test func valuesOfEachKindAreChanged() throws {
    let changes = try ConfigurationChanges([
      "array.roundLimit=12", "array.silhouetteLimit=0.9", "array.electrodes=intramuscular",
      "array.followsDrift=false", "array.lowEdge=30", "needle.restartHighPasses=[200,300]",
      "array.roundLimit=13",
    ])
    let array = try changes.applied(to: ArrayConfiguration(), group: "array")
    var expected = ArrayConfiguration()
    expected.roundLimit = 13
    expected.silhouetteLimit = 0.9
    expected.electrodes = .intramuscular
    expected.followsDrift = false
    expected.lowEdge = 30
    #expect(array == expected)
    let needle = try changes.applied(to: NeedleConfiguration(), group: "needle")
    #expect(needle.restartHighPasses == [200, 300])
    #expect(changes.groups == ["array", "needle"])
  }

  @Test func settingsInGroupsAreChanged() throws {
    let changes = try ConfigurationChanges([
      "needle.acceptance.leastAgreement=0.5", "needle.acceptance.fewestFirings=30",
      "needle.comparison.neighbourShare=0.5", "needle.patience=4",
    ])
    var expected = NeedleConfiguration()
    expected.acceptance.leastAgreement = 0.5
    expected.acceptance.fewestFirings = 30
    expected.comparison.neighbourShare = 0.5
    expected.patience = 4
    #expect(try changes.applied(to: NeedleConfiguration(), group: "needle") == expected)
    let listed = try ConfigurationList(groups: ["needle"], changes: changes).settings
    #expect(
      listed.first { $0.setting == "needle.acceptance.leastAgreement" }?.value == .number(0.5))
    let wrong = try ConfigurationChanges(["needle.late.rounds=2.5"])
    let error = #expect(throws: AnalysisError.self) {
      try wrong.applied(to: NeedleConfiguration(), group: "needle")
    }
    #expect(error?.description.contains("needle.late.rounds") == true)
  }

  @Test func zeroAndOneAreNumbers() throws {
    let changes = try ConfigurationChanges(["array.roundLimit=1", "array.maskedRoundLimit=0"])
    let configuration = try changes.applied(to: ArrayConfiguration(), group: "array")
    #expect(configuration.roundLimit == 1 && configuration.maskedRoundLimit == 0)
    #expect(throws: AnalysisError.self) { try ConfigurationChanges(["array.roundLimit=true"]) }
  }

  @Test func withoutChangesEveryValueStays() throws {
    let changes = ConfigurationChanges()
    #expect(try changes.applied(to: ArrayConfiguration(), group: "array") == ArrayConfiguration())
    // A change passes the configuration through JSON: nothing else may move.
    let same = try ConfigurationChanges([
      "array.seed=1", "needle.patience=3", "needle.late.rounds=3",
    ])
    #expect(try same.applied(to: ArrayConfiguration(), group: "array") == ArrayConfiguration())
    #expect(
      try same.applied(to: NeedleConfiguration(), group: "needle") == NeedleConfiguration())
  }

  @Test(arguments: [
    ("array.roundLimt=3", "did you mean array.roundLimit?"),
    ("nonsense.value=1", "no such setting"),
    ("needle.acceptance.leastAgrement=1", "did you mean needle.acceptance.leastAgreement?"),
    ("needle.acceptance=1", "no such setting"),
    ("array.roundLimit=0", "from 1 to 1000"), ("array.roundLimit=many", "expected a number"),
    ("array.roundLimit", "GROUP.NAME=VALUE"),
  ])
  func unknownNamesAndValuesOutOfRangeAreRefused(_ text: String, _ message: String) {
    let error = #expect(throws: AnalysisError.self) { try ConfigurationChanges([text]) }
    #expect(error?.kind == .wrongSetting)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func wrongTypesAreRefused() throws {
    for text in ["array.roundLimit=2.5", "array.electrodes=skin", "array.followsDrift=7"] {
      let changes = try ConfigurationChanges([text])
      #expect(throws: AnalysisError.self) {
        try changes.applied(to: ArrayConfiguration(), group: "array")
      }
    }
  }

  /// Settings whose value follows from others until it is set.
  private static let withoutDefault = [
    "array.lowEdge", "array.highEdge", "array.analysisRate", "array.templateDuration",
    "array.search.ridgeFactor",
  ]

  /// Each setting that is described is one that the configurations store.
  @Test func everySettingExistsAndItsDefaultIsInRange() throws {
    let list = try ConfigurationList(groups: [])
    #expect(Set(list.settings.map(\.setting)).count == list.settings.count)
    for item in list.settings {
      #expect((item.value == nil) == Self.withoutDefault.contains(item.setting), "\(item.setting)")
      guard let range = item.range, let value = item.value else { continue }
      let data = try JSONEncoder().encode([value])
      let number = try JSONDecoder().decode([Double].self, from: data)[0]
      #expect(number >= range[0] && number <= range[1], "\(item.setting)")
    }
  }

  /// Every member of a configuration is a setting of its group; groups themselves are no settings.
  @Test(arguments: SettingGroup.all.map(\.name))
  func everyMemberOfAConfigurationIsASetting(name: String) throws {
    func leaves(_ value: Any, _ path: String) -> [String] {
      guard let members = value as? [String: Any] else { return [path] }
      return members.flatMap { leaves($0.value, "\(path).\($0.key)") }
    }
    let group = try #require(SettingGroup.all.first { $0.name == name })
    let data = try JSONEncoder().encode(try group.configuration(ConfigurationChanges()))
    let stored = Set(leaves(try JSONSerialization.jsonObject(with: data), name))
    let known = Set(group.settings.map(\.path))
    // What the recording decides, and what a method has in common with others but does not use.
    let further = [
      "sta-mune.negativePhase", "sta-mune.detection", "response.negativePhase",
    ]
    for path in stored.subtracting(known) {
      #expect(further.contains(path) || path.contains(".errors.bias."), "\(path)")
    }
    // What has no value of its own until it is set is not stored.
    for path in known.subtracting(stored) {
      #expect(Self.withoutDefault.contains(path), "\(path)")
    }
  }

  @Test func settingsOfMethodsReachTheirConfiguration() throws {
    let changes = try ConfigurationChanges([
      "mps.errors.bias.cancellation=1.5", "tracking.calibration.weights=[1,2,3,4,5,6,7,8]",
    ])
    let method = try changes.applied(to: MultipointStimulation(), group: "mps")
    #expect(method.errors.bias.cancellation == 1.5)
    let tracking = try changes.applied(to: UnitMatching.Configuration(), group: "tracking")
    #expect(tracking.calibration.weights == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test(arguments: [
    ("tracking.calibration.weights=[1,2,3,4,5,6]", "found 6 numbers, expected 8"),
    ("tracking.shared.law.weights=[]", "found 0 numbers, expected 4"),
    ("tracking.shared.law.weights=[1,2,3,true]", "not of the kind"),
  ]) func aLawNeedsAsManyWeightsAsItHas(_ change: String, _ words: String) throws {
    let changes = try ConfigurationChanges([change])
    let error = #expect(throws: AnalysisError.self) {
      try changes.applied(to: UnitMatching.Configuration(), group: "tracking")
    }
    #expect(error?.description.contains(words) == true)
  }

  @Test func everyLawOfFollowingRefusesAShortList() throws {
    for law in ["shared.law", "pairLaw", "joiningLaw"] {
      let changes = try ConfigurationChanges(["following.\(law).weights=[1]"])
      #expect(throws: AnalysisError.self) {
        try changes.applied(to: UnitIdentities.Configuration(), group: "following")
      }
    }
    // Lists that may have any length keep it.
    let changes = try ConfigurationChanges(["needle.detectionThresholds=[5]"])
    let needle = try changes.applied(to: NeedleConfiguration(), group: "needle")
    #expect(needle.detectionThresholds == [5])
  }

  @Test func storedSettingsOfEarlierVersionsAreRead() throws {
    let decoder = JSONDecoder()
    let old = Data(#"{"highPass": 300, "patience": 5, "late": {"rounds": 2}}"#.utf8)
    var expected = NeedleConfiguration()
    expected.highPass = 300
    expected.patience = 5
    expected.late.rounds = 2
    #expect(try decoder.decode(NeedleConfiguration.self, from: old) == expected)
    // The settings of an array are not taken for a needle's.
    let array = try JSONEncoder().encode(ArrayConfiguration())
    #expect(throws: DecodingError.self) {
      try decoder.decode(NeedleConfiguration.self, from: array)
    }
  }

  @Test func earlierSettingsOfArraysSegmentsAndScansAreRead() throws {
    let decoder = JSONDecoder()
    var array = ArrayConfiguration()
    array.roundLimit = 5
    array.masked.batches = 3
    array.prediction.constant = 2
    #expect(
      try decoder.decode(
        ArrayConfiguration.self,
        from: Data(
          #"{"roundLimit": 5, "masked": {"batches": 3}, "prediction": {"constant": 2}}"#.utf8))
        == array)
    var segments = SegmentConfiguration()
    segments.length = 40
    #expect(
      try decoder.decode(SegmentConfiguration.self, from: Data(#"{"length": 40}"#.utf8))
        == segments)
    var scan = ScanConfiguration()
    scan.fewUnits.mostUnits = 9
    #expect(
      try decoder.decode(
        ScanConfiguration.self, from: Data(#"{"fewUnits": {"mostUnits": 9}}"#.utf8))
        == scan)
    #expect(try decoder.decode(CountSettings.self, from: Data("{}".utf8)) == CountSettings())
    #expect(try decoder.decode(RepeatedCMAP.self, from: Data("{}".utf8)) == RepeatedCMAP())
  }

  @Test func filesAreReadAndNamed() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "settings-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(#"{"array": {"seed": 7}, "segments": {"length": 40}}"#.utf8).write(to: file)
    let changes = try ConfigurationChanges(file: file.path).merging(
      try ConfigurationChanges(["array.seed=8"]))
    #expect(try changes.applied(to: ArrayConfiguration(), group: "array").seed == 8)
    #expect(try changes.applied(to: SegmentConfiguration(), group: "segments").length == 40)
    try Data(#"{"needle": {"patience": 4, "late": {"rounds": 2}}}"#.utf8).write(to: file)
    let needle = try ConfigurationChanges(file: file.path).applied(
      to: NeedleConfiguration(), group: "needle")
    #expect(needle.patience == 4 && needle.late.rounds == 2 && needle.late.mostUnits == 4)
    try Data(#"{"array": {"sed": 7}}"#.utf8).write(to: file)
    let error = #expect(throws: AnalysisError.self) {
      try ConfigurationChanges(file: file.path)
    }
    #expect(error?.description.contains(file.path) == true)
  }
}
