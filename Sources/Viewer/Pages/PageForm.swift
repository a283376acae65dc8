import Reports

/// A form that sends its fields as JSON with the session's token; `forms.js` does so.
struct PageForm {
  struct Field {
    enum Form: String { case text, password, date, checkbox, select }
    let name: String
    let label: String
    let form: Form
    var value = ""
    var choices: [String] = []
    var isRequired = true
    var autocomplete = "off"

    init(
      _ name: String, _ label: String, _ form: Form = .text, value: String = "",
      choices: [String] = [], required: Bool = true, autocomplete: String = "off"
    ) {
      self.name = name
      self.label = label
      self.form = form
      self.value = value
      self.choices = choices
      isRequired = required
      self.autocomplete = autocomplete
    }
  }

  let action: String
  var method = "POST"
  let button: String
  /// Where to go after; the page itself where it is nil.
  var next: String?
  let fields: [Field]

  func element() -> MarkupElement {
    var form = MarkupElement("form", ["data-action": action, "data-method": method])
    if let next { form.set("data-next", next) }
    for field in fields {
      var label = MarkupElement("label")
      label.append(text: field.label + " ")
      label.append(Self.input(field))
      form.append(label)
    }
    form.append(.init("button", ["type": "submit"], text: button))
    form.append(.init("output", ["role": "status"]))
    return form
  }

  private static func input(_ field: Field) -> MarkupElement {
    if field.form == .select {
      return MarkupElement(
        "select", ["name": field.name],
        ([""] + field.choices).map { choice in
          var option = MarkupElement(
            "option", ["value": choice], text: choice.isEmpty ? "–" : choice)
          if choice == field.value { option.set("selected", "selected") }
          return option
        })
    }
    var input = MarkupElement("input", ["name": field.name, "type": field.form.rawValue])
    if field.form != .checkbox { input.set("autocomplete", field.autocomplete) }
    if field.form != .checkbox, !field.value.isEmpty { input.set("value", field.value) }
    if field.isRequired, field.form != .checkbox { input.set("required", "required") }
    return input
  }
}

/// Tables of texts, and of texts that are links.
enum PageTable {
  /// A cell: its text and, where it is a link, where to.
  struct Cell: ExpressibleByStringLiteral {
    var text: String
    var link: String?
    var content: MarkupElement?

    init(_ text: String, link: String? = nil) {
      self.text = text
      self.link = link
    }
    init(stringLiteral value: String) { text = value }
    init(_ content: MarkupElement) {
      text = ""
      self.content = content
    }
  }

  static func element(_ titles: [String], _ rows: [[String]]) -> MarkupElement {
    element(titles, rows.map { $0.map { Cell($0) } })
  }

  static func element(_ titles: [String], _ rows: [[Cell]]) -> MarkupElement {
    .init(
      "div", ["class": "scroll"],
      [
        .init(
          "table", ["class": "texts"],
          [
            .init(
              "thead", [:],
              [.init("tr", [:], titles.map { .init("th", ["scope": "col"], text: $0) })]),
            .init(
              "tbody", [:],
              rows.map { row in
                .init(
                  "tr", [:],
                  row.map { cell in
                    if let content = cell.content { return .init("td", [:], [content]) }
                    guard let link = cell.link else { return .init("td", text: cell.text) }
                    return .init("td", [:], [.init("a", ["href": link], text: cell.text)])
                  })
              }),
          ])
      ])
  }
}
