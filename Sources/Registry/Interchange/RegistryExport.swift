/// A registry's values in one of the formats that other programs read.
public struct RegistryExport {
  /// A format.
  public enum Format: String, CaseIterable, Sendable {
    /// One row for each value.
    case long
    /// One row for each visit.
    case wide
    /// The import template of a REDCap project.
    case redcap
    /// Tables of a BIDS dataset, in a folder.
    case bids
    /// A bundle of FHIR resources.
    case fhir
  }

  /// What an export holds.
  public struct Summary: Encodable, Sendable {
    /// File or folder.
    public let path: String
    /// The format.
    public let format: String
    /// Patients in it.
    public let patients: Int
    /// Visits in it.
    public let visits: Int
    /// Values in it.
    public let values: Int
    /// The events of a REDCap project in their order; nil for other formats.
    public let eventOrder: [String]?
    /// What the format cannot hold.
    public let leftOut: [String]

    /// The summary for people.
    public var text: String {
      var lines = ["\(path): \(patients) patients, \(values) values (\(format))"]
      if let eventOrder { lines.append("Order of events: \(eventOrder.joined(separator: ", "))") }
      if !leftOut.isEmpty {
        lines.append(
          "Left out: \(leftOut.joined(separator: ", ")); redcap, bids and fhir hold everything")
      }
      return lines.joined(separator: "\n")
    }
  }

  /// What is exported.
  public let document: InterchangeDocument
  /// The format.
  public let format: Format
  /// The file; nil for the tables of a BIDS dataset.
  public let text: String?
  private let eventOrder: [String]?

  /// Writes a document in a format.
  ///
  /// - Throws: what the encoding of a bundle throws.
  public init(_ document: InterchangeDocument, format: Format) throws {
    self.document = document
    self.format = format
    switch format {
    case .long: (text, eventOrder) = (TableExport.long(document).text(), nil)
    case .wide: (text, eventOrder) = (TableExport.wide(document).text(), nil)
    case .redcap:
      let redcap = REDCapTable(document)
      (text, eventOrder) = (redcap.table.text(), redcap.eventOrder)
    case .bids: (text, eventOrder) = (nil, nil)
    case .fhir: (text, eventOrder) = (try FHIRBundle.text(document), nil)
    }
  }

  /// The summary of an export to a file or folder.
  public func summary(path: String) -> Summary {
    let isTable = format == .long || format == .wide
    let patients =
      switch format {
      case .long: Set(document.values.map(\.subject)).count
      case .wide: Set(document.visits.filter { $0.date != nil }.map(\.subject)).count
      case .redcap, .bids, .fhir: document.subjects.count
      }
    return Summary(
      path: path, format: format.rawValue, patients: patients, visits: document.visits.count,
      values: document.values.count, eventOrder: eventOrder,
      leftOut: isTable ? TableExport.leftOut(document, wide: format == .wide) : [])
  }
}
