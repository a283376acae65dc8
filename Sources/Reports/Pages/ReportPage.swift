/// One headline value of a page.
public struct KeyFigure: Sendable, Equatable {
  /// What it is.
  public var label: String
  /// The value with its unit.
  public var value: String
  /// A smaller line below: an interval, a definition.
  public var detail: String

  /// A headline value.
  public init(label: String, value: String, detail: String = "") {
    self.label = label
    self.value = value
    self.detail = detail
  }
}

/// A section of a page: words, figures and tables in this order.
public struct ReportSection: Sendable, Equatable {
  /// Token for links, unique in its page.
  public var id: String
  /// Heading.
  public var title: String
  /// Paragraphs before the figures.
  public var paragraphs: [String]
  /// Figures, numbered through the page.
  public var figures: [Figure]
  /// Tables after the figures.
  public var tables: [ReportTable]
  /// Whether the paragraphs stand in a box, as statements of method and limits do.
  public var isBoxed: Bool

  /// A section.
  public init(
    id: String, title: String, paragraphs: [String] = [], figures: [Figure] = [],
    tables: [ReportTable] = [], isBoxed: Bool = false
  ) {
    self.id = id
    self.title = title
    self.paragraphs = paragraphs
    self.figures = figures
    self.tables = tables
    self.isBoxed = isBoxed
  }
}

/// A self-contained HTML page: no script, nothing loaded from anywhere.
public struct ReportPage: Sendable, Equatable {
  /// What kind of report it is, above the title.
  public var kind: String
  /// Title of the page.
  public var title: String
  /// A line of facts below the title.
  public var subtitle: String
  /// Headline values.
  public var keyFigures: [KeyFigure]
  /// What the reader must know before the results.
  public var warnings: [String]
  /// Sections in order.
  public var sections: [ReportSection]
  /// Where the results come from.
  public var provenance: Provenance

  /// A page.
  public init(
    kind: String, title: String, subtitle: String = "", keyFigures: [KeyFigure] = [],
    warnings: [String] = [], sections: [ReportSection], provenance: Provenance
  ) {
    self.kind = kind
    self.title = title
    self.subtitle = subtitle
    self.keyFigures = keyFigures
    self.warnings = warnings
    self.sections = sections
    self.provenance = provenance
  }

  /// The page as the text of an HTML file.
  public func html() -> String {
    var style = MarkupElement("style")
    style.content = [.verbatim(ReportStyle.css)]
    let head = MarkupElement(
      "head",
      [
        MarkupElement("meta", ["charset": "utf-8"]),
        MarkupElement(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        MarkupElement("meta", ["name": "robots", "content": "noindex"]),
        MarkupElement("title", text: "\(title) – \(kind)"), style,
      ])
    var main = MarkupElement("main")
    main.append(header())
    main.append(content())
    main.append(
      MarkupElement(
        "footer",
        [
          MarkupElement(
            "p", text: "\(provenance.software) \(provenance.version). \(ReportWording.researchUse)")
        ]))
    let root = MarkupElement("html", ["lang": "en"], [head, MarkupElement("body", [main])])
    return "<!DOCTYPE html>\n" + root.rendered() + "\n"
  }

  /// What stands between the header and the footer, for pages with a frame of their own.
  package func content() -> [MarkupElement] {
    var content: [MarkupElement] = []
    if !warnings.isEmpty { content.append(warningBlock()) }
    if !keyFigures.isEmpty { content.append(keyFigureBlock()) }
    if sections.count > 2 { content.append(contents()) }
    var figureNumber = 0
    for section in sections { content.append(element(of: section, figureNumber: &figureNumber)) }
    content.append(provenance.section())
    return content
  }

  private func header() -> MarkupElement {
    var header = MarkupElement("header")
    header.append(MarkupElement("p", ["class": "kind"], text: kind))
    header.append(MarkupElement("h1", text: title))
    if !subtitle.isEmpty {
      header.append(MarkupElement("p", ["class": "subtitle"], text: subtitle))
    }
    header.append(MarkupElement("p", ["class": "purpose"], text: ReportWording.researchUse))
    return header
  }

  private func warningBlock() -> MarkupElement {
    MarkupElement(
      "section", ["class": "warnings", "role": "note", "aria-label": "Warnings"],
      [
        MarkupElement("h2", text: "Please note"),
        MarkupElement("ul", warnings.map { MarkupElement("li", text: $0) }),
      ])
  }

  private func keyFigureBlock() -> MarkupElement {
    MarkupElement(
      "div", ["class": "key-figures"],
      keyFigures.map { figure in
        var card = MarkupElement("div", ["class": "key-figure"])
        card.append(MarkupElement("p", ["class": "label"], text: figure.label))
        card.append(MarkupElement("p", ["class": "value"], text: figure.value))
        if !figure.detail.isEmpty {
          card.append(MarkupElement("p", ["class": "detail"], text: figure.detail))
        }
        return card
      })
  }

  private func contents() -> MarkupElement {
    let links = sections.map { ($0.id, $0.title) } + [("provenance", "Provenance")]
    return MarkupElement(
      "nav", ["aria-label": "Contents"],
      links.map { id, title in
        MarkupElement("a", ["href": "#" + MarkupText.identifier(id)], text: title)
      })
  }

  private func element(of section: ReportSection, figureNumber: inout Int) -> MarkupElement {
    var element = MarkupElement("section", ["id": MarkupText.identifier(section.id)])
    element.append(MarkupElement("h2", text: section.title))
    let paragraphs = section.paragraphs.map { MarkupElement("p", text: $0) }
    if section.isBoxed {
      element.append(MarkupElement("div", ["class": "box"], paragraphs))
    } else {
      element.append(paragraphs)
    }
    for figure in section.figures {
      figureNumber += 1
      element.append(Self.element(of: figure, number: figureNumber))
    }
    element.append(section.tables.map { $0.element() })
    return element
  }

  private static func element(of figure: Figure, number: Int) -> MarkupElement {
    var element = MarkupElement("figure", ["id": "figure-\(number)"])
    if let drawing = figure.drawing { element.append(drawing) }
    var caption = MarkupElement("figcaption")
    caption.append(MarkupElement("b", text: "Figure \(number). \(figure.title)."))
    caption.append(text: " " + figure.caption)
    element.append(caption)
    return element
  }
}
