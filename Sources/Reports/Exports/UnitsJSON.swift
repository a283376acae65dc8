import Foundation

extension DecompositionExport {
  /// The decomposition as the text of `units.json`; the schema is that of the type itself.
  public func unitsJSON() -> String {
    let value = JSONValue.members([
      ("schemaVersion", .integer(schemaVersion)),
      ("software", .string(software)),
      ("version", .string(version)),
      ("seed", seed.map { Self.seedValue($0) }),
      ("parameters", parameters),
      ("recipe", recipe),
      (
        "input",
        input.map { .members([("name", .string($0.name)), ("sha256", .string($0.sha256))]) }
      ),
      ("samplingRate", .number(samplingRate)),
      ("sampleCount", .integer(sampleCount)),
      ("channels", .array(channels.map { .string($0) })),
      (
        "badChannels",
        .array(
          badChannels.map {
            .members([("name", .string($0.name)), ("reason", .string($0.reason))])
          })
      ),
      (
        "artefacts",
        artefacts.map { all in
          .array(
            all.map {
              .members([
                ("kind", .string($0.kind)), ("startSeconds", .number($0.startSeconds)),
                ("endSeconds", .number($0.endSeconds)),
                ("channels", .array($0.channels.map { .string($0) })),
              ])
            })
        }
      ),
      ("units", .array(units.map(Self.value))),
      ("residualPowerShare", Self.finite(residualPowerShare)),
      ("interference", interference),
      ("notes", .array(notes.map { .string($0) })),
    ])
    return value.text() + "\n"
  }

  /// Reads the text of a `units.json`.
  ///
  /// - Throws: `ReportsError.invalidInput` for text that is not of this schema.
  public static func reading(unitsJSON data: Data, name: String) throws -> DecompositionExport {
    let export: DecompositionExport
    do {
      export = try JSONDecoder().decode(DecompositionExport.self, from: data)
    } catch {
      throw ReportsError.invalidInput(
        output: name, place: "JSON", found: Self.reason(error),
        expected: "the members of a decomposition, schema 1 or 2",
        advice: "give the units.json that a decomposition wrote")
    }
    guard (1...currentSchema).contains(export.schemaVersion) else {
      throw ReportsError.invalidInput(
        output: name, place: "schemaVersion", found: String(export.schemaVersion),
        expected: "1 or 2", advice: "use the version of the software that wrote it, or a newer one")
    }
    guard export.samplingRate.isFinite, export.samplingRate > 0 else {
      throw ReportsError.invalidInput(
        output: name, place: "samplingRate", found: "\(export.samplingRate)",
        expected: "a positive number of Hz", advice: "correct the file")
    }
    for unit in export.units where unit.samples.count != unit.times.count {
      throw ReportsError.invalidInput(
        output: name, place: "unit \(unit.id)",
        found: "\(unit.samples.count) samples and \(unit.times.count) times",
        expected: "as many of one as of the other", advice: "write the file again")
    }
    return export
  }

  private static func value(_ unit: Unit) -> JSONValue {
    let train: [(String, JSONValue?)] = [
      ("id", .string(unit.id)),
      ("samples", .array(unit.samples.map { .integer($0) })),
      ("timesSeconds", .numbers(unit.times)),
    ]
    return .members(
      train + unit.measures.members + [("tentative", unit.isTentative.map { .bool($0) })])
  }

  /// Values that are not finite are left out, as JSON has no sign for them.
  private static func finite(_ value: Double?) -> JSONValue? {
    guard let value, value.isFinite else { return nil }
    return .number(value)
  }

  /// Seeds stand as whole numbers, so that they lose no digit.
  private static func seedValue(_ seed: UInt64) -> JSONValue {
    Int(exactly: seed).map { .integer($0) } ?? .unsigned(seed)
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): return "no member \"\(key.stringValue)\""
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      return "another type at \"\(context.codingPath.map(\.stringValue).joined(separator: "."))\""
    default: return "text that is not JSON"
    }
  }
}
