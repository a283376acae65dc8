extension UnitMeasure {
  /// Every measure of a unit, in the order of columns and members.
  ///
  /// A further one is an entry here and its value in `ArrayAnalysis+Measures` or `NeedleAnalysis+Measures`.
  public static let all: [UnitMeasure] = [
    .meanRate, .isiCoV, .silhouette, .pulseToNoise, .predictedAgreement, .amplitude,
    .recruitmentThreshold, .round, .duration, .area, .areaToAmplitude, .sizeIndex, .phases, .turns,
    .riseTime, .spikeDuration, .jiggle, .onsetRate, .unitsActiveBefore,
  ]

  /// Mean discharge rate while active, in Hz.
  public static let meanRate = UnitMeasure(
    "meanRateHertz", column: "mean_rate_hz", title: "Rate (Hz)", .fixed(1), decimals: 2,
    isBrief: true, earlierNames: ["meanRate_Hz"])
  /// Coefficient of variation of the inter-spike intervals, as a share of one.
  public static let isiCoV = UnitMeasure(
    "isiCoV", column: "isi_cov", title: "ISI CoV (%)", .percent(0), decimals: 3, isBrief: true,
    note: "ISI CoV: coefficient of variation of the inter-spike intervals.",
    earlierNames: ["isi_cov"])
  /// Silhouette value, 0 to 1 (Negro 2016).
  public static let silhouette = UnitMeasure(
    "silhouette", column: "silhouette", title: "SIL", .fixed(3), decimals: 3, isBrief: true,
    note: "SIL: silhouette value.")
  /// Pulse-to-noise ratio in dB (Holobar 2014).
  public static let pulseToNoise = UnitMeasure(
    "pulseToNoiseDecibels", column: "pulse_to_noise_db", title: "PNR (dB)", .fixed(1), decimals: 1,
    isBrief: true, note: "PNR: pulse-to-noise ratio.", earlierNames: ["pulseToNoise_dB"])
  /// Predicted rate of agreement with the true discharges, 0 to 1.
  public static let predictedAgreement = UnitMeasure(
    "predictedAgreement", column: "predicted_agreement", title: "Predicted agreement (%)",
    .percent(0), decimals: 3, isBrief: true,
    note: "Predicted agreement: with the true discharges, as fitted on simulated recordings.",
    earlierNames: ["predictedAccuracy", "estimatedAccuracy"])
  /// Largest peak-to-peak amplitude of the potentials in microvolts.
  public static let amplitude = UnitMeasure(
    "amplitudeMicrovolts", column: "amplitude_uv", title: "Amplitude (µV)", .significant(3),
    decimals: 1, isBrief: true, note: "Amplitudes are peak to peak.",
    earlierNames: ["amplitude_uV"])
  /// Force at the first discharge, in the unit of the force channel.
  public static let recruitmentThreshold = UnitMeasure(
    "recruitmentThreshold", column: "recruitment_threshold", title: "Threshold", .fixed(1),
    decimals: 3)
  /// Round of the search that found the unit, from 1.
  public static let round = UnitMeasure(
    "round", column: "round", title: "Round", .whole, decimals: 0, isBrief: true)
}

// Measures of the averaged potential of a needle, by automatic marks.
extension UnitMeasure {
  /// Duration between the marks in milliseconds.
  public static let duration = UnitMeasure(
    "durationMilliseconds", column: "duration_ms", title: "Duration (ms)", .fixed(1), decimals: 2,
    group: .potential, isBrief: true)
  /// Area of the rectified potential in microvolt milliseconds.
  public static let area = UnitMeasure(
    "areaMicrovoltMilliseconds", column: "area_uv_ms", title: "Area (µV ms)", .fixed(0),
    decimals: 1, group: .potential)
  /// Area over amplitude in milliseconds.
  public static let areaToAmplitude = UnitMeasure(
    "areaToAmplitudeMilliseconds", column: "area_to_amplitude_ms", title: "Area/amplitude (ms)",
    .fixed(2), decimals: 3, group: .potential)
  /// Size index.
  public static let sizeIndex = UnitMeasure(
    "sizeIndex", column: "size_index", title: "Size index", .fixed(2), decimals: 3,
    group: .potential)
  /// Number of phases.
  public static let phases = UnitMeasure(
    "phases", column: "phases", title: "Phases", .whole, decimals: 0, group: .potential,
    isBrief: true)
  /// Number of turns.
  public static let turns = UnitMeasure(
    "turns", column: "turns", title: "Turns", .whole, decimals: 0, group: .potential)
  /// Rise time of the spike in milliseconds.
  public static let riseTime = UnitMeasure(
    "riseTimeMilliseconds", column: "rise_time_ms", title: "Rise time (ms)", .fixed(2),
    decimals: 3, group: .potential)
  /// Duration of the spike in milliseconds.
  public static let spikeDuration = UnitMeasure(
    "spikeDurationMilliseconds", column: "spike_duration_ms", title: "Spike duration (ms)",
    .fixed(1), decimals: 2, group: .potential)
  /// Jiggle: variability of the shape from discharge to discharge, as a share of one.
  public static let jiggle = UnitMeasure(
    "jiggle", column: "jiggle", title: "Jiggle (%)", .percent(0), decimals: 3, group: .potential)
  /// Rate over the first five intervals in Hz.
  public static let onsetRate = UnitMeasure(
    "onsetRateHertz", column: "onset_rate_hz", title: "Onset rate (Hz)", .fixed(1), decimals: 2,
    group: .potential, note: "The onset rate is that of the first five intervals.")
  /// Units that were active when this one began.
  public static let unitsActiveBefore = UnitMeasure(
    "unitsActiveAtRecruitment", column: "units_active_at_recruitment", title: "Units active before",
    .whole, decimals: 0, group: .potential)
}
