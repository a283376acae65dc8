import ArgumentParser
import FollowUp
import Foundation
import Progression
import Recordings
import Registry
import Tables

/// Where the values of a comparison come from.
extension Compare {
  /// The values of an endpoint, or those that the other arguments name.
  func source(_ endpoint: EndpointName?) throws -> Source {
    var source = try table.map { try fromTable($0, endpoint) } ?? fromRegistry(endpoint)
    source.data.visits = try trial.visitTimes()
    return source
  }

  /// The endpoints named beforehand, tested family by family; nil where none are named.
  func compareEndpoints(_ source: Source) throws -> EndpointComparison? {
    let names = endpoints.names
    guard !names.primary.isEmpty else { return nil }
    func tests(_ names: [EndpointName]) throws -> [EndpointTest] {
      try names.flatMap { name in
        let own = try self.source(name)
        return EndpointTest.tests(
          name.text, data: own.data, model: own.model,
          options: try options(own))
      }
    }
    return EndpointComparison(
      primary: try tests(names.primary), secondary: try tests(names.secondary),
      analysis: EndpointTest.analysis(source.model, try options(source)))
  }

  struct Source {
    var data: CohortTable
    let model: MixedModel
    let cohort: CohortSeries?
    /// The covariate that tells the treated side.
    var treatedSide: String?
  }

  private func fromTable(
    _ file: String, _ endpoint: EndpointName?
  ) throws -> Source {
    let factors = factor?.split(separator: ",").map(String.init) ?? []
    var names = covariates?.split(separator: ",").map(String.init) ?? []
    let known = Set(names.map { $0.split(separator: ":").last.map(String.init) ?? $0 })
    names += factors.filter { !known.contains($0) }
    if let treated = trial.treated { names.append("post:\(treated)") }
    let timeName = time ?? ""
    let place = try endpoint.map {
      try $0.place(inTable: file, muscleColumn: muscle, valueColumn: value)
    }
    var columns = CohortTable.Columns(
      subject: subject ?? "", time: timeName, value: place?.column ?? value ?? "", therapy: therapy,
      arm: arm,
      muscle: muscle ?? trial.within, standardError: standardError, covariates: names, death: death,
      withdrawal: withdrawal)
    columns.factors = Set(factors)
    columns.timeUnit = timeUnit?.rawValue
    columns.controlStart = controlStart.map { _ in .median }
    columns.plannedEnd = plannedEnd
    columns.varianceGroups = trial.varianceBy
    columns.subgroups = endpoint == endpoints.names.primary.first ? subgroups : []
    let isLogarithmic = log || endpoint?.isLogarithmic ?? false
    var data = try CohortTable(file: file, columns: columns, isLogarithmic: isLogarithmic)
    if let muscle = place?.muscle {
      guard let own = data.muscle(muscle) else {
        throw Failure.Message(
          "\(file): endpoint \(endpoint?.text ?? ""): no value of muscle \(muscle) in column "
            + (self.muscle ?? ""))
      }
      data = own
    }
    // Arms that are compared visit by visit need no therapy times.
    if arm != nil && !trial.comparesVisits { try refuseControlsWithoutStart(data, file: file) }
    let effects = names.flatMap { name -> [String] in
      let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
      let prefix = parts.count == 2 ? "\(parts[0]):" : ""
      return (data.effectNames[parts.last ?? name] ?? [name]).map { prefix + $0 }
    }
    var mixed = model.mixedModel(
      hasArms: arm != nil, hasMuscles: muscle != nil && place?.muscle == nil,
      hasErrors: standardError != nil,
      covariates: effects, timeName: timeName)
    // The lag is in months, times are in the unit of the table.
    mixed.onsetLag *= data.month ?? 1
    if mixed.onsetLag > 0, data.month == nil {
      data.remarks.append(
        "the unit of the times is not known: the lag of onset counts in it, not in months")
    }
    guard let treated = trial.treated else { return Source(data: data, model: mixed, cohort: nil) }
    let side = data.effectNames[treated] ?? [treated]
    guard side.count == 1, let name = side.first else {
      throw Failure.Message(
        "\(file), column \(treated): found \(side.count + 1) labels, expected 1 on the treated side and 0 on "
          + "the other")
    }
    mixed = SideComparison.model(mixed, treated: name)
    return Source(data: data, model: mixed, cohort: nil, treatedSide: name)
  }

  /// An arm without any therapy time has no time after therapy that could be compared.
  private func refuseControlsWithoutStart(_ data: CohortTable, file: String) throws {
    let arms = Dictionary(grouping: data.table.rows) { $0.arm ?? "none" }
    let without = arms.filter { $0.value.allSatisfy { $0.therapyTime == nil } }.map(\.key).sorted()
    guard let first = without.first, without.count < arms.count, model.armEffects != .some(.none)
    else { return }
    throw Failure.Message(
      "\(file): arm \(first) has no therapy times, so that a change of slope cannot be compared between "
        + "the arms; --control-start median starts its time after therapy at the median of the "
        + "treated, or write each control's own date (randomisation, first placebo) into the "
        + "column of the therapy times")
  }

  private func fromRegistry(_ endpoint: EndpointName?) throws -> Source {
    let registry = try registry.open()
    let place = try endpoint.map { try $0.place(in: registry) }
    let comparesSides = trial.within != nil
    var values = try RegistryCohort(
      registry, measure: place?.measure ?? measure, muscle: place?.muscle ?? muscle, side: side,
      therapy: therapy, comparesSides: comparesSides)
    if values.isAmbiguous {
      throw Failure.Message(
        "measure \(values.kind.id): values of \(values.muscles.count) muscles "
          + "(\(values.muscles.joined(separator: "; "))); name one with --muscle and --side, or "
          + "--muscle all", code: 64)
    }
    if endpoint == endpoints.names.primary.first {
      values.data.subgroups = try Subgrouping.all(
        subgroups, cohort: values.cohort, sites: try registry.sites(), data: values.data)
    }
    if comparesSides {
      let mixed = model.mixedModel(hasArms: false, hasMuscles: false)
      return Source(
        data: values.data,
        model: SideComparison.model(mixed, treated: CohortTable.treatedSide),
        cohort: values.cohort, treatedSide: CohortTable.treatedSide)
    }
    return Source(
      data: values.data,
      model: model.mixedModel(
        hasArms: try usesArms(values.data), hasMuscles: values.muscles.count > 1),
      cohort: values.cohort)
  }

  /// The attributes of `--subgroup`.
  private var subgroups: [String] {
    (subgroup ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func usesArms(_ data: CohortTable) throws -> Bool {
    switch arm?.lowercased() {
    case "yes": return true
    case "no": return false
    case nil: return data.comparesArms
    case let other?:
      throw ValidationError("--arm \(other): expected yes or no without --table")
    }
  }
}
