import Progression
import Registry

/// Where the values of a cohort come from.
package enum CohortSource {
  /// Values of a measure in a registry.
  case registry(PatientRegistry, Selection)
  /// Values of a long table, one row for each.
  case table(Table)

  /// Which values of a registry.
  package struct Selection: Sendable {
    /// The measure; nil for the leading one that is stored.
    package var measure: String?
    /// One muscle, or "all" for each its own block; nil where there is one.
    package var muscle: String?
    /// The side; nil for both.
    package var side: BodySide?
    /// Kind or name of the therapy; nil for the first after the first value.
    package var therapy: String?
    /// Whether arms are compared; nil where all patients have one.
    package var usesArms: Bool?
    /// Whether the treated side is compared with the other.
    package var comparesSides = false

    /// All values of the leading measure.
    package init() {}
  }

  /// Which columns of a table.
  package struct Table: Sendable {
    /// The file, CSV or TSV.
    package let file: String
    /// Its columns; `value` is not read where an endpoint names a column of its own.
    package var columns: CohortTable.Columns
    /// Column of the muscles; that of the sides where sides are compared stands in `columns` alone.
    package var muscle: String?
    /// Column that is 1 on the treated side and 0 on the other; nil where sides are not compared.
    package var treated: String?
    /// Whether the logarithm of the values is compared.
    package var isLogarithmic = false

    /// A table of which values are compared as they are.
    package init(file: String, columns: CohortTable.Columns) {
      self.file = file
      self.columns = columns
    }
  }
}

/// The values of an endpoint as they were read, with the model that they are compared by.
package struct CohortValues {
  /// The values.
  package var data: CohortTable
  /// The mixed model, with the terms that the data have.
  package let model: MixedModel
  /// What was read of a registry; nil for a table.
  package let cohort: CohortSeries?
  /// The covariate that tells the treated side; nil where sides are not compared.
  package var treatedSide: String?
}

extension CohortRequest {
  /// Reads the values of an endpoint, or without one those that the source names.
  ///
  /// - Throws: `FollowUpError` for values of several muscles of which none is chosen, arms without therapy
  ///   times, and a side that is not told by 0 and 1; `TableError`, `RegistryError`, `ProgressionError`.
  func values(of endpoint: EndpointName?) throws -> CohortValues {
    var values =
      switch source {
      case .registry(let registry, let selection): try values(registry, selection, endpoint)
      case .table(let table): try values(table, endpoint)
      }
    values.data.visits = visits
    return values
  }

  private func values(
    _ registry: PatientRegistry, _ selection: CohortSource.Selection, _ endpoint: EndpointName?
  ) throws -> CohortValues {
    let place = try endpoint.map { try $0.place(in: registry) }
    var values = try RegistryCohort(
      registry, measure: place?.measure ?? selection.measure,
      muscle: place?.muscle ?? selection.muscle, side: selection.side, therapy: selection.therapy,
      comparesSides: selection.comparesSides)
    if values.isAmbiguous {
      throw FollowUpError(
        .wrongSetting,
        "measure \(values.kind.id): values of \(values.muscles.count) muscles "
          + "(\(values.muscles.joined(separator: "; ")))", remedy: .chooseMuscle)
    }
    if endpoint == primary.first {
      values.data.subgroups = try Subgrouping.all(
        subgroups, cohort: values.cohort, sites: try registry.sites(), data: values.data)
    }
    if selection.comparesSides {
      let mixed = model.mixedModel(hasArms: false, hasMuscles: false)
      return CohortValues(
        data: values.data, model: SideComparison.model(mixed, treated: CohortTable.treatedSide),
        cohort: values.cohort, treatedSide: CohortTable.treatedSide)
    }
    return CohortValues(
      data: values.data,
      model: model.mixedModel(
        hasArms: selection.usesArms ?? values.data.comparesArms,
        hasMuscles: values.muscles.count > 1),
      cohort: values.cohort)
  }

  private func values(
    _ table: CohortSource.Table, _ endpoint: EndpointName?
  ) throws -> CohortValues {
    let place = try endpoint.map {
      try $0.place(
        inTable: table.file, muscleColumn: table.muscle,
        valueColumn: table.columns.value.isEmpty ? nil : table.columns.value)
    }
    var columns = table.columns
    if let column = place?.column { columns.value = column }
    let names = columns.covariates
    columns.subgroups = endpoint == primary.first ? subgroups : []
    var data = try CohortTable(
      file: table.file, columns: columns,
      isLogarithmic: table.isLogarithmic || endpoint?.isLogarithmic ?? false)
    if let muscle = place?.muscle {
      guard let own = data.muscle(muscle) else {
        throw FollowUpError(
          path: table.file,
          "endpoint \(endpoint?.text ?? ""): no value of muscle \(muscle) in column "
            + (table.muscle ?? ""))
      }
      data = own
    }
    // Arms that are compared visit by visit need no therapy times.
    if columns.arm != nil && randomised == nil {
      try refuseControlsWithoutStart(data, file: table.file)
    }
    let effects = names.flatMap { name -> [String] in
      let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
      let prefix = parts.count == 2 ? "\(parts[0]):" : ""
      return (data.effectNames[parts.last ?? name] ?? [name]).map { prefix + $0 }
    }
    var mixed = model.mixedModel(
      hasArms: columns.arm != nil, hasMuscles: table.muscle != nil && place?.muscle == nil,
      hasErrors: columns.standardError != nil, covariates: effects, timeName: columns.time)
    // The lag is in months, times are in the unit of the table.
    mixed.onsetLag *= data.month ?? 1
    if mixed.onsetLag > 0, data.month == nil {
      data.remarks.append(
        "the unit of the times is not known: the lag of onset counts in it, not in months")
    }
    guard let treated = table.treated else {
      return CohortValues(data: data, model: mixed, cohort: nil)
    }
    let side = data.effectNames[treated] ?? [treated]
    guard side.count == 1, let name = side.first else {
      throw FollowUpError(
        path: "\(table.file), column \(treated)",
        "found \(side.count + 1) labels, expected 1 on the treated side and 0 on the other")
    }
    return CohortValues(
      data: data, model: SideComparison.model(mixed, treated: name), cohort: nil,
      treatedSide: name)
  }

  /// An arm without any therapy time has no time after therapy that could be compared.
  private func refuseControlsWithoutStart(_ data: CohortTable, file: String) throws {
    let arms = Dictionary(grouping: data.table.rows) { $0.arm ?? "none" }
    let without = arms.filter { $0.value.allSatisfy { $0.therapyTime == nil } }.map(\.key).sorted()
    guard let first = without.first, without.count < arms.count, model.armEffects != .some(.none)
    else { return }
    throw FollowUpError(
      path: file,
      "arm \(first) has no therapy times, so that a change of slope cannot be compared between the arms",
      remedy: .stateControlStart)
  }
}
