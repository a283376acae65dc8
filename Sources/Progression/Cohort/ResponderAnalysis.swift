/// Who responds: P(d undoes at least half of the slope before therapy) of at least .8.
public struct ResponderCriterion: Codable, Sendable, Equatable {
  /// The share of the slope before therapy that is to be undone; .5 by default.
  public var share: Double
  /// The posterior probability from which a patient counts; .8 by default.
  public var probability: Double
  /// The slope after therapy that is to be reached, in units of the slopes, instead of a share of the
  /// slope before; nil for the share.
  public var slope: Double?

  /// Makes a criterion.
  public init(share: Double = 0.5, probability: Double = 0.8, slope: Double? = nil) {
    self.share = share
    self.probability = probability
    self.slope = slope
  }

  /// The posterior probability of a response.
  public func probability(_ slopes: SubjectSlopes) -> Double {
    slope.map { slopes.probability(ofSlopeFrom: $0) } ?? slopes.probability(ofUndoing: share)
  }

  /// Whether two slopes taken for certain, before and after therapy, are those of a responder.
  func isMet(before: Double, after: Double) -> Bool {
    before < 0 && after >= (slope ?? (1 - share) * before)
  }

  /// Whether a patient whose disease progresses before therapy is a responder.
  public func isMet(_ slopes: SubjectSlopes) -> Bool {
    slopes.slope < 0 && probability(slopes) >= probability
  }

  /// The same by the integrated posterior, which has to be made for this criterion.
  public func isMet(_ posterior: IntegratedSlope) -> Bool {
    posterior.slopes.slope < 0 && posterior.probabilityOfResponse >= probability
  }
}

/// Responders of a cohort beside the rate that chance alone would give.
public struct ResponderAnalysis: Sendable, Codable, Equatable {
  /// The criterion.
  public let criterion: ResponderCriterion
  /// The responders' pseudonyms.
  public let responders: [String]
  /// Patients judged.
  public let patients: Int
  /// Wilson interval of the responder rate.
  public let lower: Double
  /// Upper end of that interval.
  public let upper: Double
  /// The rate without any effect of therapy on this very schedule; nil where not simulated.
  public let chance: ChanceResponderRate?
  /// Number needed to treat; only with a control arm.
  public let numberNeededToTreat: NumberNeededToTreat?
  /// The treated against the controls; only with a control arm.
  public let contrast: ResponderContrast?

  /// The share of responders.
  public var rate: Double { Double(responders.count) / Double(max(1, patients)) }

  /// Judges patients by their posterior slopes.
  ///
  /// - `controls`: pseudonyms of the control arm; empty without controls, and then no number
  ///   needed to treat is given.
  public init(
    _ slopes: [SubjectSlopes], criterion: ResponderCriterion = ResponderCriterion(),
    controls: Set<String> = [], chance: ChanceResponderRate? = nil
  ) {
    self.init(
      judged: slopes.map { ($0.subject, criterion.isMet($0)) }, criterion: criterion,
      controls: controls, chance: chance)
  }

  /// Judges patients by the posterior with the variances integrated out.
  public init(
    _ posterior: IntegratedPosterior, criterion: ResponderCriterion = ResponderCriterion(),
    controls: Set<String> = [], chance: ChanceResponderRate? = nil
  ) {
    self.init(
      judged: posterior.subjects.map { ($0.subject, criterion.isMet($0)) }, criterion: criterion,
      controls: controls, chance: chance)
  }

  private init(
    judged: [(subject: String, isMet: Bool)], criterion: ResponderCriterion,
    controls: Set<String>, chance: ChanceResponderRate?
  ) {
    precondition(!judged.isEmpty, "at least one patient")
    let treated = judged.filter { !controls.contains($0.subject) }
    let control = judged.filter { controls.contains($0.subject) }
    let met = treated.filter(\.isMet)
    self.criterion = criterion
    responders = met.map(\.subject)
    patients = treated.count
    let interval = BinomialDistribution.wilsonInterval(
      successes: met.count, trials: max(1, treated.count))
    lower = interval.lowerBound
    upper = interval.upperBound
    self.chance = chance
    numberNeededToTreat =
      control.isEmpty || treated.isEmpty
      ? nil
      : NumberNeededToTreat(
        responders: met.count, treated: treated.count,
        controlResponders: control.filter(\.isMet).count, controls: control.count)
    contrast =
      control.isEmpty || treated.isEmpty
      ? nil
      : ResponderContrast(
        responders: met.count, treated: treated.count,
        controlResponders: control.filter(\.isMet).count, controls: control.count)
  }
}

/// The number of patients to treat for one more responder than without treatment.
public struct NumberNeededToTreat: Sendable, Codable, Equatable {
  /// Responder rate of the treated less that of the controls.
  public let riskDifference: Double
  /// Newcombe's interval of that difference.
  public let lower: Double
  /// Upper end of that interval.
  public let upper: Double
  /// 1 / riskDifference; nil where the difference is not above zero.
  public let value: Double?

  /// Compares responder rates (Newcombe 1998, method 10).
  public init(responders: Int, treated: Int, controlResponders: Int, controls: Int) {
    let p1 = Double(responders) / Double(treated)
    let p2 = Double(controlResponders) / Double(controls)
    let a = BinomialDistribution.wilsonInterval(successes: responders, trials: treated)
    let b = BinomialDistribution.wilsonInterval(successes: controlResponders, trials: controls)
    func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    riskDifference = p1 - p2
    lower = p1 - p2 - length(p1 - a.lowerBound, b.upperBound - p2)
    upper = p1 - p2 + length(a.upperBound - p1, p2 - b.lowerBound)
    value = p1 > p2 ? 1 / (p1 - p2) : nil
  }
}
