import Progression

/// A script for R.
struct RScript {
  let lines: [String]

  /// Values up to which pbkrtest, which forms square matrices of all values, is asked.
  private static let kenwardRogerLimit = 4_000

  init(_ source: ScriptSource, dataFile: String) throws {
    let read = "d <- read.csv(\"\(dataFile)\")"
    switch source.detail {
    case .visits(let visits):
      lines = try RVisitScript(source, visits, read: read).lines
    case .residuals(let isCorrelated, let hasGroups):
      lines = try Self.residuals(
        source, isCorrelated: isCorrelated, hasGroups: hasGroups, read: read)
    case .counts(let family, let df):
      lines = Self.counts(source, family, df, read: read)
    case .none: lines = try Self.mixed(source, read: read)
    }
  }

  /// Prints an effect with every digit that matters.
  static func show(_ term: String, _ values: [String]) -> String {
    "cat(sprintf(\"\(term) estimate=%.10g se=%.10g df=%.10g p=%.10g\\n\", "
      + values.joined(separator: ", ") + "))"
  }

  /// The right side of a mixed model, broken into lines.
  private static func formula(_ source: ScriptSource, hasRandom: Bool = true) -> String {
    var model = source.model
    model.timeName = "t"
    let fixed = (model.muscles ? ["0 + \(model.placeName)"] : []) + source.effects
    let random = model.randomTerms(hasChange: source.effects.contains("post"))
    return "y ~ " + fixed.joined(separator: " + ")
      + (hasRandom ? " +\n    " + random.joined(separator: " + ") : "")
  }

  private static func factors(_ source: ScriptSource) -> [String] {
    let place = source.model.placeName
    return ["d$id <- factor(d$id)"]
      + (source.model.muscles ? ["d$\(place) <- factor(d$\(place))"] : [])
  }

  private static func mixed(_ source: ScriptSource, read: String) throws -> [String] {
    guard source.model.measurementError != .additive else {
      throw FollowUpError(
        .wrongSetting,
        "no script: lme4 has no counterpart of known standard errors that add to the residual variance"
      )
    }
    let isRestricted = source.model.criterion == .restricted
    let isExact = isRestricted && source.values <= kenwardRogerLimit
    let test = isExact ? "Kenward-Roger" : "Satterthwaite"
    let weights = source.model.measurementError == .weights ? ", weights = w" : ""
    var lines = ["library(lmerTest)  # lme4; its Kenward-Roger tests need pbkrtest"]
    if isRestricted && !isExact {
      lines.append(
        "# Kenward and Roger's test of so many values is out of pbkrtest's reach; Satterthwaite's is near it."
      )
    }
    lines += [read] + factors(source)
    lines += [
      "fit <- lmer(", "  \(formula(source)),",
      "  data = d, REML = \(isRestricted ? "TRUE" : "FALSE")\(weights),",
      "  # Tighter than by default, where lme4 may stop before the optimum.",
      "  control = lmerControl(optimizer = \"bobyqa\", optCtrl = list(rhoend = 1e-9, maxfun = 1e5)))",
      "print(summary(fit, ddf = \"\(test)\"))",
    ]
    for target in source.targets {
      lines += [
        "found <- coef(summary(fit, ddf = \"\(test)\"))[\"\(target.term)\", ]",
        show(target.term, ["found[1]", "found[2]", "found[3]", "found[5]"]),
      ]
    }
    return lines
  }

  private static func residuals(
    _ source: ScriptSource, isCorrelated: Bool, hasGroups: Bool, read: String
  ) throws -> [String] {
    guard !source.model.muscles else {
      throw FollowUpError(
        .wrongSetting,
        "no script: muscles with correlated residuals are not written for nlme")
    }
    let hasChange = source.effects.contains("post")
    let random: String
    switch (source.model.randomEffects, hasChange) {
    case (.m1, _), (.m2, false), (.m3, false): random = "~ t | id"
    case (.m2, true): random = "~ t + post | id"
    case (.m3, true): random = "list(id = pdBlocked(list(~ t, ~ 0 + post)))"
    case (.uncorrelated, true): random = "list(id = pdDiag(~ t + post))"
    case (.uncorrelated, false): random = "list(id = pdDiag(~ t))"
    }
    var lines = ["library(nlme)", read] + factors(source)
    lines += [
      "d <- d[order(d$id, d$t), ]", "fit <- lme(", "  \(formula(source, hasRandom: false)),",
      "  data = d, random = \(random),",
    ]
    if isCorrelated { lines.append("  correlation = corCAR1(form = ~ t | id),") }
    if hasGroups { lines.append("  weights = varIdent(form = ~ 1 | variance_group),") }
    lines += [
      "  control = lmeControl(opt = \"optim\", maxIter = 500, msMaxIter = 500, reltol = 1e-14))",
      "print(summary(fit))",
      "# Standard error and degrees of freedom of nlme are not those of Kenward and Roger.",
    ]
    for target in source.targets {
      lines += [
        "found <- summary(fit)$tTable[\"\(target.term)\", ]",
        show(target.term, ["found[1]", "found[2]", "found[3]", "found[5]"]),
      ]
    }
    return lines
  }

  private static func counts(
    _ source: ScriptSource, _ family: CountModel.Family, _ df: Double, read: String
  ) -> [String] {
    var lines = ["library(glmmTMB)", read] + factors(source)
    lines += [
      "fit <- glmmTMB(", "  \(formula(source)),",
      "  data = d, family = \(family == .poisson ? "poisson()" : "nbinom2()"))",
      "print(summary(fit))",
      "# Student's t with as many degrees of freedom as patients less fixed effects.",
      "df <- \(ScriptTable.text(df))",
    ]
    for target in source.targets {
      lines += [
        "found <- summary(fit)$coefficients$cond[\"\(target.term)\", ]",
        show(target.term, ["found[1]", "found[2]", "df", "2 * pt(-abs(found[1] / found[2]), df)"]),
      ]
    }
    return lines
  }
}
