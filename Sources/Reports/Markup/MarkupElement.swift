/// One part of a document: an element, a text that is escaped, or markup that is already written.
public enum MarkupNode: Sendable, Equatable {
  /// An element with its attributes and content.
  case element(MarkupElement)
  /// Text, escaped when it is written.
  case text(String)
  /// Markup written as it stands; only for constant style sheets and scripts.
  case verbatim(String)
}

/// An element of SVG or HTML.
///
/// The output is well-formed XML that an HTML parser reads the same way, so that one writer
/// serves figures and pages, and every page can be checked by an XML parser.
public struct MarkupElement: Sendable, Equatable {
  /// The tag name.
  public var name: String
  /// Attribute names and unescaped values, in writing order.
  public var attributes: [Attribute]
  /// The content in writing order.
  public var content: [MarkupNode]

  /// One attribute.
  public struct Attribute: Sendable, Equatable {
    /// The attribute's name.
    public var name: String
    /// The unescaped value.
    public var value: String
  }

  /// An element with attributes and optional text.
  public init(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String? = nil
  ) {
    self.name = name
    self.attributes = attributes.map { Attribute(name: $0.key, value: $0.value) }
    self.content = text.map { [.text($0)] } ?? []
  }

  /// An element with attributes and child elements.
  public init(
    _ name: String, _ attributes: KeyValuePairs<String, String>, _ children: [MarkupElement]
  ) {
    self.init(name, attributes)
    content = children.map { .element($0) }
  }

  /// An element of child elements without attributes.
  public init(_ name: String, _ children: [MarkupElement]) {
    self.init(name, [:], children)
  }

  /// Adds a child element at the end.
  public mutating func append(_ child: MarkupElement) { content.append(.element(child)) }

  /// Adds child elements at the end.
  public mutating func append(_ children: [MarkupElement]) {
    for child in children { append(child) }
  }

  /// Adds text at the end.
  public mutating func append(text: String) { content.append(.text(text)) }

  /// Sets an attribute, replacing one of the same name.
  public mutating func set(_ name: String, _ value: String) {
    if let index = attributes.firstIndex(where: { $0.name == name }) {
      attributes[index].value = value
    } else {
      attributes.append(Attribute(name: name, value: value))
    }
  }

  /// The element as markup.
  public func rendered() -> String {
    var output = ""
    write(to: &output)
    return output
  }

  /// Elements that carry no content; all others get a closing tag, as HTML parsers need it.
  private static let selfClosing: Set<String> = [
    "meta", "link", "br", "hr", "img", "path", "rect", "circle", "line", "polygon", "use",
  ]

  private func write(to output: inout String) {
    output += "<\(name)"
    for attribute in attributes {
      output += " \(attribute.name)=\"\(MarkupText.escape(attribute.value))\""
    }
    if content.isEmpty && Self.selfClosing.contains(name) {
      output += "/>"
      return
    }
    output += ">"
    for node in content {
      switch node {
      case .element(let child): child.write(to: &output)
      case .text(let text): output += MarkupText.escape(text)
      case .verbatim(let markup): output += markup
      }
    }
    output += "</\(name)>"
  }
}
