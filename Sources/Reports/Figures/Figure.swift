/// A finished figure: a drawing with its words.
public struct Figure: Sendable, Equatable {
  /// A token unique in its page.
  public var id: String
  /// What is shown, in a few words.
  public var title: String
  /// How to read it: symbols, units, what was left out.
  public var caption: String
  /// The drawing; nil where there was nothing to draw, and the caption says why.
  public var drawing: MarkupElement?

  /// A figure of a drawing.
  public init(id: String, title: String, caption: String, drawing: MarkupElement?) {
    self.id = id
    self.title = title
    self.caption = caption
    self.drawing = drawing
  }

  /// The drawing as the text of an SVG file; nil where there is none.
  public var svg: String? {
    drawing.map { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + $0.rendered() + "\n" }
  }

  /// A figure without data, which says so instead of showing empty axes.
  static func empty(id: String, title: String, reason: String) -> Figure {
    Figure(id: id, title: title, caption: reason, drawing: nil)
  }

  /// Panels in a row of small multiples: three or four, whichever leaves fewer places empty.
  static func panelsAcross(_ count: Int) -> Int {
    if count < 4 { return max(2, count) }
    func empty(_ across: Int) -> Int { (across - count % across) % across }
    return empty(3) < empty(4) ? 3 : 4
  }

  /// The width of all page-wide figures in user units.
  static let pageWidth = 860.0
}

/// Something that can draw itself as a figure.
public protocol FigureContent: Sendable {
  /// Draws the figure under a token that is unique in its page.
  func figure(id: String) -> Figure
}

/// Sentences joined by spaces, empty ones left out.
func sentences(_ parts: [String?]) -> String {
  parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
}

/// A count with its noun in the right number.
func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(NumberText.count(count)) " + (count == 1 ? singular : plural ?? singular + "s")
}
