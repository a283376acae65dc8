import Progression

/// A script for SAS.
struct SASScript {
  let lines: [String]

  init(_ source: ScriptSource, dataFile: String) throws {
    let head = Self.read(source, dataFile)
    switch source.detail {
    case .visits(let visits): lines = head + Self.visits(visits)
    case .counts(let family, let df): lines = head + Self.counts(source, family, df)
    case .residuals(let isCorrelated, let hasGroups):
      guard !(isCorrelated && hasGroups) else {
        throw FollowUpError(
          .wrongSetting,
          "no script: PROC MIXED has no counterpart of correlated residuals with an SD for each group"
        )
      }
      guard !source.model.muscles else {
        throw FollowUpError(
          .wrongSetting,
          "no script: muscles with correlated residuals are not written for PROC MIXED")
      }
      lines =
        head
        + Self.mixed(
          source,
          repeated: isCorrelated
            ? "repeated / subject=id type=sp(pow)(t);"
            : "repeated / subject=id group=variance_group;")
    case .none:
      guard source.model.measurementError != .additive else {
        throw FollowUpError(
          .wrongSetting,
          "no script: PROC MIXED has no counterpart of known standard errors that add to the residual variance"
        )
      }
      lines = head + Self.mixed(source)
    }
  }

  private static func read(_ source: ScriptSource, _ dataFile: String) -> [String] {
    let columns = source.table.columns
    let texts = columns.filter(\.isText).map { "\($0.name) $ 64" }
    return [
      "data trial;", "  infile \"\(dataFile)\" dsd firstobs=2 truncover lrecl=32767;",
      "  length \(texts.joined(separator: " "));",
      "  input \(columns.map(\.name).joined(separator: " "));", "run;", "",
    ]
  }

  /// Random effects as statements.
  private static func random(_ source: ScriptSource) -> [String] {
    let model = source.model
    let hasChange = source.effects.contains("post")
    var result: [String]
    switch (model.randomEffects, hasChange) {
    case (.m1, _), (.m2, false), (.m3, false):
      result = ["random intercept t / subject=id type=un;"]
    case (.m2, true): result = ["random intercept t post / subject=id type=un;"]
    case (.m3, true):
      result = ["random intercept t / subject=id type=un;", "random post / subject=id;"]
    case (.uncorrelated, _):
      result = ["random intercept t\(hasChange ? " post" : "") / subject=id type=vc;"]
    }
    if model.muscles {
      result.append(
        model.muscleSlopes
          ? "random intercept t / subject=\(model.placeName)(id) type=un;"
          : "random intercept / subject=\(model.placeName)(id);")
    }
    return result
  }

  private static func fixed(_ source: ScriptSource) -> String {
    let effects = source.effects.map { $0.replacing(":", with: "*") }
    return ((source.model.muscles ? [source.model.placeName] : []) + effects).joined(separator: " ")
  }

  private static func mixed(_ source: ScriptSource, repeated: String? = nil) -> [String] {
    let model = source.model
    let isRestricted = model.criterion == .restricted
    let classes =
      ["id"] + (model.muscles ? [model.placeName] : [])
      + (repeated?.contains("variance_group") == true ? ["variance_group"] : [])
    return [
      "proc mixed data=trial method=\(isRestricted ? "reml" : "ml");",
      "  class \(classes.joined(separator: " "));",
      "  model y = \(fixed(source)) /\(model.muscles ? " noint" : "") solution cl "
        + "ddfm=\(isRestricted ? "kr" : "satterthwaite");",
    ] + random(source).map { "  \($0)" } + [repeated].compactMap { $0.map { "  \($0)" } }
      + (model.measurementError == .weights ? ["  weight w;"] : []) + ["run;"]
  }

  private static func counts(
    _ source: ScriptSource, _ family: CountModel.Family, _ df: Double
  ) -> [String] {
    let classes = ["id"] + (source.model.muscles ? [source.model.placeName] : [])
    let degrees = [String](
      repeating: ScriptTable.text(df), count: source.effects.count + 1)
    return [
      "proc glimmix data=trial method=laplace;", "  class \(classes.joined(separator: " "));",
      "  /* Degrees of freedom: patients less fixed effects. */",
      "  model y = \(fixed(source)) /\(source.model.muscles ? " noint" : "") solution cl link=log "
        + "dist=\(family == .poisson ? "poisson" : "negbin")"
        + (source.model.muscles ? "" : " ddf=\(degrees.dropFirst().joined(separator: ","))") + ";",
    ] + random(source).map { "  \($0)" } + ["run;"]
  }

  private static func visits(_ visits: ScriptSource.VisitDetail) -> [String] {
    let arms = visits.arms
    if arms.method == .ancova {
      let terms = visits.armColumns + ["baseline"] + visits.covariates
      return [
        "proc glm data=trial;", "  where visit = \(visits.count);",
        "  model y = \(terms.joined(separator: " ")) / solution clparm;", "run; quit;",
      ]
    }
    let types: [VisitCovariance: String] = [
      .unstructured: "un", .compoundSymmetry: "cs", .autoregressive: "ar(1)", .toeplitz: "toep",
    ]
    let terms =
      ["visit"] + visits.armColumns.map { "visit*\($0)" }
      + (arms.method == .clda ? [] : ["visit*baseline"]) + visits.covariates
    return [
      "proc mixed data=trial method=reml;", "  class id visit;",
      "  model y = \(terms.joined(separator: " ")) / noint solution cl ddfm=kr;",
      "  repeated visit / subject=id type=\(types[arms.covariance] ?? "un");", "run;",
      "/* The primary comparison is the row of visit*ARM at visit \(visits.count). */",
    ]
  }
}
