import Foundation
import Testing

/// Numbers that decide a result are settings; those that stay `static let` are listed here with the reason.
@Suite struct ConstantsTests {
  /// Folders of algorithms.
  private static let folders = [
    "Decomposition", "MotorUnits", "UnitNumber/Scan", "UnitNumber/Response",
    "UnitNumber/Stimulation", "UnitNumber/Averaging", "UnitNumber/Interference",
    "Progression", "Analyses", "FollowUp",
  ]

  private static let person =
    "the editor proposes or shows; what a person decides is kept with its times"
  private static let kernel = "a table or block size of a kernel, which decides speed or rounding"
  private static let weights = "part of the trained weights, which belong together"
  private static let advice = "advice on a recording that is still running; nothing is estimated"
  private static let page = "how much a page shows; no value depends on it"
  private static let memory = "how much is held or read at once; no value depends on it"
  private static let rule =
    "a rule of the analysis, named in advance on the page; changed after the data were seen it would choose"
  private static let limit = "what the method is defined for; refused, not changed"

  /// `File.name` and why the number is no setting.
  private static let reasons: [String: String] = [
    "NeedleField.lowEdge": person, "NeedleField.reach": person, "NeedleField.filterReach": person,
    "NeedleField.rounds": person, "NeedleResolution.longestWindow": person,
    "NeedleResolution.refractoryTime": person, "NeedleResolution.explainedShare": person,
    "DuplicateUnits.usualShare": person, "DuplicateUnits.longestLag": person,
    "UnitSource.peakDistance": person,
    "UnitIdentities.visitRange": limit,
    "IntervalModel.root2Pi": "mathematics",
    "OverlapRecovery.forbidding": "stands for an infinite cost",
    "SuperpositionSweepKernel.cell": kernel, "ComponentSignal.chunkLength": kernel,
    "ComponentSignal.batch": kernel, "ImpulseKernel.phaseCount": kernel,
    "ImpulseKernel.tapCount": kernel, "ImpulseKernel.centre": kernel,
    "StreamingDecomposer.chunk": kernel,
    "StreamingUnit.longestPeakShift": "the reach of a peak's own samples",
    "CommonParts.iterations": "a power iteration that has converged long before",
    "DecodingBound.passes": "a bound for studies, of a truth that is known; no recording has one",
    "SeparationModelFile.formatVersion": "a file format",
    "ArrayDecomposer.fewestChannels": limit, "ArrayDecomposer.mostChannels": limit,
    "ArrayDecomposer.shortestDuration": limit, "ArrayDecomposer.samplingRates": limit,
    "SpikeClustering.fewestMembers": "fewer make no class; array.fewestDischarges is no less",
    "LevelModel.perUnit": "parameters of the model, counted",
    "LevelModel.shared": "parameters of the model, counted",
    "LevelLikelihood.certainScore": "beyond it a normal law is 0 or 1 to five digits",
    "LevelLikelihood.leastProbability": "keeps a logarithm finite",
    "ScanNetwork.clip": weights, "ScanFeatures.count": weights,
    "ScanPreprocessing.minimumCount": weights,
    "ScanCalibration.gridCount": "places of a table between which values are interpolated",
    "ScanProgress.plateauStimuli": advice, "ScanProgress.largestStep": advice,
    "ScanProgress.silentStimuli": advice, "ScanProgress.returnInterval": advice,
    "ScanProgress.largestNoiseMicrovolts": advice,
    "TriggerEdges.codeLimit": "a limit of the format of triggers",
    "Subgrouping.mostNumbers": rule, "SubgroupComparison.leastPatients": rule,
    "SubgroupComparison.mostGroups": rule, "CohortPosterior.fewestPatients": rule,
    "Autocorrelation.minimumVisits": limit, "CountModel.largestCount": limit,
    "CountModel.gridLimit": limit, "TrialData.visitLimit": limit,
    "ResidualComparison.rowLimit": limit, "LongitudinalTable.longest": limit,
    "NeedleAnalysis.shortestDuration": limit, "ElectrodeChoice.mostNeedleChannels": limit,
    "PatientSeries.daysPerMonth": "the length of a mean month",
    "HistoricalComparison.conflictLevel": rule, "DropoutSensitivity.patientLimit": rule,
    "VisitClusters.largestShare": rule,
    "VisitClusters.bins": "a resolution far below the distance of visits",
    "HistoricalPrior.points": "points of a quadrature that has converged",
    "EffectInformation.sample": "a mean that more patients do not change",
    "StudentT.usual": "mathematics", "StudentT.known": "mathematics",
    "SpikeTriggeredAnalysis.defaultHighPass": "the default of --high-pass; stored with the run",
    "RScript.kenwardRogerLimit": "which method a script for another program asks for; it says so",
    "CohortPage+Check.shownPoints": page, "CohortPage+Panels.panelLimit": page,
    "ArrayAnalysis+Report.shownPotentials": page, "RecordingOverview.columnCount": page,
    "RecordingOverview.budget": memory, "ResponseTable.maximumBytes": memory,
    "RecordingSelection.memoryLimit": memory, "OpenHDEMGFormats.rowsAtOnce": memory,
    "UnitCollection+Sources.wholeLimit": memory, "UnitCollection+Sources.step": memory,
    "UnitCollection+Sources.margin": memory, "LiveSamples.microvoltsRange": limit,
    "TrackingSummary.fewestForDoubt": "decides a warning, no result",
    "LiveSamples.mostBlockValues": memory, "LiveSamples.mostLost": limit,
  ]

  /// Numbers that stand in sources as `static let`.
  private static func found() throws -> Set<String> {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
    let number = /static let (\w+)(?:: ?[\w<>.]+)? ?= ?\(?-?[0-9]/
    var result: Set<String> = []
    for folder in folders {
      let files = FileManager.default.enumerator(
        at: sources.appendingPathComponent(folder), includingPropertiesForKeys: nil)
      for case let file as URL in try #require(files) where file.pathExtension == "swift" {
        let stem = file.deletingPathExtension().lastPathComponent
        for match in try String(contentsOf: file, encoding: .utf8).matches(of: number) {
          result.insert("\(stem).\(match.1)")
        }
      }
    }
    return result
  }

  @Test func everyNumberIsASettingOrHasAReason() throws {
    let found = try Self.found()
    let listed = Set(Self.reasons.keys)
    #expect(found.subtracting(listed).sorted() == [], "make it a setting (docs/adding.md)")
    #expect(listed.subtracting(found).sorted() == [], "no longer there")
  }
}
