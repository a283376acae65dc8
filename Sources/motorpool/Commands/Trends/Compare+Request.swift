import ArgumentParser
import FollowUp
import Foundation

extension Compare {
  /// What these arguments ask for.
  func request() throws -> CohortRequest {
    var request = CohortRequest(try source())
    request.model = model.request
    request.options = model.options
    trial.add(to: &request.options)
    request.randomised = trial.randomised
    request.visits = try trial.visitTimes()
    request.responderSlope = trial.responderSlope
    request.imputation = trial.imputation
    request.earlierTrials = try history.trials()
    request.subgroups = NameList.names(subgroup)
    // The first primary endpoint is the one shown in full.
    (request.primary, request.secondary) = endpoints.names
    return request
  }

  /// Where the values come from.
  private func source() throws -> CohortSource {
    if let table { return .table(fromTable(table)) }
    var selection = CohortSource.Selection()
    selection.measure = measure
    selection.muscle = muscle
    selection.side = side
    selection.therapy = therapy
    selection.comparesSides = trial.within != nil
    selection.usesArms = try RegistryArguments.usesArms(arm)
    return .registry(try registry.open(), selection)
  }

  private func fromTable(_ file: String) -> CohortSource.Table {
    let factors = factor?.split(separator: ",").map(String.init) ?? []
    var names = covariates?.split(separator: ",").map(String.init) ?? []
    let known = Set(names.map { $0.split(separator: ":").last.map(String.init) ?? $0 })
    names += factors.filter { !known.contains($0) }
    if let treated = trial.treated { names.append("post:\(treated)") }
    var columns = CohortTable.Columns(
      subject: subject ?? "", time: time ?? "", value: value ?? "", therapy: therapy, arm: arm,
      muscle: muscle ?? trial.within, standardError: standardError, covariates: names,
      death: death, withdrawal: withdrawal)
    columns.factors = Set(factors)
    columns.timeUnit = timeUnit?.rawValue
    columns.controlStart = controlStart.map { _ in .median }
    columns.plannedEnd = plannedEnd
    columns.visit = trial.visit
    columns.varianceGroups = trial.varianceBy
    var table = CohortSource.Table(file: file, columns: columns)
    table.muscle = muscle
    table.treated = trial.treated
    table.isLogarithmic = log
    return table
  }
}
