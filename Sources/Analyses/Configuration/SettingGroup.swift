import Decomposition
import MotorUnits
import UnitNumber

/// An algorithm with its settings and what they are without a change.
///
/// `all` is the one list of them: `motorpool config`, its help and the names that `--set` knows are made from it.
package struct SettingGroup: Sendable {
  /// What the group is called in paths of settings.
  package let name: String
  /// Its settings in the order in which they are listed.
  let settings: [Setting]
  /// The configuration with changes applied.
  let configuration: @Sendable (ConfigurationChanges) throws -> any Encodable

  init<Configuration: Codable & Sendable>(
    _ name: String, _ settings: [Setting], _ configuration: Configuration
  ) {
    self.name = name
    self.settings = settings
    self.configuration = { try $0.applied(to: configuration, group: name) }
  }

  /// Every group in the order in which they are listed.
  package static let all: [SettingGroup] =
    [
      SettingGroup("array", Setting.array + Setting.arrayGroups, ArrayConfiguration()),
      SettingGroup("segments", Setting.segments, SegmentConfiguration()),
      SettingGroup(
        "needle",
        Setting.needle + Setting.needleGroups + Setting.needleMending + Setting.needleSignal
          + Setting.needleTrains,
        NeedleConfiguration()),
      SettingGroup("streaming", Setting.streaming, StreamingDecomposer.Configuration()),
      SettingGroup("validation", Setting.validation, SubsetValidation.Configuration()),
      SettingGroup("counts", Setting.counts, CountSettings()),
      SettingGroup("tracking", Setting.tracking, UnitMatching.Configuration()),
      SettingGroup("following", Setting.following, UnitIdentities.Configuration()),
      SettingGroup("scan", Setting.scan, ScanConfiguration()),
      SettingGroup("cmap", Setting.cmap, RepeatedCMAP()),
      SettingGroup("response", Setting.response, CMAPMeasurement()),
      SettingGroup("munix", Setting.munix, MUNIX()),
    ] + StimulationMethod.allCases.map(\.settingGroup) + [
      SettingGroup("sta-mune", Setting.averaging, DecompositionEnhancedAveraging())
    ]
}
