import Foundation

/// An identified motor unit of a run, with its spike train and template.
public struct StoredUnit: RegistryRecord {
  /// The table of motor units.
  public static let table = RecordTable.motorUnit
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// The run that identified it; filled in where it is stored with the run.
  public var run: RecordID
  /// Its number within the run, from 0.
  public var index: Int
  /// Sampling rate of the spike positions in Hz.
  public var samplingRate: Double
  /// Discharges: 0-based sample positions, ascending; stored within 1/8192 sample.
  public var spikes: [Double]
  /// Template, channels x samples, in microvolts; nil where none was kept.
  public var template: [[Float]]?
  /// Quality figures by name, for example "silhouette", "pulse_to_noise_db", "isi_cov".
  public var quality: [String: Double]

  /// A unit not yet stored.
  public init(
    run: RecordID = 0, index: Int, samplingRate: Double, spikes: [Double],
    template: [[Float]]? = nil, quality: [String: Double] = [:]
  ) {
    id = 0
    self.run = run
    self.index = index
    self.samplingRate = samplingRate
    self.spikes = spikes
    self.template = template
    self.quality = quality
  }

  /// The unit read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    run = try fields.required("run", fields.integer("run"), Self.table)
    index = try fields.required("unit_index", fields.int("unit_index"), Self.table)
    samplingRate = try fields.required("sampling_rate", fields.real("sampling_rate"), Self.table)
    spikes = try SpikeTrainBlob.decode(
      try fields.required("spikes", fields.blob("spikes"), Self.table))
    template = try fields.blob("template").map(TemplateBlob.decode)
    quality =
      try fields.text("quality").map { try JSONText.decode([String: Double].self, from: $0) } ?? [:]
  }

  /// The fields to store; quality figures that are not finite are left out.
  ///
  /// - Throws: `RegistryError.invalid` for an unusable rate, index, spike train or template.
  public func fields() throws -> RecordFields {
    guard index >= 0, samplingRate.isFinite, samplingRate > 0 else {
      throw RegistryError.invalid(
        table: Self.table.rawValue, field: "index or sampling rate",
        found: "\(index), \(samplingRate) Hz", expected: "at least 0, more than 0 Hz")
    }
    var fields = RecordFields()
    fields.set("run", id: run)
    fields.set("unit_index", index)
    try fields.set("sampling_rate", samplingRate, table: Self.table)
    fields.set("spike_count", spikes.count)
    fields.set("spikes", try SpikeTrainBlob.encode(spikes))
    fields.set("template", try template.map(TemplateBlob.encode))
    let finite = quality.filter { $0.value.isFinite }
    if !finite.isEmpty { fields.set("quality", try JSONText.encode(finite)) }
    return fields
  }
}

/// The statement that two units of different runs are the same motor unit.
public struct UnitLink: RegistryRecord {
  /// The table of links.
  public static let table = RecordTable.unitLink
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// The unit of the earlier run.
  public var first: RecordID
  /// The unit of the later run.
  public var second: RecordID
  /// Confidence from 0 to 1.
  public var confidence: Double
  /// How it was matched, for example "template-correlation".
  public var method: String
  /// What the confidence rests on, by name, for example "similarity"; empty where not told.
  public var evidence: [String: Double]

  /// A link not yet stored.
  public init(
    first: RecordID, second: RecordID, confidence: Double, method: String,
    evidence: [String: Double] = [:]
  ) {
    id = 0
    self.first = first
    self.second = second
    self.confidence = confidence
    self.method = method
    self.evidence = evidence
  }

  /// The link read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    first = try fields.required("first_unit", fields.integer("first_unit"), Self.table)
    second = try fields.required("second_unit", fields.integer("second_unit"), Self.table)
    confidence = try fields.required("confidence", fields.real("confidence"), Self.table)
    method = try fields.required("method", fields.text("method"), Self.table)
    evidence =
      try fields.text("evidence").map { try JSONText.decode([String: Double].self, from: $0) }
      ?? [:]
  }

  /// The fields to store; throws `RegistryError.invalid` for a confidence outside 0 to 1.
  public func fields() throws -> RecordFields {
    guard (0...1).contains(confidence), first != second else {
      throw RegistryError.invalid(
        table: Self.table.rawValue, field: "confidence or units",
        found: "\(confidence), units \(first) and \(second)",
        expected: "0 to 1, two different units")
    }
    var fields = RecordFields()
    fields.set("first_unit", id: first)
    fields.set("second_unit", id: second)
    try fields.set("confidence", confidence, table: Self.table)
    fields.set("method", try FieldRule.nonEmpty(method, "method", Self.table))
    let finite = evidence.filter { $0.value.isFinite }
    if !finite.isEmpty { fields.set("evidence", try JSONText.encode(finite)) }
    return fields
  }
}
