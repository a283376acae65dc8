/// A label with its value, as parameter lists and fact tables show it.
public struct ReportFact: Sendable, Equatable {
  /// The label, with the unit where there is one.
  public var label: String
  /// The value as it is shown.
  public var value: String

  /// A labelled value.
  public init(_ label: String, _ value: String) {
    self.label = label
    self.value = value
  }
}

/// A file that a result was computed from.
public struct InputFile: Sendable, Equatable, Codable {
  /// Name of the file without its folder.
  public var name: String
  /// Lower-case hexadecimal SHA-256 of its content.
  public var sha256: String

  /// An input file.
  public init(name: String, sha256: String) {
    self.name = name
    self.sha256 = sha256
  }
}

/// Where a result comes from: enough to compute it again.
public struct Provenance: Sendable, Equatable {
  /// Name of the software.
  public var software: String
  /// Its version.
  public var version: String
  /// The command that made the result; nil if unknown.
  public var command: String?
  /// Seed of the random numbers; nil where none were used.
  public var seed: UInt64?
  /// All parameters with their values.
  public var parameters: [ReportFact]
  /// Files the result was computed from.
  public var inputs: [InputFile]
  /// Hash of the registry data the report cites; nil for single recordings.
  public var dataHash: String?
  /// When the report was written, as text; nil leaves it out and keeps the page reproducible.
  public var createdAt: String?

  /// The provenance of a result.
  public init(
    software: String = "MotorPool", version: String, command: String? = nil, seed: UInt64? = nil,
    parameters: [ReportFact] = [], inputs: [InputFile] = [], dataHash: String? = nil,
    createdAt: String? = nil
  ) {
    self.software = software
    self.version = version
    self.command = command
    self.seed = seed
    self.parameters = parameters
    self.inputs = inputs
    self.dataHash = dataHash
    self.createdAt = createdAt
  }

  /// What is known of the run, label by label.
  var facts: [ReportFact] {
    var facts = [ReportFact("Software", "\(software) \(version)")]
    if let createdAt { facts.append(ReportFact("Written", createdAt)) }
    if let command { facts.append(ReportFact("Command", command)) }
    if let seed { facts.append(ReportFact("Seed", String(seed))) }
    for input in inputs {
      facts.append(ReportFact("Input", input.name))
      facts.append(ReportFact("SHA-256", input.sha256))
    }
    if let dataHash { facts.append(ReportFact("Hash of the data", dataHash)) }
    return facts
  }

  /// The block at the end of a page.
  func section() -> MarkupElement {
    var section = MarkupElement("section", ["class": "provenance", "id": "provenance"])
    section.append(MarkupElement("h2", text: "Provenance"))
    section.append(Self.list(facts, style: "facts mono"))
    if !parameters.isEmpty {
      section.append(MarkupElement("h3", text: "Parameters"))
      section.append(Self.list(parameters, style: "facts parameters"))
    }
    return section
  }

  /// A definition list of labelled values.
  static func list(_ facts: [ReportFact], style: String) -> MarkupElement {
    MarkupElement(
      "dl", ["class": style],
      facts.map { fact in
        MarkupElement(
          "div",
          [
            MarkupElement("dt", text: fact.label), MarkupElement("dd", text: fact.value),
          ])
      })
  }
}
