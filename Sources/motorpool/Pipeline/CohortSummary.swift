import Progression
import Registry
import Reports

/// What `motorpool compare` prints.
struct CohortSummary: Encodable {
  struct Degrees: Encodable {
    let se: Double
    let df: Double?
    let t: Double?
    let p: Double?
    let lower: Double
    let upper: Double

    init(_ estimate: Estimate) {
      se = estimate.standardError
      df = estimate.degreesOfFreedom.isFinite ? estimate.degreesOfFreedom : nil
      t = estimate.t.isFinite ? estimate.t : nil
      p = estimate.p.isFinite ? estimate.p : nil
      lower = estimate.lower
      upper = estimate.upper
    }
  }

  /// A fixed effect; `se`, `df`, `t`, `p` are those of `method`.
  struct FixedEffect: Encodable {
    let name: String
    let estimate: Double
    let method: String
    let se: Double
    let df: Double?
    let t: Double?
    let p: Double?
    let kenwardRoger: Degrees?
    let satterthwaite: Degrees
  }

  struct Posterior: Encodable {
    let subject: String
    let slope: Double
    let slopeSD: Double
    let change: Double
    let changeSD: Double
    let covariance: Double
    let lower: Double
    let upper: Double
    let probabilityOfSlowing: Double
    let probabilityOfHalving: Double
  }

  struct Patient: Encodable {
    let subject: String
    let values: Int
    let visitsBefore: Int?
    let visitsAfter: Int?
    let before: SlopeText?
    let after: SlopeText?
    let difference: SlopeText?
    let reason: String?
  }

  let software = SoftwareVersion.text
  let measure: String
  let isLogarithmic: Bool
  let slopeUnit: String
  let subjects: Int
  let values: Int
  let deaths: Int?
  let withdrawals: Int?
  let model: MixedModel?
  let criterion: Double?
  let theta: [Double]?
  let thetaNames: [String]?
  let sigma: Double?
  let isSingular: Bool?
  let fixed: [FixedEffect]?
  let varianceComponents: [MixedModelFit.VarianceComponent]?
  let posterior: [Posterior]?
  let integratedPosterior: IntegratedPosterior?
  let randomEffects: [RandomEffectMode]?
  let slowing: FiellerInterval?
  let responders: ResponderAnalysis?
  let sensitivity: SensitivityAnalysis?
  let dropout: DropoutSensitivity?
  let attrition: Attrition?
  let reason: String?
  let patients: [Patient]
  let meanDifference: SlopeText?
  let meanBefore: SlopeText?
  let meanAfter: SlopeText?
  let signTest: SignTest?
  let signFlipTest: SignFlipTest?
  let data: DataCitation?
  let warnings: [String]
  let notes: [String]

  init(_ comparison: CohortComparison, cohort: CohortSeries? = nil) {
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
    deaths = count([.death])
    withdrawals = count([.withdrawal, .lostToFollowUp])
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
    posterior = fitted?.posterior.map(Self.posterior)
    integratedPosterior = fitted?.integrated
    randomEffects = fit?.randomEffects()
    slowing = fitted?.slowing
    responders = fitted?.responders
    sensitivity = fitted?.sensitivity
    dropout = fitted?.dropout
    attrition = data.attrition
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
        : fit?.effectNames.contains("post:arm") ?? false
          ? [TrendWording.arms] : [TrendWording.association]) + [ReportWording.researchUse]
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

  private static func posterior(_ slopes: SubjectSlopes) -> Posterior {
    let interval = slopes.changeInterval()
    return Posterior(
      subject: slopes.subject, slope: slopes.slope, slopeSD: slopes.slopeSD,
      change: slopes.change, changeSD: slopes.changeSD, covariance: slopes.covariance,
      lower: interval.lowerBound, upper: interval.upperBound,
      probabilityOfSlowing: slopes.probabilityOfSlowing,
      probabilityOfHalving: slopes.probability(ofUndoing: 0.5))
  }
}
