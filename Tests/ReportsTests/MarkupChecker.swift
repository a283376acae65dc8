import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads a document with an XML parser and keeps what tests ask about.
final class MarkupChecker: NSObject, XMLParserDelegate {
  private(set) var elementCounts: [String: Int] = [:]
  private(set) var identifiers: [String] = []
  private(set) var references: [String] = []
  private(set) var pathData: [String] = []
  private(set) var text = ""
  private(set) var attributes: [(element: String, name: String, value: String)] = []
  private(set) var failure: String?

  init(_ document: String) {
    super.init()
    // The HTML document type is no XML declaration of entities; parsers accept the bare name.
    let parser = XMLParser(data: Data(document.utf8))
    parser.delegate = self
    if !parser.parse() {
      let error = parser.parserError.map { "\($0)" } ?? "unknown"
      failure = "line \(parser.lineNumber): \(error)"
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
    qualifiedName: String?, attributes attributeDict: [String: String]
  ) {
    elementCounts[elementName, default: 0] += 1
    for (name, value) in attributeDict {
      attributes.append((elementName, name, value))
      if name == "id" { identifiers.append(value) }
      if name == "aria-labelledby" {
        references += value.split(separator: " ").map(String.init)
      }
      if name == "href", value.hasPrefix("#") { references.append(String(value.dropFirst())) }
      if name == "d" { pathData.append(value) }
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}

/// Attributes that hold nothing but numbers.
private let numericAttributes: Set<String> = [
  "x", "y", "cx", "cy", "r", "rx", "width", "height", "viewBox", "font-size", "stroke-width",
  "opacity", "fill-opacity", "transform",
]

/// Checks what holds for every drawing and page: well formed, links resolve, nothing is loaded,
/// no value that is not a number reached the drawing.
@discardableResult
func check(
  _ document: String, sourceLocation: SourceLocation = #_sourceLocation
) -> MarkupChecker {
  let checker = MarkupChecker(document)
  #expect(checker.failure == nil, sourceLocation: sourceLocation)
  let identifiers = Set(checker.identifiers)
  #expect(identifiers.count == checker.identifiers.count, sourceLocation: sourceLocation)
  for reference in checker.references {
    #expect(identifiers.contains(reference), "\(reference)", sourceLocation: sourceLocation)
  }
  for attribute in checker.attributes {
    let isNamespace = attribute.name == "xmlns"
    if numericAttributes.contains(attribute.name) {
      let isNumeric = !attribute.value.contains("nan") && !attribute.value.contains("inf")
      #expect(isNumeric, "\(attribute)", sourceLocation: sourceLocation)
    }
    #expect(isNamespace || !attribute.value.contains("http"), sourceLocation: sourceLocation)
    #expect(attribute.name != "src", sourceLocation: sourceLocation)
  }
  let allowed = Set("MmlhvzHVLZ0123456789.- ")
  for data in checker.pathData {
    #expect(data.allSatisfy(allowed.contains), sourceLocation: sourceLocation)
  }
  return checker
}
