import Analyses
import Progression
import Registry
import Reports

/// What `motorpool compare` prints.
package struct CohortSummary: Encodable {
  package struct Degrees: Encodable {
    package let se: Double
    package let df: Double?
    package let t: Double?
    package let p: Double?
    package let lower: Double
    package let upper: Double

    package init(_ estimate: Estimate) {
      se = estimate.standardError
      df = estimate.degreesOfFreedom.isFinite ? estimate.degreesOfFreedom : nil
      t = estimate.t.isFinite ? estimate.t : nil
      p = estimate.p.isFinite ? estimate.p : nil
      lower = estimate.lower
      upper = estimate.upper
    }
  }

  /// A fixed effect; `se`, `df`, `t`, `p` are those of `method`.
  package struct FixedEffect: Encodable {
    package let name: String
    package let estimate: Double
    package let method: String
    package let se: Double
    package let df: Double?
    package let t: Double?
    package let p: Double?
    package let kenwardRoger: Degrees?
    package let satterthwaite: Degrees
  }

  package struct Posterior: Encodable {
    package let subject: String
    package let slope: Double
    package let slopeSD: Double
    package let change: Double
    package let changeSD: Double
    package let covariance: Double
    package let lower: Double
    package let upper: Double
    package let probabilityOfSlowing: Double
    package let probabilityOfHalving: Double
  }

  package struct Patient: Encodable {
    package let subject: String
    package let values: Int
    package let visitsBefore: Int?
    package let visitsAfter: Int?
    package let before: SlopeText?
    package let after: SlopeText?
    package let difference: SlopeText?
    package let reason: String?
  }

  package let software = SoftwareVersion.text
  package let measure: String
  package let isLogarithmic: Bool
  package let slopeUnit: String
  package let subjects: Int
  package let values: Int
  package let deaths: Int?
  package let withdrawals: Int?
  package let model: MixedModel?
  package let criterion: Double?
  package let theta: [Double]?
  package let thetaNames: [String]?
  package let sigma: Double?
  package let isSingular: Bool?
  package let fixed: [FixedEffect]?
  package let varianceComponents: [MixedModelFit.VarianceComponent]?
  package let posterior: [Posterior]?
  /// Which variances the posterior is integrated over.
  package let posteriorExtent: String?
  /// The cohort's fixed effects by the same posterior.
  package let posteriorEffects: [IntegratedPosterior.Effect]?
  package let randomEffects: [RandomEffectMode]?
  package let slowing: FiellerInterval?
  /// The difference of the arms in percent of the controls' slope after therapy.
  package let slowingOfControls: FiellerInterval?
  package let responders: ResponderAnalysis?
  package let sensitivity: SensitivityAnalysis?
  package let dropout: DropoutSensitivity?
  package let attrition: Attrition?
  /// What became of the patients, by arm; nil where no endings are known.
  package let flow: PatientFlow?
  /// Randomised arms visit by visit.
  package let randomised: RandomisedArms.Result?
  /// What patients who left would have shown; nil where it was not asked for.
  package let imputation: ImputationSummary?
  /// What each analysis estimates, the primary one first.
  package let estimands: [Estimand]
  /// The leading effect under several residual structures.
  package let residuals: ResidualComparison?
  /// Models of the counts themselves.
  package let counts: CountComparison?
  /// The treated side against the other.
  package let sides: SideComparison?
  /// Survival of the arms, and function and survival together; nil where no death is known.
  package let survival: SurvivalSummary?
  /// The arms with controls of earlier trials; nil where there are none.
  package let historical: HistoricalComparison?
  /// The effect of the primary analysis in subgroups; nil where none were asked for.
  package let subgroups: [SubgroupSummary]?
  /// Endpoints named beforehand; nil where none were.
  package var endpoints: EndpointComparison?
  package let reason: String?
  package let patients: [Patient]
  package let meanDifference: SlopeText?
  package let meanBefore: SlopeText?
  package let meanAfter: SlopeText?
  package let signTest: SignTest?
  package let signFlipTest: SignFlipTest?
  package let data: DataCitation?
  package let warnings: [String]
  package let notes: [String]

  package init(_ comparison: CohortComparison, cohort: CohortSeries? = nil) {
    let data = comparison.data
    let groups = data.table.subjects
    let unit = data.slopeUnit
    func slope(_ estimate: Estimate?) -> SlopeText? {
      estimate.map { SlopeText($0, isLogarithmic: data.isLogarithmic, unit: unit) }
    }
    measure = data.measure
    isLogarithmic = data.isLogarithmic
    slopeUnit = unit
    subjects = groups.count
    values = data.table.rows.count
    let present = Set(groups.map(\.subject))
    let ids = Dictionary(
      uniqueKeysWithValues: (cohort?.subjects ?? []).map { ($0.id, $0.pseudonym) })
    func count(_ kinds: Set<ClinicalEvent.Kind>) -> Int? {
      cohort.map { cohort in
        Set(
          cohort.events.filter {
            kinds.contains($0.kind) && present.contains(ids[$0.subject] ?? "")
          }.map(\.subject)
        ).count
      }
    }
    // A table tells its deaths and withdrawals by columns, a registry by events.
    func noted(_ kind: String) -> Int? { data.attrition.map { $0.counts[kind] ?? 0 } }
    deaths = count([.death]) ?? noted("death")
    withdrawals = count([.withdrawal, .lostToFollowUp]) ?? noted("withdrawal")
    let fitted = comparison.model
    let fit = fitted?.fit
    model = fit?.model
    criterion = fit?.criterion
    theta = fit?.theta
    thetaNames = fit?.thetaNames
    sigma = fit?.sigma
    isSingular = fit?.isSingular
    fixed = fitted.map(Self.fixed)
    varianceComponents = fit?.varianceComponents
    posterior = fitted.map { ($0.posterior?.subjects ?? []).map(Self.posterior) }
    posteriorExtent = fitted?.posterior?.extent
    posteriorEffects = fitted?.posterior?.effects
    randomEffects = fit?.randomEffects()
    slowing = fitted?.slowing
    slowingOfControls = fitted?.slowingOfControls
    responders = fitted?.responders
    sensitivity = fitted?.sensitivity
    dropout = fitted?.dropout
    attrition = data.attrition
    flow = PatientFlow(data, cohort: cohort)
    randomised = comparison.randomised
    imputation = comparison.imputation
    estimands = comparison.estimands
    residuals = fitted?.residuals
    counts = comparison.counts
    sides = comparison.sides
    survival = comparison.survival?.summary
    historical = fitted?.historical
    subgroups = comparison.subgroups.isEmpty ? nil : comparison.subgroups
    reason = comparison.reason
    let twoStage = comparison.twoStage
    let counts = Dictionary(uniqueKeysWithValues: groups.map { ($0.subject, $0.rows.count) })
    patients = (twoStage?.patients ?? []).map { patient in
      Patient(
        subject: patient.subject,
        values: counts[patient.subject] ?? 0,
        visitsBefore: patient.fit?.visitsBefore, visitsAfter: patient.fit?.visitsAfter,
        before: slope(patient.fit?.before), after: slope(patient.fit?.after),
        difference: slope(patient.fit?.difference), reason: patient.reason)
    }
    meanDifference = slope(twoStage?.meanDifference)
    meanBefore = slope(twoStage?.meanBefore)
    meanAfter = slope(twoStage?.meanAfter)
    signTest = twoStage?.signTest
    signFlipTest = twoStage?.signFlipTest
    self.data = cohort?.citation
    warnings = data.remarks + (data.attrition?.warnings ?? []) + (fitted?.warnings ?? [])
    notes =
      (data.isIdentifiedCount ? [ReportWording.identifiedCounts] : [])
      + (twoStage == nil
        ? []
        : fit?.effectNames.contains { $0.hasPrefix("post:arm") } ?? false
          ? [FollowUpWording.arms] : [FollowUpWording.association]) + [ReportWording.researchUse]
  }

  private static func fixed(_ model: CohortModel) -> [FixedEffect] {
    let exact = model.kenwardRoger?.effects
    return model.satterthwaite.effects.enumerated().map { index, effect in
      let satterthwaite = Degrees(effect.estimate)
      let kenwardRoger = exact.map { Degrees($0[index].estimate) }
      let main = kenwardRoger ?? satterthwaite
      return FixedEffect(
        name: effect.name, estimate: effect.estimate.value,
        method: kenwardRoger == nil ? "satterthwaite" : "kenward-roger", se: main.se, df: main.df,
        t: main.t, p: main.p, kenwardRoger: kenwardRoger, satterthwaite: satterthwaite)
    }
  }

  private static func posterior(_ item: IntegratedSlope) -> Posterior {
    let slopes = item.slopes
    return Posterior(
      subject: slopes.subject, slope: slopes.slope, slopeSD: slopes.slopeSD,
      change: slopes.change, changeSD: slopes.changeSD, covariance: slopes.covariance,
      lower: item.lower, upper: item.upper, probabilityOfSlowing: item.probabilityOfSlowing,
      probabilityOfHalving: item.probabilityOfHalving)
  }
}
