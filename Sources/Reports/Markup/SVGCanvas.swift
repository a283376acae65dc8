/// A drawing in user units, one to a CSS pixel, with the small vocabulary the figures need.
struct SVGCanvas: Sendable {
  let width: Double
  let height: Double
  private(set) var elements: [MarkupElement] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  enum Anchor: String { case start, middle, end }

  /// Adds an element as it is.
  mutating func add(_ element: MarkupElement) { elements.append(element) }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String, width: Double = 1,
    dash: String? = nil, opacity: Double? = nil
  ) {
    guard Self.areFinite(x1, y1, x2, y2) else { return }
    var path = SVGPath()
    path.move(x1, y1)
    path.line(x2, y2)
    stroked(path, stroke: stroke, width: width, dash: dash, opacity: opacity)
  }

  /// A path without filling.
  mutating func stroked(
    _ path: SVGPath, stroke: String, width: Double = 1.5, dash: String? = nil,
    opacity: Double? = nil, join: String? = nil
  ) {
    if path.isEmpty { return }
    var element = MarkupElement(
      "path",
      ["d": path.data, "fill": "none", "stroke": stroke, "stroke-width": Self.decimal(width)])
    if let dash { element.set("stroke-dasharray", dash) }
    if let opacity { element.set("opacity", Self.decimal(opacity)) }
    if let join { element.set("stroke-linejoin", join) }
    add(element)
  }

  /// A filled path.
  mutating func filled(_ path: SVGPath, fill: String, opacity: Double = 1) {
    if path.isEmpty { return }
    var element = MarkupElement("path", ["d": path.data, "fill": fill])
    if opacity < 1 { element.set("fill-opacity", Self.decimal(opacity)) }
    add(element)
  }

  mutating func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String,
    stroke: String? = nil, opacity: Double = 1, radius: Double = 0
  ) {
    guard Self.areFinite(x, y, width, height) else { return }
    var element = MarkupElement(
      "rect",
      [
        "x": NumberText.coordinate(x), "y": NumberText.coordinate(y),
        "width": NumberText.coordinate(max(0, width)),
        "height": NumberText.coordinate(max(0, height)), "fill": fill,
      ])
    if radius > 0 { element.set("rx", NumberText.coordinate(radius)) }
    if let stroke { element.set("stroke", stroke) }
    if opacity < 1 { element.set("fill-opacity", Self.decimal(opacity)) }
    add(element)
  }

  mutating func circle(
    _ x: Double, _ y: Double, radius: Double, fill: String, stroke: String? = nil,
    strokeWidth: Double = 1, opacity: Double = 1
  ) {
    guard Self.areFinite(x, y, radius) else { return }
    var element = MarkupElement(
      "circle",
      [
        "cx": NumberText.coordinate(x), "cy": NumberText.coordinate(y),
        "r": Self.decimal(radius), "fill": fill,
      ])
    if let stroke {
      element.set("stroke", stroke)
      element.set("stroke-width", Self.decimal(strokeWidth))
    }
    if opacity < 1 { element.set("fill-opacity", Self.decimal(opacity)) }
    add(element)
  }

  mutating func text(
    _ content: String, _ x: Double, _ y: Double, size: Double = 12, fill: String = Palette.ink,
    anchor: Anchor = .start, isBold: Bool = false, isItalic: Bool = false, rotation: Double? = nil
  ) {
    guard Self.areFinite(x, y, size) else { return }
    var element = MarkupElement(
      "text",
      [
        "x": NumberText.coordinate(x), "y": NumberText.coordinate(y),
        "font-size": Self.decimal(size), "fill": fill,
      ], text: content)
    if anchor != .start { element.set("text-anchor", anchor.rawValue) }
    if isBold { element.set("font-weight", "600") }
    if isItalic { element.set("font-style", "italic") }
    if let rotation {
      let centre = NumberText.coordinate(x) + " " + NumberText.coordinate(y)
      element.set("transform", "rotate(\(NumberText.coordinate(rotation)) \(centre))")
    }
    add(element)
  }

  /// The finished drawing, named and described for screen readers.
  func svg(id: String, title: String, description: String) -> MarkupElement {
    let (w, h) = (NumberText.coordinate(width), NumberText.coordinate(height))
    let name = MarkupText.identifier(id)
    var root = MarkupElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(w) \(h)", "width": w,
        "height": h, "role": "img", "aria-labelledby": "\(name)-title \(name)-desc",
        "font-family": Palette.fontFamily,
      ])
    root.append(MarkupElement("title", ["id": "\(name)-title"], text: title))
    root.append(MarkupElement("desc", ["id": "\(name)-desc"], text: description))
    root.append(elements)
    return root
  }

  /// A shape without a finite place is not drawn, as any other place would be a false statement.
  private static func areFinite(_ values: Double...) -> Bool { values.allSatisfy(\.isFinite) }

  /// A plain decimal with at most two places.
  static func decimal(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int((value * 100).rounded())
    if hundredths % 10 == 0 { return NumberText.tenths(hundredths / 10) }
    let magnitude = hundredths.magnitude
    let rest = magnitude % 100
    return (hundredths < 0 ? "-" : "") + "\(magnitude / 100)." + (rest < 10 ? "0" : "") + "\(rest)"
  }
}
